"""Each candidate finds its stretch, however many there are."""

import pytest
from sqlalchemy import Engine, literal, select

from ops_console.core.db import reading
from ops_console.scorecard.candidates import stretch


def bounds(number: int) -> list[int]:
    return [10 * place for place in range(number)]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 13])
def test_an_anchor_belongs_to_the_stretch_that_began_last(sqlite: Engine, number: int) -> None:
    anchors = range(0, 10 * number + 15, 5)
    with reading(sqlite) as session:
        for anchor in anchors:
            found = select(literal(anchor).label("anchor")).subquery("found")
            told = session.scalar(select(stretch(bounds(number))).select_from(found))
            assert told == max(bound for bound in bounds(number) if bound <= anchor)


def test_nearly_as_many_stretches_are_found_by_the_same_statement() -> None:
    texts = {str(select(stretch(bounds(number)))) for number in range(33, 65)}
    assert len(texts) == 1

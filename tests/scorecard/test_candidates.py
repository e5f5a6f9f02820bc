"""Each candidate finds its stretch, however many there are."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, literal, select

from ops_console.core.clock import EPOCH
from ops_console.core.db import reading
from ops_console.kpis.alert_quality import DEFINITION as ALERT_QUALITY
from ops_console.kpis.data_gate_pass_rate import DEFINITION as DATA_GATE
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Span
from ops_console.scorecard.candidates import LISTED, stretch
from ops_console.scorecard.cells import Records
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.looks import look


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


@pytest.mark.parametrize("definition", [ALERT_QUALITY, DATA_GATE], ids=lambda definition: definition.key)
def test_measures_over_the_same_rows_are_read_by_one_statement(sqlite: Engine, definition: Definition) -> None:
    """Each of these has three, two of them over the same rows."""
    assert len(definition.aggregate.besides) == 2
    assert len(_statements_of(sqlite, definition)) == 2


def test_what_only_lists_show_is_not_worked_out_for_figures(sqlite: Engine) -> None:
    [main, _] = _statements_of(sqlite, DATA_GATE)
    assert not any(f"found.{name}" in main or f"made.{name}" in main for name in LISTED)


def _statements_of(engine: Engine, definition: Definition) -> list[str]:
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    with reading(engine) as session:
        setting = setting_of(session)
        event.listen(engine, "before_cursor_execute", note)
        try:
            look(Records(session), definition.aggregate, [Span(EPOCH, EPOCH + timedelta(days=1))], setting)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return seen

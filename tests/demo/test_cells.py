"""What figures are made of can be read in parts, and kept: nothing changes with how the time is cut."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from ops_console.core.db import reading
from ops_console.core.periods import midnight
from ops_console.demo.story import LONDON
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Cell, Span
from ops_console.scorecard.cell_text import cells_from, text_of
from ops_console.scorecard.cells import Measures, Records
from tests.demo.conftest import LATEST, Demo

pytestmark = pytest.mark.xdist_group("demo")
DAYS = (LATEST.previous().first_day, LATEST.first_day, LATEST.first_day.replace(day=14), LATEST.next().first_day)
SPANS = [Span(*(midnight(day, LONDON) for day in pair)) for pair in pairwise(DAYS)]


def by_anchor(key: str) -> Measures:
    """The measures of a KPI of which weeks may be kept."""
    every = {"": CATALOGUE[key].aggregate, **CATALOGUE[key].aggregate.besides}
    return {name: measure for name, measure in every.items() if measure.by_anchor}


def in_order(cells: Iterable[Cell]) -> list[str]:
    """Without the order of rows, and of numbers within one, which mean nothing."""
    return sorted(repr([sorted(each) if isinstance(each, list) else each for each in cell]) for cell in cells)


@pytest.mark.parametrize("key", CATALOGUE)
def test_stretch_by_stretch_they_are_the_cells_of_the_whole(demo: Demo, key: str) -> None:
    with reading(demo.engine) as session:
        records, measures = Records(session), by_anchor(key)
        whole = records.cells(measures, SPANS)
        parts = [records.cells(measures, [span]) for span in SPANS]

    for name, cells in whole.items():
        assert in_order(cells) == in_order(cell for part in parts for cell in part[name]), name


@pytest.mark.parametrize("key", CATALOGUE)
def test_as_text_they_come_back(demo: Demo, key: str) -> None:
    with reading(demo.engine) as session:
        cells = [[*map(tuple, each)] for each in Records(session).cells(by_anchor(key), SPANS).values()]

    assert cells_from(text_of(cells)) == cells


def test_most_kpis_have_some_in_the_demo(demo: Demo) -> None:
    """Else the tests above would say nothing."""
    with reading(demo.engine) as session:
        found = [key for key in CATALOGUE if any(Records(session).cells(by_anchor(key), SPANS).values())]

    assert len(found) > len(CATALOGUE) / 2

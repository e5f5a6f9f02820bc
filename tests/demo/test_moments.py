"""A measure that asks once for spans that end together must not look at when they began."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ops_console.core.db import reading
from ops_console.core.periods import midnight
from ops_console.demo.story import LONDON
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Span
from ops_console.measures.snapshots import AtMoments
from ops_console.scorecard.candidates import cells_of, reduced
from ops_console.scorecard.compute import setting_of
from tests.demo.conftest import LATEST, Demo

pytestmark = pytest.mark.xdist_group("demo")


def span(first: date, end: date) -> Span:
    return Span(midnight(first, LONDON), midnight(end, LONDON))


END = LATEST.next().first_day
SPANS = [span(LATEST.first_day, END), span(END - timedelta(days=7), END), span(LATEST.first_day, LATEST.first_day)]
MEASURES = {
    f"{key} {name}".strip(): measure
    for key, definition in CATALOGUE.items()
    for name, measure in {"": definition.aggregate, **definition.aggregate.besides}.items()
    if isinstance(measure, AtMoments) and not measure.over_span
}


@pytest.mark.parametrize("name", MEASURES)
def test_asked_for_each_span_its_figures_are_the_same(demo: Demo, name: str) -> None:
    measure = MEASURES[name]
    with reading(demo.engine) as session:
        setting = setting_of(session)
        once, each = (
            reduced(session, one, cells_of(session, [one], SPANS)[0], setting)
            for one in (measure, replace(measure, over_span=True))
        )

    assert {*once.scopes()} == {*each.scopes()} != set()
    for scope in each.scopes():
        assert [once.figure(scope, span) for span in SPANS] == [each.figure(scope, span) for span in SPANS]

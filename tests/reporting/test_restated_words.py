"""That a report told another figure, in words."""

from dataclasses import replace
from datetime import UTC, datetime

from ops_console.measures.restated import Restated
from ops_console.reporting import charts, pieces, words
from ops_console.reporting.charts.tabular import table
from ops_console.reporting.freezing import freeze, thaw
from tests.reporting.shown import OCTOBER, history, reading

TOLD = Restated(12.0, "12", "14", 7, datetime(2026, 11, 3, 23, 30, tzinfo=UTC))
SEPTEMBER = OCTOBER.previous()


def test_a_figure_says_what_was_sent_and_when() -> None:
    assert words.restated(reading(restated=TOLD)) == "Changed since the report of 3 Nov 2026: 12 → 14"
    assert words.restated_from(reading(restated=TOLD)) == "restated from 12"


def test_a_figure_that_still_holds_says_nothing() -> None:
    assert (words.restated(reading()), words.restated_from(reading()), words.previous(reading())) == ("",) * 3


def test_the_day_is_that_of_the_reporting_zone() -> None:
    tokyo = replace(OCTOBER, zone="Asia/Tokyo")
    assert words.restated(reading(period=tokyo, restated=TOLD)).startswith("Changed since the report of 4 Nov 2026")


def test_what_a_figure_is_compared_with_says_what_it_was_restated_from() -> None:
    compared = {"previous": 14.0, "previous_period": SEPTEMBER, "previous_restated": TOLD}
    assert words.previous(reading("model_deployments", **compared)) == "Sep 14, restated from 12"


def test_a_report_says_it_beside_the_figure() -> None:
    assert words.restated(reading(restated=TOLD)) in pieces.figure(reading(restated=TOLD)).note


def test_a_chart_flags_the_period_and_its_table_tells_it() -> None:
    first, *rest = history([12.0, 9.0, 11.0])
    found = reading("model_deployments", value=11.0, history=(replace(first, restated=TOLD), *rest))
    said = "Aug 2026: Changed since the report of 3 Nov 2026: 12 → 14"
    spec = charts.spec_for(found)
    assert [(mark.at, mark.text) for mark in spec.marks] == [(0, said)]
    assert [row[-1] for row in table(spec)[1]] == [said, "", ""]


def test_a_frozen_reading_keeps_its_mark_and_one_from_before_has_none() -> None:
    found = reading(restated=TOLD, history=tuple(replace(point, restated=TOLD) for point in history([1.0])))
    kept = thaw(freeze(found))
    assert (kept.restated, kept.history[0].restated) == (TOLD, TOLD)
    old = freeze(found)
    del old["restated"], old["previous_restated"], old["history"][0]["restated"]
    assert (thaw(old).restated, thaw(old).history[0].restated) == (None, None)

"""From a reading to what its chart shows."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import Signal
from ops_console.reporting.charts import Kind, spec_for
from ops_console.reporting.charts.spec import runs
from tests.reporting.charts import sights
from tests.reporting.shown import DAY, OCTOBER, history, reading


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("model_deployments", Kind.BARS),
        ("lead_time", Kind.DOTS),
        ("mttr", Kind.DOTS),
        ("change_failure_rate", Kind.LINE),
        ("slo_attainment", Kind.LINE),
        ("cost_vs_budget", Kind.BARS),
        ("stakeholder_satisfaction", Kind.DOTS),
    ],
)
def test_counts_and_money_are_bars_and_the_rest_dots_or_lines(key: str, kind: Kind) -> None:
    assert spec_for(reading(key)).kind is kind


def test_a_missing_period_is_a_gap_and_never_a_zero() -> None:
    points = spec_for(sights.lead_time()).points
    gap = next(point for point in points if point.label == "2026-04")
    assert (gap.value, gap.text) == (None, "no data")
    assert len(points) == 13


def test_a_period_that_the_history_leaves_out_is_a_gap_too() -> None:
    past = history([8 * DAY, 9 * DAY, 7 * DAY])
    points = spec_for(reading(history=(past[0], past[2]))).points
    assert [point.value for point in points] == [8 * DAY, None, 7 * DAY]


def test_periods_before_the_first_figure_are_not_drawn() -> None:
    points = spec_for(reading(history=history([None, None, 8 * DAY, None, 7 * DAY]))).points
    assert [point.label for point in points] == ["2026-08", "2026-09", "2026-10"]


@given(st.lists(st.none() | st.floats(min_value=0, max_value=1e6), min_size=1, max_size=30))
def test_lines_join_neighbours_and_nothing_else(values: list[float | None]) -> None:
    spec = spec_for(reading(history=history(values), value=values[-1]))
    joined = [index for run in runs(spec.points) for index in run]
    assert joined == [index for index, point in enumerate(spec.points) if point.value is not None]
    assert all(run == list(range(run[0], run[-1] + 1)) for run in runs(spec.points))


def test_the_readings_own_period_is_drawn_where_the_history_has_it_not() -> None:
    assert [point.label for point in spec_for(reading()).points] == ["2026-10"]


def test_a_figure_of_a_longer_window_is_no_point_of_its_month() -> None:
    assert spec_for(reading("change_failure_rate", window_days=90)).is_empty


def test_a_running_period_is_marked_and_named_so_far() -> None:
    last = spec_for(sights.running()).points[-1]
    assert last.is_running and last.title == "Oct so far (12 of 31 days)"
    assert last.status == "○ No status"


def test_the_usual_range_covers_the_points_its_limits_come_from() -> None:
    band = spec_for(sights.lead_time(limit_points=6)).band
    assert band is not None
    assert (band.text, band.since) == ("usual 5.1 to 12.2 days", 7)


def test_trial_limits_say_so() -> None:
    band = spec_for(sights.lead_time(trial=True)).band
    assert band is not None and band.text == "trial limits 5.1 to 12.2 days"


def test_without_limits_there_is_no_band() -> None:
    assert spec_for(sights.lead_time(lower=None)).band is None


def test_the_latest_point_is_a_signal_when_the_reading_says_so() -> None:
    marked = [point.is_signal for point in spec_for(sights.failure_rate()).points]
    assert marked == [False] * 12 + [True]


def test_an_earlier_point_outside_its_limits_is_ringed() -> None:
    marked = [point.label for point in spec_for(sights.lead_time()).points if point.is_signal]
    assert marked == ["2026-08"]


def test_a_point_inside_its_limits_is_no_signal() -> None:
    assert not any(point.is_signal for point in spec_for(sights.deployments(signal=Signal.USUAL)).points)


def test_targets_are_steps_of_what_was_in_force() -> None:
    past = history([8 * DAY, 9 * DAY, 7 * DAY, 8 * DAY])
    early = [replace(point, target=Bounds(high=21 * DAY)) for point in past[:2]]
    late = [replace(point, target=Bounds(high=14 * DAY)) for point in past[2:]]
    spec = spec_for(reading(history=(*early, *late)))
    assert spec.target_steps == [(0, 1, 21 * DAY), (2, 3, 14 * DAY)]
    assert spec.target_text == "target < 14 days"


def test_a_band_target_has_two_sides() -> None:
    assert spec_for(sights.deployments()).target_steps == [(0, 12, 2), (0, 12, 10)]


def test_a_budget_is_the_target_of_money() -> None:
    spec = spec_for(sights.cost())
    assert spec.target_steps == [(0, 2, 40000), (3, 5, 45500)]
    assert (spec.target_text, spec.points[-1].text) == ("budget $45,500", "$48,230")
    assert spec.points[-1].n == "106% of budget"


def test_money_without_a_budget_is_drawn_without_a_target() -> None:
    past = tuple(replace(point, k=Decimal(100), n=None) for point in history([None, None]))
    spec = spec_for(reading("cost_vs_budget", value=None, n=None, history=past))
    assert (spec.target_text, spec.points[-1].value) == ("", 100.0)


def test_annotations_stand_where_they_fell_in_their_period() -> None:
    half = Annotation(OCTOBER.previous().start + timedelta(days=15), text="halfway")
    (mark,) = spec_for(sights.noted(sights.lead_time(), half)).marks
    assert mark.at == pytest.approx(11, abs=0.05)
    assert mark.text == "16 Sep 2026: halfway"


def test_annotations_outside_the_drawn_time_are_left_out() -> None:
    outside = [Annotation(OCTOBER.end, text="later"), Annotation(OCTOBER.previous(30).start, text="long ago")]
    assert spec_for(sights.noted(sights.lead_time(), *outside)).marks == ()


def test_annotations_may_last() -> None:
    lasting = Annotation(OCTOBER.start, text="freeze", until=OCTOBER.end + timedelta(days=5))
    (mark,) = spec_for(sights.noted(sights.lead_time(), lasting)).marks
    assert (mark.at, mark.until) == (11.5, 12.5)


def test_a_single_point_stands_on_an_axis_from_zero() -> None:
    assert spec_for(sights.first_figure()).axis.low == 0


def test_a_past_status_needs_enough_cases() -> None:
    few = history([8 * DAY, 9 * DAY], n=Decimal(2), target=Bounds(high=14 * DAY))
    definition = replace(reading().definition, minimum=5)
    assert spec_for(reading(definition=definition, history=few)).points[0].status == ""
    enough = history([8 * DAY, 9 * DAY], n=Decimal(5), target=Bounds(high=14 * DAY))
    assert spec_for(reading(definition=definition, history=enough)).points[0].status == "● On target"


def test_a_trailing_status_is_not_claimed_for_single_months() -> None:
    assert {point.status for point in spec_for(sights.failure_rate()).points} == {""}


def test_what_was_written_before_the_drawn_time_and_lasts_into_it_stands_at_its_edge() -> None:
    long_ago = Annotation(OCTOBER.previous(30).start, text="migration", until=OCTOBER.previous(11).start)
    (mark,) = spec_for(sights.noted(sights.lead_time(), long_ago)).marks
    assert (mark.at, mark.until) == (-0.5, 0.5)


def test_releases_and_incidents_are_counted_in_lanes_and_not_marked_one_by_one() -> None:
    counted = [*sights.counted(AnnotationKind.RELEASE, 4, 1), *sights.counted(AnnotationKind.INCIDENT, 2)]
    spec = spec_for(sights.noted(sights.lead_time(), *counted))
    assert [lane.many for lane in spec.lanes] == ["releases", "incidents"]
    assert [lane.counts[-3:] for lane in spec.lanes] == [(None, 4, 1), (None, None, 2)]
    assert (spec.marks, spec.notes(12)) == ((), ["1 release", "2 incidents"])


def test_a_line_does_not_lead_into_another_definition() -> None:
    spec = spec_for(sights.redefined())
    assert [point.label for point in spec.points if point.begins] == ["2026-08"]
    assert [len(run) for run in runs(spec.points)] == [6, 3, 3]

"""Releases, incidents, drift and trainings stand where they belong on one axis."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ops_console.records.degradations import Degradation
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.web.reads.timeline import (
    APART,
    LEFT,
    NARROWEST,
    RIGHT,
    WIDTH,
    Happened,
    Mark,
    Timeline,
    Training,
    timeline,
)
from tests.web.pages.builders import DAY, HOUR, NOON

START, END = NOON - 180 * DAY, NOON
UTC = ZoneInfo("UTC")


def release(days: float, kind: str = "release") -> Release:
    at = START + timedelta(days=days)
    return Release(id=1, entry_id=1, environment="", version="4", kind=kind, kind_reason="", status="", live_at=at)


def incident(days: float, lasted: timedelta | None = HOUR, severity: str | None = "SEV1") -> Incident:
    began = START + timedelta(days=days)
    return Incident(
        id=2,
        entry_id=1,
        source="",
        external_id="",
        ingested_at=NOON,
        fingerprint="",
        title="Slow",
        severity=severity,
        began_at=began,
        restored_at=began + lasted if lasted is not None else None,
    )


def episode(days: float, lasted: timedelta | None = DAY) -> Degradation:
    at = START + timedelta(days=days)
    return Degradation(
        entry_id=1,
        source="",
        external_id="",
        ingested_at=NOON,
        fingerprint="",
        signal="data_drift",
        onset_at=at - HOUR,
        detected_at=at,
        episode_ends_at=at + lasted if lasted is not None else None,
    )


def training(days: float, status: str = "succeeded") -> Training:
    return Training(START + timedelta(days=days), status)


def drawn(*rows: Release | Incident | Degradation | Training) -> Timeline:
    sorts = (Release, Incident, Degradation, Training)
    lists = ([row for row in rows if isinstance(row, sort)] for sort in sorts)
    return timeline(Happened(START, END, *lists), UTC)  # type: ignore[arg-type]


def lane(title: str, *rows: Release | Incident | Degradation | Training) -> tuple[Mark, ...]:
    return next(each.marks for each in drawn(*rows).lanes if each.title == title)


@given(st.floats(0, 180), st.floats(0, 180))
def test_everything_stands_on_the_axis_in_order(first: float, second: float) -> None:
    places = [mark.x for mark in lane("Releases", release(min(first, second)), release(max(first, second)))]
    assert LEFT <= places[0] <= places[1] <= WIDTH - RIGHT


@given(st.floats(0, 180), st.none() | st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_lasts_is_wide_enough_to_see_and_ends_on_the_axis(days: float, lasted: timedelta | None) -> None:
    for mark in (*lane("Incidents", incident(days, lasted)), *lane("Drift", episode(days, lasted))):
        assert mark.width >= NARROWEST
        assert mark.x + mark.width <= WIDTH - RIGHT + NARROWEST + 0.1


def test_new_versions_rollbacks_and_the_rest_have_their_own_shapes() -> None:
    kinds = ("release", "hotfix", "rollback", "restart")
    marks = lane("Releases", *(release(1, kind) for kind in kinds))
    assert [mark.shape for mark in marks] == ["new", "new", "undone", "other"]


def test_severe_incidents_are_drawn_heavier() -> None:
    marks = lane("Incidents", *(incident(1, severity=severity) for severity in ("SEV1", "SEV2", "SEV3", None)))
    assert [mark.shape for mark in marks] == ["heavy", "heavy", "light", "light"]


def test_every_mark_says_what_it_is_and_those_with_a_page_lead_to_it() -> None:
    (shipped,) = lane("Releases", release(0))
    broken, still_broken = lane("Incidents", incident(0), incident(1, None))
    drifted, still_drifting = lane("Drift", episode(0), episode(1, None))
    assert (shipped.words, shipped.address) == ("release 4, 17 Apr 2026 12:00 UTC", "/deployments/1")
    assert broken.words.endswith("restored after 1 h") and broken.address == "/incidents/2"
    assert still_broken.words.endswith("not restored yet")
    assert drifted.words == "Data drift, detected 17 Apr 2026 12:00 UTC, mitigated after 1 day"
    assert still_drifting.words.endswith("not mitigated yet") and still_drifting.address is None


def test_drift_and_retraining_have_a_lane_where_any_is_known() -> None:
    assert [each.title for each in drawn().lanes] == ["Releases", "Incidents"]
    assert [each.title for each in drawn(training(1)).lanes] == ["Releases", "Incidents", "Retraining"]
    assert drawn().is_empty and not drawn(training(1)).is_empty
    assert drawn(training(1), episode(1)).height > drawn().height


def test_daily_trainings_become_few_marks_that_say_how_many_and_whether_they_failed() -> None:
    marks = lane("Retraining", *(training(day, "failed" if day == 3 else "succeeded") for day in range(180)))
    assert len(marks) <= (WIDTH - LEFT - RIGHT) / APART + 1
    assert marks[0].words.startswith("3 trainings, 17 Apr 2026 to 19 Apr 2026")
    assert any(mark.words.endswith(", 1 failed") for mark in marks)
    assert lane("Retraining", training(1, "failed"))[0].shape == "untrained"
    assert lane("Retraining", training(1))[0].words == "training succeeded, 18 Apr 2026 12:00 UTC"


def test_months_are_named_along_the_axis() -> None:
    assert [tick.words for tick in drawn().ticks] == [
        "May 2026",
        "Jun 2026",
        "Jul 2026",
        "Aug 2026",
        "Sep 2026",
        "Oct 2026",
    ]

"""Releases and incidents stand where they belong on one axis."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.web.reads.timeline import LEFT, NARROWEST, RIGHT, WIDTH, Timeline, timeline
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


def drawn(*rows: Release | Incident) -> Timeline:
    releases = [row for row in rows if isinstance(row, Release)]
    incidents = [row for row in rows if isinstance(row, Incident)]
    return timeline(releases, incidents, START, END, UTC)


@given(st.floats(0, 180), st.floats(0, 180))
def test_everything_stands_on_the_axis_in_order(first: float, second: float) -> None:
    places = [mark.x for mark in drawn(release(min(first, second)), release(max(first, second))).releases]
    assert LEFT <= places[0] <= places[1] <= WIDTH - RIGHT


@given(st.floats(0, 180), st.none() | st.timedeltas(timedelta(0), timedelta(days=400)))
def test_an_incident_is_wide_enough_to_see_and_ends_on_the_axis(days: float, lasted: timedelta | None) -> None:
    (mark,) = drawn(incident(days, lasted)).incidents
    assert mark.width >= NARROWEST
    assert mark.x + mark.width <= WIDTH - RIGHT + NARROWEST + 0.1


def test_new_versions_rollbacks_and_the_rest_have_their_own_shapes() -> None:
    kinds = ("release", "hotfix", "rollback", "restart")
    assert [mark.shape for mark in drawn(*(release(1, kind) for kind in kinds)).releases] == [
        "new",
        "new",
        "undone",
        "other",
    ]


def test_severe_incidents_are_drawn_heavier() -> None:
    severities = ("SEV1", "SEV2", "SEV3", None)
    marks = drawn(*(incident(1, severity=severity) for severity in severities)).incidents
    assert [mark.shape for mark in marks] == ["heavy", "heavy", "light", "light"]


def test_every_mark_says_what_it_is_and_leads_to_its_page() -> None:
    marks = drawn(release(0), incident(0), incident(1, None))
    assert marks.releases[0].words == "release 4, 17 Apr 2026 12:00 UTC"
    assert marks.incidents[0].words.endswith("restored after 1 h")
    assert marks.incidents[1].words.endswith("not restored yet")
    assert (marks.releases[0].address, marks.incidents[0].address) == ("/deployments/1", "/incidents/2")


def test_months_are_named_along_the_axis() -> None:
    assert [tick.words for tick in drawn().ticks] == [
        "May 2026",
        "Jun 2026",
        "Jul 2026",
        "Aug 2026",
        "Sep 2026",
        "Oct 2026",
    ]

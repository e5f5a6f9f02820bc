"""Which times cannot be, and what is said of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.contracts.facts import KINDS
from ops_console.contracts.possible import Impossible, Possible
from ops_console.contracts.times import SKEW
from tests.ingest.deliveries import DEFAULTS, fact

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
FAR = "2126-10-05"
PLANNED = {
    "models": set[str](),
    "people": {"active_from", "active_to"},
    "alerts": set(),
    "shifts": {"started_at", "ended_at"},
    "pipeline_runs": {"nominal_at"},
    "steps": {"added_at", "automated_since", "removed_at"},
    "experiments": {"ended_at"},
    "outcomes": {"period_end"},
    "findings": {"due_on", "waived_until"},
    "costs": {"billing_period_end", "charge_period_end"},
    "capacity": {"starts_on", "ends_on"},
    "positions": {"planned_at"},
}
"""The only times that may lie ahead, however far."""
ISO = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1))


def asked(kind: str) -> Possible:
    return KINDS[kind].possible(NOW)


def wrong(kind: str, **changes: Any) -> Impossible | None:
    return asked(kind).wrong(fact(kind, **changes).__dict__)


def odd(kind: str, **changes: Any) -> Impossible | None:
    return asked(kind).odd(fact(kind, **changes).__dict__)


def timed(kind: str) -> dict[str, type[date]]:
    """The fields of a kind that hold an instant or a day."""
    types = {name: str(field.annotation) for name, field in KINDS[kind].model_fields.items()}
    days = {name: date for name, said in types.items() if "datetime.date" in said}
    return days | {name: datetime for name, said in types.items() if "datetime.datetime" in said}


@pytest.mark.parametrize("kind", KINDS)
def test_every_time_is_of_the_past_unless_it_is_planned(kind: str) -> None:
    for name, type_ in timed(kind).items():
        said = dict.fromkeys(KINDS[kind].model_fields) | {
            name: type_.fromisoformat(f"{FAR}T00:00:00Z"[: 20 if type_ is datetime else 10])
        }
        found = asked(kind).wrong(said)
        assert (found is None) is (name in PLANNED.get(kind, set())), name
        assert found is None or found.field == name


@pytest.mark.parametrize("kind", DEFAULTS)
def test_what_everybody_tells_is_possible(kind: str) -> None:
    assert asked(kind).first(fact(kind).__dict__) is None


def test_clocks_and_zones_are_off_by_a_day_at_most() -> None:
    assert wrong("evaluations", evaluated_at=NOW + timedelta(days=1)) is None
    assert wrong("evaluations", evaluated_at=NOW + timedelta(days=1, milliseconds=1)) is not None
    assert wrong("toil", date="2026-11-05") is None
    assert wrong("toil", date="2026-11-06") is not None


def test_a_bill_may_be_written_a_year_in_advance() -> None:
    said = dict.fromkeys(KINDS["costs"].model_fields)
    assert asked("costs").wrong(said | {"charge_period_start": NOW + timedelta(days=300)}) is None
    assert asked("costs").wrong(said | {"charge_period_start": NOW + timedelta(days=400)}) is not None


def test_a_time_far_ahead_is_told_with_what_to_do() -> None:
    found = wrong("deployments", finished_at=f"{FAR}T09:00:00Z")
    assert found == (
        "finished_at",
        "finished_at lies 36,494 days ahead, and is told once it has happened",
        "finished_at (2126-10-05T09:00:00Z) lies 36,494 days ahead, and is told once it has happened; "
        "correct the year or the form of the time, or leave it empty while it is unknown",
    )


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("deployments", {"started_at": "2026-10-05T10:00:00Z"}, "finished_at"),
        ("changes", {"opened_at": "2026-10-06T09:00:00Z"}, "merged_at"),
        ("shifts", {"started_at": "2026-10-06T09:00:00Z", "ended_at": "2026-10-06T08:59:00Z"}, "ended_at"),
        ("shifts", {"started_at": "2026-10-06T09:00:00Z", "ended_at": "2026-10-06T09:00:00Z"}, "ended_at"),
        ("findings", {"fixed_at": "2026-10-04T09:00:00Z"}, "fixed_at"),
        ("capacity", {"ends_on": "2026-09-30"}, "ends_on"),
        ("outcomes", {"period_end": "2026-09-30"}, "period_end"),
        ("experiments", {"ended_at": "2026-10-04T09:00:00Z"}, "ended_at"),
        ("people", {"active_from": "2026-10-04", "active_to": "2026-10-03"}, "active_to"),
    ],
)
def test_an_end_before_its_beginning_is_refused(kind: str, changes: dict[str, str], field: str) -> None:
    found = wrong(kind, **changes)
    assert found is not None and found.field == field
    assert odd(kind, **changes) is None


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("incidents", {"restored_at": "2026-10-05T08:00:00Z"}, "restored_at"),
        (
            "incidents",
            {"detected_at": "2026-10-05T10:00:00Z", "acknowledged_at": "2026-10-05T09:50:00Z"},
            "acknowledged_at",
        ),
        ("incidents", {"impact_started_at": None, "detected_at": "2026-10-05T10:00:00Z"}, "resolved_at"),
        ("alerts", {"acknowledged_at": "2026-10-04T09:00:00Z"}, "acknowledged_at"),
        ("degradations", {"mitigated_at": "2026-10-04T09:00:00Z"}, "mitigated_at"),
        ("requests", {"done_at": "2026-10-04T09:00:00Z"}, "done_at"),
    ],
)
def test_what_counts_without_its_length_is_odd_and_not_refused(kind: str, changes: dict[str, Any], field: str) -> None:
    found = odd(kind, **changes)
    assert found is not None and found.field == field
    assert wrong(kind, **changes) is None


def test_an_incident_that_was_noticed_when_it_was_over_is_nothing_odd() -> None:
    assert odd("incidents", detected_at="2026-10-05T12:00:00Z") is None


def test_an_approval_after_the_fact_is_for_the_figures_to_tell() -> None:
    late = {"ready_at": "2026-10-06T09:00:00Z", "approved_at": "2026-10-06T09:00:00Z"}
    assert asked("deployments").first(fact("deployments", **late).__dict__) is None


@given(ISO, st.timedeltas(timedelta(days=-3), timedelta(days=3)), st.booleans())
def test_a_pair_is_impossible_where_the_end_lies_before_by_more_than_clocks_differ(
    began: datetime, lasted: timedelta, is_known: bool
) -> None:
    beginning = began.replace(microsecond=0, tzinfo=UTC)
    end = beginning + timedelta(seconds=lasted // timedelta(seconds=1))
    found = wrong("deployments", started_at=beginning if is_known else None, finished_at=end)
    assert (found is not None) is (is_known and beginning - end > SKEW)

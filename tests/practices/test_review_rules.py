"""Which incidents must be reviewed, and by when."""

import pytest
from sqlmodel import Session

from ops_console.practices import reviews
from ops_console.practices.review_rules import Case, reasons
from tests.practices.stories import DAY, HOUR, TODAY
from tests.web.pages.builders import Workspace

CALM = {"severity": "SEV4", "kind": "service", "mitigation": None, "tier": 3, "alike": 1}


@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ({"severity": "SEV1"}, "severity"),
        ({"severity": "SEV2"}, "severity"),
        ({"tier": 1}, "tier_1"),
        ({"mitigation": "rollback_model_version"}, "rollback"),
        ({"kind": "security"}, "security"),
        ({"alike": 3}, "repeated"),
    ],
)
def test_each_rule_demands_a_review_by_itself(what: dict[str, object], rule: str) -> None:
    assert reasons(Case(**CALM)) == []
    assert reasons(Case(**CALM | what)) == [rule]


def test_a_review_appears_when_the_incident_is_restored(session: Session, rows: Workspace) -> None:
    incident = rows.incident(rows.model(), TODAY - 2 * HOUR, restored_at=None)
    assert reviews.open_due(session, TODAY) == []
    incident.restored_at = TODAY - HOUR
    (review,) = reviews.open_due(session, TODAY)
    assert (review.incident_id, review.state, review.required_because) == (incident.id, "due", ["severity"])
    assert (review.due_at, review.late_at) == (TODAY + 47 * HOUR, TODAY + 71 * HOUR)
    assert reviews.open_due(session, TODAY) == []


@pytest.mark.parametrize(
    "what",
    [
        {"severity": "SEV3"},
        {"maintenance": True},
        {"false_positive": True},
        {"duplicate_of": "7"},
        {"deleted_at": TODAY},
    ],
)
def test_what_demands_none_gets_none(session: Session, rows: Workspace, what: dict[str, object]) -> None:
    rows.incident(rows.model(tier=2), TODAY - 2 * HOUR, **what)
    assert reviews.open_due(session, TODAY) == []


def test_history_imported_late_opens_no_reviews(session: Session, rows: Workspace) -> None:
    rows.incident(rows.model(), TODAY - 20 * DAY)
    assert reviews.open_due(session, TODAY) == []


def test_the_tier_is_that_of_the_day(session: Session, rows: Workspace) -> None:
    ranker = rows.model(tier=1)
    rows.moved(ranker, TODAY - DAY, tier=3)
    rows.incident(ranker, TODAY - 2 * DAY, severity="SEV3")
    rows.incident(ranker, TODAY - 2 * HOUR, severity="SEV3")
    assert [each.required_because for each in reviews.open_due(session, TODAY)] == [["tier_1"]]


def test_the_third_of_a_kind_in_a_month_demands_one(session: Session, rows: Workspace) -> None:
    ranker = rows.model(tier=3)
    for days in (40, 20, 10, 1):
        rows.incident(ranker, TODAY - days * DAY, severity="SEV4", kind="cost")
    rows.incident(ranker, TODAY - 2 * DAY, severity="SEV4", kind="service")
    (review,) = reviews.open_due(session, TODAY)
    assert (review.required_because, review.restored_at) == (["repeated"], TODAY - DAY + HOUR)


def test_a_reopened_incident_keeps_the_first_clock(session: Session, rows: Workspace) -> None:
    incident = rows.incident(rows.model(), TODAY - 3 * HOUR)
    (review,) = reviews.open_due(session, TODAY)
    incident.restored_at = None
    session.flush()
    incident.restored_at = TODAY
    assert reviews.open_due(session, TODAY) == []
    assert review.restored_at == TODAY - 2 * HOUR

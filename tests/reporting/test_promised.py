"""What a report tells of reviews, actions and initiatives: of its month, and of what is owed when it is made."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from ops_console.contracts.decisions import ActionState
from ops_console.core.periods import parse
from ops_console.practices import reviews as review_rules
from ops_console.records.actions import Action
from ops_console.records.initiatives import Initiative
from ops_console.reporting.efforts import Actions, InitiativeRow, Initiatives, OverdueAction, Reviews
from ops_console.reporting.initiatives import initiatives
from ops_console.reporting.promised import MOST_OVERDUE, actions, reviews
from tests.practices.stories import ANA, DAY, HOUR, TODAY
from tests.web.pages.builders import NOON, Workspace

OCTOBER = parse("2026-10", ZoneInfo("Europe/London"))
BEGUN = OCTOBER.start


def action(session: Session, **changes: Any) -> Action:
    usual = {"title": "Add it", "done_when": "x", "kind": "detect", "priority": "low", "owner": ANA, "made_by": ANA}
    usual |= {"made_at": BEGUN + DAY, "due_on": date(2026, 12, 1), "first_due_on": date(2026, 12, 1), "state": "open"}
    kept = Action(**usual | changes)
    session.add(kept)
    session.flush()
    return kept


def done(session: Session, at: datetime, **changes: Any) -> Action:
    return action(session, state=ActionState.DONE, done_at=at, made_at=OCTOBER.start - DAY, **changes)


def test_where_nobody_promised_anything_nothing_is_told(session: Session) -> None:
    assert actions(session, OCTOBER, TODAY) == Actions()
    assert initiatives(session, OCTOBER) == Initiatives()
    assert reviews(session, OCTOBER, TODAY) == Reviews()


def test_a_month_counts_what_began_and_ended_in_it_from_its_first_instant_to_before_its_last(session: Session) -> None:
    action(session, made_at=OCTOBER.start)
    action(session, made_at=OCTOBER.end)
    done(session, OCTOBER.end - timedelta(milliseconds=1))
    done(session, OCTOBER.end)
    found = actions(session, OCTOBER, TODAY)
    assert (found.made, found.done, found.owed, found.overdue) == (1, 1, 2, 0)


def test_what_is_overdue_is_told_by_the_day_of_the_workspace_with_those_that_wait_longest_first(
    session: Session,
) -> None:
    rows = Workspace(session)
    rows.person("Ana Lee", email=ANA)
    ranker = rows.model()
    incident = rows.incident(ranker, external_id="INC-7")
    action(session, due_on=TODAY.date())
    action(session, due_on=date(2026, 11, 3), title="Later")
    action(session, due_on=date(2026, 10, 1), title="First", incident_id=incident.id, entry_id=ranker.id)
    found = actions(session, OCTOBER, TODAY)
    assert (found.owed, found.overdue, found.oldest_days) == (3, 2, 34)
    assert found.rows == (
        OverdueAction("First", "Ana Lee", date(2026, 10, 1), "INC-7 ranker"),
        OverdueAction("Later", "Ana Lee", date(2026, 11, 3), ""),
    )


def test_of_many_overdue_ones_the_oldest_are_listed_and_all_are_counted(session: Session) -> None:
    for day in range(1, MOST_OVERDUE + 4):
        action(session, due_on=date(2026, 10, day))
    found = actions(session, OCTOBER, TODAY)
    assert (found.overdue, len(found.rows), found.rows[0].due_on) == (MOST_OVERDUE + 3, MOST_OVERDUE, date(2026, 10, 1))


def test_verdicts_are_told_in_the_month_in_which_the_watch_ended(session: Session) -> None:
    ranker = Workspace(session).model(lifecycle="production")
    subject = {"entry_id": ranker.id, "cause": "capacity"}
    done(session, OCTOBER.start - 90 * DAY, **subject)
    done(session, OCTOBER.start - 91 * DAY, **subject)
    done(session, TODAY - 90 * DAY, **subject)
    found = actions(session, OCTOBER, TODAY)
    assert (found.effective, found.recurred, found.unproven) == (1, 0, 0)


def test_reviews_are_those_of_incidents_restored_in_the_month(session: Session) -> None:
    rows = Workspace(session)
    ranker = rows.model(tier=1)
    rows.incident(ranker, OCTOBER.end - 3 * HOUR, external_id="INC-1")
    rows.incident(ranker, TODAY - 3 * HOUR, external_id="INC-2")
    review_rules.open_due(session, TODAY)
    assert reviews(session, OCTOBER, TODAY) == Reviews(due=1, late=("INC-1",))
    assert reviews(session, parse("2026-11", ZoneInfo("Europe/London")), TODAY) == Reviews(waiting=1)


def initiative(session: Session, number: int, **changes: Any) -> None:
    usual: dict[str, Any] = {"source": "test", "external_id": str(number), "ingested_at": NOON, "fingerprint": ""}
    usual |= {"title": f"Work {number}", "category": "Reliability", "status": "delivered", "delivered_at": NOON}
    session.add(Initiative(**usual | changes))
    session.flush()


def test_initiatives_of_reliability_stand_with_what_they_moved_and_the_unmeasured_behind_them(
    session: Session,
) -> None:
    initiative(session, 1)
    initiative(session, 2, metric="pages", before=Decimal(40), after=Decimal(12), measured_at=TODAY)
    initiative(session, 3, category="documentation")
    initiative(session, 4, status="planned")
    initiative(session, 5, deleted_at=TODAY)
    initiative(session, 6, delivered_at=OCTOBER.end)
    found = initiatives(session, OCTOBER)
    assert found.total == 2
    assert found.rows == (
        InitiativeRow("Work 2", "Reliability", NOON, "pages", Decimal(40), Decimal(12)),
        InitiativeRow("Work 1", "Reliability", NOON),
    )

"""Reviews, actions and what waits read the same on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.contracts.decisions import ActionState
from ops_console.core.db import transaction
from ops_console.core.periods import Grain, containing
from ops_console.practices import actions, review_discard, review_states, reviews
from ops_console.practices.action_bulk import edit_many
from ops_console.practices.owed import People, overdue, owed
from ops_console.practices.verdicts import verdicts
from ops_console.records import audit
from ops_console.records.workspace import current
from ops_console.web.reads import actions as action_reads
from ops_console.web.reads import reviews as review_reads
from ops_console.web.reads.actions import Wanted
from ops_console.web.reads.factors import Pareto, pareto
from tests.practices.conftest import settled
from tests.practices.stories import ANA, BEN, DAY, HOUR, TODAY, complete, promised
from tests.web.pages.builders import Workspace

ON = TODAY.date()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with time_machine.travel(TODAY, tick=False), transaction(database) as opened:
        settled(opened)
        yield opened


@pytest.fixture
def rows(session: Session) -> Workspace:
    return Workspace(session)


def test_reviews_stand_by_what_waits_and_narrow_by_state(session: Session, rows: Workspace) -> None:
    ranker = rows.model(tier=1)
    numbers = [rows.incident(ranker, TODAY - days * DAY, title=str(days)).id for days in (5, 1, 3)]
    reviews.open_due(session, TODAY)
    review_states.waive(session, reviews.get(session, numbers[0]), BEN, "The same")
    assert [row.incident.title for row in review_reads.reviews(session, None, 50, 0)] == ["3", "1", "5"]
    assert [row.incident.title for row in review_reads.reviews(session, "waived", 50, 0)] == ["5"]
    assert (review_reads.total(session, None), review_reads.total(session, "waiting")) == (3, 2)
    assert [row.is_late(TODAY) for row in review_reads.reviews(session, None, 50, 0)] == [False, False, False]


def test_a_factor_counts_once_for_an_incident(session: Session, rows: Workspace) -> None:
    ranker = rows.model()
    complete(session, rows.incident(ranker, TODAY - HOUR), "capacity", "missing_alert")
    complete(session, rows.incident(ranker, TODAY - HOUR), "capacity")
    complete(session, rows.incident(ranker, TODAY - HOUR, false_positive=True), "security")
    quarter = containing(TODAY, Grain.QUARTER, current(session).zone)
    assert told(pareto(session, quarter)) == [("capacity", 2), ("missing_alert", 1)]
    assert told(pareto(session, quarter.previous())) == []


def test_actions_stand_overdue_first_and_are_counted(session: Session, rows: Workspace) -> None:
    incident = rows.incident(rows.model(), TODAY)
    for title, days in (("Add a", 5), ("Add b", -3), ("Add c", 1)):
        promised(session, incident, title=title, due_on=ON + timedelta(days=days))
    done = promised(session, title="Add d", owner=BEN, due_on=date(2026, 1, 1))
    actions.move(session, done, ActionState.DONE, BEN, evidence="x")
    found = action_reads.actions(session, Wanted(ON))
    assert [row.action.title for row in found] == ["Add b", "Add c", "Add a", "Add d"]
    assert action_reads.counts(session, Wanted(ON)) == {"overdue": 1, "open": 2, "done": 1}
    for wanted, count in ((Wanted(ON, "overdue"), 1), (Wanted(ON, "owed"), 3), (Wanted(ON, owner=BEN), 1)):
        assert action_reads.total(session, wanted) == count
    assert action_reads.total(session, Wanted(ON, model="ranker", search="ADD A")) == 1


def test_verdicts_bulk_edits_and_the_trail_work_alike(session: Session, rows: Workspace) -> None:
    ranker = rows.model(lifecycle="production")
    done = promised(session, rows.incident(ranker, TODAY - DAY, kind="service"), cause="capacity")
    owing = promised(session, rows.incident(ranker, TODAY), owner=ANA)
    actions.move(session, done, ActionState.DONE, ANA, evidence="x")
    complete(session, rows.incident(ranker, TODAY + DAY, kind="service"), "capacity")
    assert verdicts(session, [done, owing], TODAY + 2 * DAY)[audit.number(done)].effect == "recurred"
    assert edit_many(session, [audit.number(done), audit.number(owing)], {"owner": BEN}, ANA, "") == 1
    assert audit.broken_at(session) is None


def test_a_review_is_approved_and_another_discarded_alike(session: Session, rows: Workspace) -> None:
    ranker = rows.model()
    review = complete(session, rows.incident(ranker, TODAY), "capacity")
    assert review_states.approve(session, review, BEN).number == 1
    other = rows.incident(ranker, TODAY)
    review_discard.discard(session, reviews.start(session, audit.number(other), ANA), BEN, "Opened twice")
    assert reviews.of_incident(session, audit.number(other)) is None


def test_what_is_owed_is_derived_alike(session: Session, rows: Workspace) -> None:
    promised(session, due_on=ON)
    people, noon = People(session), datetime(2026, 11, 4, 12, tzinfo=UTC)
    assert [(who, each[0].occasion.mark) for (who, _), each in owed(session, noon, people).items()] == [
        (ANA, "due:2026-11-04")
    ]
    assert overdue(session, noon, people) == []
    assert len(overdue(session, noon + 2 * DAY, people)) == 1


def told(found: Pareto) -> list[tuple[str, int]]:
    return [(each.factor, len(each.incidents)) for each in found.contributions]

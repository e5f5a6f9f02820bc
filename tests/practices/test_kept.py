"""Reviews within 72 h and actions by their day, in a stretch of time and a scope."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.contracts.decisions import ActionState
from ops_console.core.db import transaction
from ops_console.measures.scopes import WORKSPACE, parse
from ops_console.practices import actions, review_factors, review_states, reviews
from ops_console.practices.kept import Closure, closure, timeliness
from ops_console.records.actions import Action
from tests.examples import examples
from tests.memory import in_memory
from tests.practices.conftest import settled
from tests.practices.stories import ANA, BEN, DAY, HOUR, TODAY, promised, write
from tests.web.pages.builders import Workspace

UTC = ZoneInfo("UTC")
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(sqlite: Engine, clock: object) -> Iterator[Session]:
    with transaction(sqlite) as opened:
        settled(opened)
        yield opened


def hand_in(session: Session, incident_id: int) -> None:
    review = reviews.get(session, incident_id)
    write(session, review, summary="Late.")
    review_factors.add_factor(session, review, "capacity", "", ANA)
    review_states.submit(session, review, ANA)


def test_reviews_are_in_time_late_waiting_or_waived(session: Session, clock) -> None:
    rows = Workspace(session)
    ranker = rows.model(tier=1, team="Search")
    numbers = [rows.incident(ranker, TODAY - HOUR * 2, external_id=f"INC-{n}").id for n in range(4)]
    rows.incident(rows.model("bidder", tier=3), TODAY - HOUR * 2, severity="SEV4")
    reviews.open_due(session, TODAY)
    hand_in(session, numbers[0])
    review_states.waive(session, reviews.get(session, numbers[3]), BEN, "The same")
    clock.shift(80 * HOUR)
    hand_in(session, numbers[1])
    now = TODAY + 80 * HOUR
    found = timeliness(session, WORKSPACE, TODAY - DAY, TODAY + DAY, now)
    late = [name for _, name in found.late]
    assert (found.in_time, late, found.waiting, found.waived) == (1, ["INC-1", "INC-2"], 0, 1)
    assert timeliness(session, WORKSPACE, TODAY - DAY, TODAY + DAY, TODAY).waiting == 1
    assert timeliness(session, parse("team:Search"), TODAY - DAY, TODAY + DAY, now).due == 3
    assert timeliness(session, parse("tier:3"), TODAY - DAY, TODAY + DAY, now).due == 0
    assert timeliness(session, parse("model:ranker"), TODAY + DAY, TODAY + 2 * DAY, now).due == 0


def test_actions_are_on_time_late_overdue_or_dropped(session: Session, clock) -> None:
    on_time, late, overdue, dropped = (promised(session, due_on=date(2026, 11, 5)) for _ in range(4))
    promised(session, due_on=date(2026, 11, 29))
    actions.move(session, on_time, ActionState.DONE, ANA, evidence="x")
    actions.drop(session, dropped, BEN, "Retired")
    clock.shift(3 * DAY)
    actions.move(session, late, ActionState.DONE, ANA, evidence="x")
    today = (TODAY + 3 * DAY).date()
    assert closure(session, WORKSPACE, FIRST, LAST, UTC, today) == Closure(1, 1, 1, 1, 0)
    assert closure(session, WORKSPACE, date(2026, 10, 1), date(2026, 10, 31), UTC, today).due == 0
    assert overdue.state == "open"


def test_an_action_belongs_to_the_team_of_the_day_it_was_promised(session: Session) -> None:
    rows = Workspace(session)
    ranker = rows.model(team="Search")
    promised(session, rows.incident(ranker, TODAY), due_on=FIRST)
    rows.moved(ranker, TODAY + HOUR, team="Ads")
    assert closure(session, parse("team:Search"), FIRST, LAST, UTC, LAST).due == 1
    assert closure(session, parse("team:Ads"), FIRST, LAST, UTC, LAST).due == 0


fates = st.lists(st.tuples(st.sampled_from([*ActionState]), st.integers(-9, 9), st.integers(-9, 9)), max_size=6)


@settings(deadline=None, max_examples=examples(15))
@given(fates)
def test_whatever_becomes_of_actions_each_that_is_due_is_exactly_one_of_four(kept: list[tuple[str, int, int]]) -> None:
    engine = in_memory()
    today = TODAY.date()
    with transaction(engine) as session:
        for state, due, done in kept:
            due_on, done_at = today + timedelta(days=due), TODAY + done * DAY
            usual = {"title": "Add it", "done_when": "x", "kind": "detect", "priority": "low", "owner": ANA}
            at = {"due_on": due_on, "first_due_on": due_on, "made_by": ANA, "made_at": TODAY - 30 * DAY}
            session.add(Action(**usual, **at, state=state, done_at=done_at if state == ActionState.DONE else None))
        session.flush()
        found = closure(session, WORKSPACE, today - 9 * DAY, today + 9 * DAY, UTC, today)
    settled_ones = sum(state in (ActionState.DONE, ActionState.DROPPED) for state, _, _ in kept)
    open_ones = sum(state not in (ActionState.DONE, ActionState.DROPPED) and due < 0 for state, due, _ in kept)
    assert found.due == settled_ones + open_ones
    assert found.on_time + found.late + found.open_overdue + found.dropped == found.due
    engine.dispose()

"""Each owner hears exactly once of what is due: one message a day, in daylight, whatever stops and starts again."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.decisions import ActionState
from ops_console.contracts.integration import Receipt, Rejected, Unavailable, Unclear
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.practices import actions, digests, reviews
from ops_console.practices.digests import plan
from ops_console.records.incidents import Incident
from ops_console.records.reminders import Digest, Reminder
from ops_console.records.workspace import Workspace as Home
from ops_console.reporting.delivery import Post
from ops_console.reporting.reminding import check, opt_out_of_reminders, remind
from tests.examples import examples
from tests.memory import in_memory
from tests.practices.stories import ANA, BEN, promised
from tests.reporting.posting import Pigeons, post
from tests.web.pages.builders import Workspace

BEGAN = datetime(2026, 1, 5, 10, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BOSS = "boss@example.com"
NEW_YORK = "America/New_York"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


def settled(session: Session, **changes: Any) -> None:
    """London at home, Ben in New York, a manager."""
    session.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=BEGAN, **changes))
    for email, role in ((ANA, Role.EDITOR), (BEN, Role.EDITOR), (BOSS, Role.MANAGER)):
        people.add(session, email, role, BEGAN)
    Workspace(session).person("Ben", email=BEN, time_zone=NEW_YORK)


def told(engine: Engine) -> list[tuple[str, date]]:
    with reading(engine) as session:
        sent = session.scalars(select(Digest).where(Digest.state == "delivered").order_by(Digest.id))  # type: ignore[arg-type]
        return [(digest.recipient, digest.day) for digest in sent]


def owing(engine: Engine, owner: str = ANA, due_on: date = date(2026, 1, 9), **changes: Any) -> None:
    with transaction(engine) as session:
        promised(session, by=BOSS, owner=owner, due_on=due_on, **changes)


@pytest.fixture
def home(sqlite: Engine, clock: object) -> Engine:
    with transaction(sqlite) as session:
        settled(session)
    return sqlite


def at(clock: time_machine.Traveller, *moment: int) -> None:
    clock.move_to(datetime(2026, *moment, tzinfo=UTC))


def test_an_owner_hears_three_days_before_and_then_no_more_that_day(home: Engine, clock) -> None:
    owing(home)
    pigeons = Pigeons()
    for hour in (7, 9, 9, 15):
        at(clock, 1, 6, hour)
        remind(home, post(pigeons=pigeons))
    assert pigeons.addressees == [ANA]
    (line,) = pigeons.documents[0].sections[0].blocks[1].lines  # type: ignore[union-attr]
    assert line.text == "Add an alert on feature age: due in 3 days"
    assert line.link.endswith("/actions/1")


def test_one_message_carries_all_that_is_due(home: Engine, clock) -> None:
    for title in ("Test the rollback", "Write the runbook"):
        owing(home, title=title)
    pigeons = Pigeons()
    at(clock, 1, 9, 12)
    remind(home, post(pigeons=pigeons))
    (document,) = pigeons.documents
    assert [line.text for line in document.sections[0].blocks[1].lines] == [  # type: ignore[union-attr]
        "Test the rollback: due today",
        "Write the runbook: due today",
    ]


def test_nobody_hears_at_night_in_the_own_zone(home: Engine, clock) -> None:
    owing(home, BEN)
    pigeons = Pigeons()
    for hour, heard in ((9, 0), (13, 0), (14, 1)):
        at(clock, 1, 9, hour)
        remind(home, post(pigeons=pigeons))
        assert len(pigeons.sent) == heard


def test_after_a_week_the_managers_hear_who_owes_what(home: Engine, clock) -> None:
    owing(home)
    pigeons = Pigeons()
    at(clock, 1, 16, 12)
    remind(home, post(pigeons=pigeons))
    said = {to: document for (to, _), document in zip(pigeons.sent, pigeons.documents, strict=True)}
    assert said[BOSS].sections[0].blocks[1].lines[0].text.endswith("7 days overdue, owed by ana")  # type: ignore[union-attr]
    assert (said[BOSS].title, said[ANA].title) == ("A promise waits", "One of your promises")
    assert (said[BOSS].link_says, said[ANA].link_says) == ("See what is overdue", "See what you owe")


def test_what_is_done_or_dropped_is_told_no_more(home: Engine, clock) -> None:
    owing(home)
    with transaction(home) as session:
        actions.move(session, actions.get(session, 1), ActionState.DONE, ANA, evidence="A drill")
    at(clock, 1, 9, 12)
    assert remind(home, post(pigeons=Pigeons())) == 0


def test_a_review_that_waits_reminds_managers_until_somebody_writes(home: Engine, clock) -> None:
    with transaction(home) as session:
        rows = Workspace(session)
        rows.incident(rows.model(), BEGAN - 2 * HOUR, external_id="INC-1")
        reviews.open_due(session, now())
    pigeons = Pigeons()
    for day in (6, 7, 8, 9):
        at(clock, 1, day, 12)
        remind(home, post(pigeons=pigeons))
    assert pigeons.addressees == [BOSS, BOSS, BOSS]
    last = pigeons.documents[-1].sections[0].blocks[1].lines[0]  # type: ignore[union-attr]
    assert last.text == "Review of INC-1 Latency above the limit: late"


NO_INCIDENT = ({"duplicate_of": "INC-0"}, {"false_positive": True}, {"deleted_at": BEGAN}, {"drill": True})


@pytest.mark.parametrize("turned_out", NO_INCIDENT)
def test_nobody_is_reminded_to_review_what_turned_out_to_be_no_incident(
    home: Engine, clock, turned_out: dict[str, Any]
) -> None:
    with transaction(home) as session:
        rows = Workspace(session)
        rows.incident(rows.model(), BEGAN - 2 * HOUR, external_id="INC-1")
        reviews.open_due(session, now())
        session.scalars(select(Incident)).one().sqlmodel_update(turned_out)
    pigeons = Pigeons()
    at(clock, 1, 8, 12)
    remind(home, post(pigeons=pigeons))
    assert (pigeons.addressees, check(home, post(pigeons=pigeons))) == ([], [])


def test_the_demo_sends_nothing(sqlite: Engine, clock) -> None:
    with transaction(sqlite) as session:
        settled(session, is_demo=True)
    owing(sqlite)
    at(clock, 1, 9, 12)
    assert remind(sqlite, post(pigeons=Pigeons())) == 0
    with reading(sqlite) as session:
        assert session.scalars(select(Digest)).all() == []


def test_a_channel_that_is_busy_is_tried_again_and_then_given_up(home: Engine, clock) -> None:
    owing(home)
    pigeons = Pigeons(answers=[Unavailable("busy")] * 4)
    at(clock, 1, 9, 9)
    for _ in range(12):
        remind(home, post(pigeons=pigeons))
        clock.shift(30 * 60)
    assert pigeons.sent == []
    with reading(home) as session:
        assert session.scalars(select(Digest.state)).all() == ["failed"]


def test_a_failure_is_found_by_the_audit(home: Engine, clock) -> None:
    owing(home)
    at(clock, 1, 9, 9)
    remind(home, post(pigeons=Pigeons(answers=[Rejected("no such mailbox")])))
    at(clock, 1, 9, 17)
    assert check(home, post(pigeons=Pigeons())) == [f"the message of 2026-01-09 to {ANA} is failed: no such mailbox"]


def test_silence_for_two_days_is_found_by_the_audit(home: Engine, clock) -> None:
    owing(home)
    at(clock, 1, 11, 9)
    missing = check(home, post(pigeons=Pigeons()))
    assert [sentence.partition(" was not")[0] for sentence in missing] == [ANA, ANA]
    assert check(home, post()) == []


def test_a_lost_answer_is_looked_for_and_never_blindly_repeated(home: Engine, clock) -> None:
    owing(home)
    pigeons = Pigeons(answers=[Unclear("the line broke")])
    at(clock, 1, 9, 9)
    remind(home, post(pigeons=pigeons))
    clock.shift(6 * 60)
    pigeons.history = lambda _: Receipt("found")
    remind(home, post(pigeons=pigeons))
    assert (pigeons.sent, told(home)) == ([], [(ANA, date(2026, 1, 9))])


def test_a_sender_that_died_is_followed_by_one_that_asks_first(home: Engine, clock) -> None:
    owing(home)
    pigeons = Pigeons()
    at(clock, 1, 9, 9)
    with transaction(home) as session:
        (number,) = plan(session, now(), lambda address: ("pigeons", address))
        digests.claim(session, number, now())
    clock.shift(16 * 60)
    remind(home, post(pigeons=pigeons))
    assert pigeons.sent == []
    with reading(home) as session:
        assert session.scalars(select(Digest.state)).all() == ["unknown"]


def test_two_schedulers_send_one_message(database: Engine) -> None:
    with time_machine.travel(datetime(2026, 1, 9, 12, tzinfo=UTC), tick=False):
        with transaction(database) as session:
            settled(session)
        owing(database)
        pigeons = Pigeons()
        schedulers = [threading.Thread(target=remind, args=(database, post(pigeons=pigeons))) for _ in range(4)]
        for scheduler in schedulers:
            scheduler.start()
        for scheduler in schedulers:
            scheduler.join()
    assert pigeons.addressees == [ANA]


def test_whoever_asks_for_silence_gets_it(home: Engine, clock) -> None:
    owing(home)
    pigeons = Pigeons()
    at(clock, 1, 6, 12)
    remind(home, post(pigeons=pigeons))
    with transaction(home) as session:
        assert opt_out_of_reminders(session, pigeons.sent[0][1], now()) == ANA
        assert opt_out_of_reminders(session, "r-2026-10-1.feed", now()) is None
    at(clock, 1, 9, 12)
    assert remind(home, post(pigeons=pigeons)) == 0


def test_the_way_named_first_is_the_one(home: Engine, clock) -> None:
    owing(home)
    crows, pigeons = Pigeons(), Pigeons()
    at(clock, 1, 6, 12)
    remind(home, post(pigeons=pigeons, crows=crows))
    assert (pigeons.addressees, crows.addressees) == ([ANA], [])
    at(clock, 1, 9, 12)
    remind(home, Post({"pigeons": pigeons, "crows": crows}, Settings(reminders_by="crows, pigeons")))
    assert (pigeons.addressees, crows.addressees) == ([ANA], [ANA])


def test_a_way_that_is_not_named_reminds_nobody(home: Engine, clock) -> None:
    owing(home)
    at(clock, 1, 9, 12)
    assert remind(home, Post({"pigeons": Pigeons()}, Settings())) == 0


def test_where_one_way_refuses_the_next_has_its_turn_and_nothing_comes_twice(home: Engine, clock) -> None:
    owing(home)
    crows, pigeons = Pigeons(answers=[Rejected("nobody of this name")]), Pigeons()
    both = post(crows=crows, pigeons=pigeons)
    at(clock, 1, 9, 12)
    for _ in range(3):
        remind(home, both)
        clock.shift(10 * 60)
    assert (crows.addressees, pigeons.addressees, told(home)) == ([], [ANA], [(ANA, date(2026, 1, 9))])
    at(clock, 1, 9, 19)
    assert check(home, both) == []


def test_where_every_way_refuses_the_audit_says_so(home: Engine, clock) -> None:
    owing(home)
    both = post(crows=Pigeons(answers=[Rejected("no")]), pigeons=Pigeons(answers=[Rejected("no such mailbox")]))
    at(clock, 1, 9, 9)
    remind(home, both)
    remind(home, both)
    at(clock, 1, 9, 17)
    assert check(home, both) == [f"the message of 2026-01-09 to {ANA} is failed: no such mailbox"]


def test_a_lost_answer_does_not_hand_on_to_the_next_way(home: Engine, clock) -> None:
    owing(home)
    crows, pigeons = Pigeons(answers=[Unclear("the line broke")]), Pigeons()
    at(clock, 1, 9, 9)
    for _ in range(3):
        remind(home, post(crows=crows, pigeons=pigeons))
        clock.shift(10 * 60)
    assert pigeons.sent == []


def test_whoever_wants_to_hear_no_more_of_reviews_still_hears_of_actions(home: Engine, clock) -> None:
    with transaction(home) as session:
        rows = Workspace(session)
        rows.incident(rows.model(), BEGAN - 2 * HOUR)
        reviews.open_due(session, now())
    pigeons = Pigeons()
    at(clock, 1, 6, 12)
    remind(home, post(pigeons=pigeons))
    with transaction(home) as session:
        assert opt_out_of_reminders(session, pigeons.sent[0][1], now(), "review") == BOSS
    owing(home, BOSS)
    for day in (7, 8, 9):
        at(clock, 1, day, 12)
        remind(home, post(pigeons=pigeons))
    assert told(home) == [(BOSS, date(2026, 1, day)) for day in (6, 7, 9)]
    assert [[part.key for part in each.sections] for each in pigeons.documents] == [["review"], ["action"], ["action"]]
    at(clock, 1, 12, 9)
    assert not [sentence for sentence in check(home, post(pigeons=pigeons)) if "review" in sentence]


def workspace_in_memory() -> Engine:
    """Lives as long as a test: a year of messages is a thousand transactions."""
    engine = in_memory()
    with transaction(engine) as session:
        settled(session)
    return engine


def hour_of(person: str) -> int:
    """What the person's own clock shows."""
    return now().astimezone(ZoneInfo(NEW_YORK if person == BEN else "Europe/London")).hour


def expected(owner: str, due_on: date, promised_on: date, until: date) -> set[tuple[str, date]]:
    """Every day on which an owner hears of one action, counted by hand."""
    weekly = [due_on + timedelta(days=8 + 7 * week) for week in range(60)]
    days = [due_on - 3 * DAY, due_on, due_on + DAY, *weekly]
    return {(owner, day) for day in days if promised_on <= day <= until}


CLOCKS_CHANGE = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1)]


def hours_of(day: date) -> tuple[int, ...]:
    """When the console looks: once on most days, often around the days on which clocks change somewhere."""
    is_near = any(abs((day - change).days) <= 2 for change in CLOCKS_CHANGE)
    return (3, 8, 9, 13, 14, 22) if is_near else (14,)


def test_through_a_year_with_both_clock_changes_each_message_comes_once(clock) -> None:
    home = workspace_in_memory()
    dues = {ANA: date(2026, 3, 28), BEN: date(2026, 10, 31)}
    for owner, due_on in dues.items():
        owing(home, owner, due_on)
    pigeons, hours = Pigeons(), set[int]()
    for day in range(365):
        for hour in hours_of((BEGAN + day * DAY).date()):
            clock.move_to(BEGAN.replace(hour=hour) + day * DAY)
            for _ in range(remind(home, post(pigeons=pigeons))):
                hours.add(hour_of(pigeons.addressees[-1]))
    last, first = (BEGAN + 364 * DAY).date(), BEGAN.date()
    owners = [each for owner, due_on in dues.items() for each in expected(owner, due_on, first, last)]
    escalated = [(BOSS, due_on + 7 * DAY) for due_on in dues.values()]
    assert sorted(told(home)) == sorted([*owners, *escalated])
    assert check(home, post(pigeons=pigeons)) == []
    assert hours == {9, 10, 14, 15}
    home.dispose()


moments = st.lists(st.integers(0, 30 * 24 - 1), min_size=1, max_size=25, unique=True).map(sorted)


@settings(deadline=None, max_examples=examples(10))
@given(moments, st.lists(st.sampled_from([None, Unavailable("busy"), None]), max_size=6))
def test_however_the_console_stops_and_starts_nothing_is_told_twice(hours: list[int], answers: list[Any]) -> None:
    pigeons = Pigeons(answers=list(answers))
    with time_machine.travel(datetime(2026, 3, 16, tzinfo=UTC), tick=False) as clock:
        engine = workspace_in_memory()
        owing(engine, ANA, date(2026, 3, 27))
        owing(engine, ANA, date(2026, 3, 30), title="Test the rollback")
        owing(engine, BEN, date(2026, 3, 20))
        for hour in hours:
            clock.move_to(datetime(2026, 3, 16, tzinfo=UTC) + hour * HOUR)
            before = len(pigeons.sent)
            remind(engine, post(pigeons=pigeons))
            assert all(9 <= hour_of(to) < 18 for to in pigeons.addressees[before:])
    with reading(engine) as session:
        marks = session.execute(select(Reminder.subject, Reminder.number, Reminder.mark, Reminder.recipient)).all()  # type: ignore[call-overload]
    assert len(set(told(engine))) == len(told(engine)) == len(pigeons.sent)
    assert len(set(marks)) == len(marks)
    engine.dispose()

"""Calls wait in rows: of two who answer at once each has calls of its own, and a message lands once."""

import threading

import pytest
from sqlalchemy import Engine, select

from ops_console.chat import desk
from ops_console.contracts.commands import Call, Quote, What
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.practices import incident_messages
from ops_console.records import audit
from ops_console.records.chat import ChatCall, IncidentMessage
from ops_console.records.workspace import Workspace as Home
from tests.practices.stories import ANA, BEN
from tests.racing import at_once
from tests.web.pages.builders import Workspace


@pytest.fixture
def incident(database: Engine) -> int:
    with transaction(database) as session:
        session.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
        rows = Workspace(session)
        return audit.number(rows.incident(rows.model()))


def test_two_who_answer_at_once_take_different_calls(database: Engine) -> None:
    with transaction(database) as session:
        for name in ("c1", "c2"):
            desk.keep(session, "slack", Call(name, What.COMMAND, "U1"), now())
    taken: list[int] = []
    ready = threading.Barrier(3)

    def answer() -> None:
        ready.wait(timeout=20)
        found = desk.take(database)
        if found is not None:
            taken.append(found.number)

    at_once(answer, answer, answer)
    assert sorted(taken) == [1, 2]
    assert desk.take(database) is None


def test_a_call_that_arrives_twice_at_once_is_kept_once(database: Engine) -> None:
    kept: list[bool] = []
    ready = threading.Barrier(2)

    def receive() -> None:
        ready.wait(timeout=20)
        with transaction(database) as session:
            kept.append(desk.keep(session, "slack", Call("c1", What.COMMAND, "U1"), now()))

    at_once(receive, receive)
    assert sorted(kept) == [False, True]
    with reading(database) as session:
        assert len(session.scalars(select(ChatCall)).all()) == 1


def test_a_message_that_two_people_add_at_once_stands_there_once(database: Engine, incident: int) -> None:
    quote = Quote("C1:1793782800.000100", now(), "p99 is up", "https://team.slack.example/p1")
    added: list[bool] = []
    first, second = threading.Event(), threading.Event()

    def add(by: str, mine: threading.Event, wait: threading.Event | None) -> None:
        if wait is not None:
            assert wait.wait(timeout=20)
        with transaction(database) as session:
            added.append(incident_messages.add(session, incident, quote, "slack", by))
            mine.set()
            if wait is None:
                second.wait(timeout=0.5)  # not committed while the other one asks

    at_once(lambda: add(ANA, first, None), lambda: add(BEN, second, first))
    assert sorted(added) == [False, True]
    with reading(database) as session:
        (message,) = session.scalars(select(IncidentMessage)).all()
        assert message.made_by == ANA
        assert [each.did for each in audit.history(session, "incident", [incident])] == ["message added to timeline"]

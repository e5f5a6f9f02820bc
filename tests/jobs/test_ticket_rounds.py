"""Rounds and looks hold what they work on: of two schedulers one goes round, and a person's decision stands."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.tracker import DUE_ON, OWNER, STATE, Ticket, Written
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.jobs import ticket_rounds, tickets_kept
from ops_console.jobs.tickets_kept import Look
from ops_console.practices import actions, tickets
from ops_console.practices.in_step import Plan, said_by
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.trackers import ActionLink
from ops_console.records.workspace import Workspace
from tests.practices.stories import ANA, BEN, promise, promised
from tests.racing import at_once

DUE = date(2026, 11, 20)


@pytest.fixture
def linked(database: Engine) -> Engine:
    """An action of Ana with a ticket."""
    with transaction(database) as session:
        session.add(Workspace(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
        for email in (ANA, BEN):
            people.add(session, email, Role.EDITOR, now())
        kept = promised(session)
        tickets.ask(session, kept, "jira", BEN)
    return database


def look(engine: Engine) -> Look:
    """Both sides as they were read: the day was moved there."""
    with reading(engine) as session:
        link, action = session.get_one(ActionLink, 1), session.get_one(Action, 1)
    here = said_by(action)
    there = here | {DUE_ON: "2026-12-24"}
    ticket = Ticket("10001", "OPS-1", "https://jira.example/browse/OPS-1", action.title, there, now(), ANA)
    return Look(link, action.revision, here, ticket, ANA, Plan(agreed=[STATE, OWNER], pull=[DUE_ON]), Written({}))


def test_of_schedulers_that_begin_the_first_round_at_once_one_goes(linked: Engine) -> None:
    went: list[Any] = []
    over = threading.Barrier(3)

    def go() -> None:
        with ticket_rounds.claimed(linked, "jira") as row:
            went.append(row is not None)
            over.wait(timeout=20)

    at_once(go, go, go)
    assert sorted(went) == [False, False, True]
    with ticket_rounds.claimed(linked, "jira") as row:
        assert row is not None, "it was given back"


def test_a_look_that_a_person_overtakes_changes_nothing(linked: Engine) -> None:
    found, decided, looking = look(linked), threading.Event(), threading.Event()

    def decide() -> None:
        with transaction(linked) as session:
            link = session.get_one(ActionLink, 1, with_for_update=True)
            link.revision += 1
            session.flush()
            decided.set()
            looking.wait(timeout=0.5)  # held while the look asks for it

    def keep() -> None:
        assert decided.wait(timeout=20)
        with transaction(linked) as session:
            tickets_kept.keep(session, found)
        looking.set()

    at_once(decide, keep)
    with reading(linked) as session:
        assert session.get_one(Action, 1).due_on == DUE
        assert session.get_one(ActionLink, 1).seen_at is None


def test_an_action_that_changes_during_a_look_is_looked_at_again(linked: Engine) -> None:
    found, changed, looking = look(linked), threading.Event(), threading.Event()

    def change() -> None:
        with transaction(linked) as session:
            action = actions.get(session, 1)
            actions.change(session, action, promise(due_on=date(2026, 11, 30)), action.revision, BEN, "More to do")
            changed.set()
            looking.wait(timeout=0.5)

    def keep() -> None:
        assert changed.wait(timeout=20)
        with transaction(linked) as session:
            tickets_kept.keep(session, found)
        looking.set()

    at_once(change, keep)
    with reading(linked) as session:
        assert session.get_one(Action, 1).due_on == date(2026, 11, 30)
        assert session.get_one(ActionLink, 1).action_revision == 0
        assert audit.broken_at(session) is None

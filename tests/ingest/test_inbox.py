"""The inbox: kept as it came, read afterwards, read again when the reading was mended."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, select

from ops_console.contracts.integration import Unavailable
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import Arrival
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources
from ops_console.ingest.sync import sync, sync_due
from ops_console.records.imports import Import
from ops_console.records.sources import InboxDelivery
from tests.ingest.vendor import Shop, add_source, deployment, office, source, versions

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def deliver(engine: Engine, delivery_id: str, body: bytes | None = None, event: str = "deployed", **said: Any) -> bool:
    content = json.dumps(said).encode() if body is None else body
    with transaction(engine) as session:
        return inbox.receive(session, sources.named(session, "shop"), Arrival(delivery_id, event), content, now())


def deliveries(engine: Engine) -> dict[str, InboxDelivery]:
    with reading(engine) as session:
        return {row.delivery_id: row for row in session.scalars(select(InboxDelivery))}


def test_a_delivery_waits_as_it_came_until_it_is_read(database: Engine) -> None:
    add_source(database)
    assert deliver(database, "d1", number=1)
    kept = deliveries(database)["d1"]
    assert (kept.state, kept.body, kept.received_at) == ("waiting", b'{"number": 1}', NOON)
    assert inbox.process(office(database, Shop())) == 1
    assert versions(database) == {"1": "v1"}
    read = deliveries(database)["d1"]
    assert (read.state, read.facts, read.processed_at) == ("read", 1, NOON)


def test_a_delivery_that_comes_again_is_known(database: Engine) -> None:
    add_source(database)
    assert [deliver(database, "d1", number=1), deliver(database, "d1", number=1)] == [True, False]
    inbox.process(office(database, Shop()))
    assert not deliver(database, "d1", number=1)
    assert inbox.process(office(database, Shop())) == 0


def test_what_says_nothing_or_cannot_be_read_stays_and_stands_in_nobodys_way(database: Engine) -> None:
    add_source(database)
    deliver(database, "d1", event="starred", number=1)
    deliver(database, "d2", body=b"{oh")
    deliver(database, "d3", unknown=1)
    deliver(database, "d4", number=4, status="exploded")
    deliver(database, "d5", number=5)
    inbox.process(office(database, Shop()))
    found = {key: (row.state, (row.reason or "")[:27]) for key, row in deliveries(database).items()}
    assert found == {
        "d1": ("ignored", "starred says nothing to us."),
        "d2": ("unreadable", "The body is no JSON."),
        "d3": ("unreadable", "TypeError in our own code; "),
        "d4": ("unreadable", "status 'exploded' is not kn"),
        "d5": ("read", ""),
    }
    assert versions(database) == {"5": "v5"}


def test_what_is_missing_from_a_delivery_is_said_beside_its_facts(sqlite: Engine) -> None:
    add_source(sqlite)
    deliver(sqlite, "d1", number=1, notes=[("Three were left out.", False)])
    deliver(sqlite, "d2", number=2, notes=[("Two are old.", False), ("One is broken.", True)])
    inbox.process(office(sqlite, Shop()))
    found = {key: (row.state, row.reason, row.facts) for key, row in deliveries(sqlite).items()}
    assert found == {
        "d1": ("read", "Three were left out.", 1),
        "d2": ("unreadable", "Two are old. One is broken.", 1),
    }
    assert set(versions(sqlite)) == {"1", "2"}


def test_all_that_is_read_together_is_one_import(database: Engine) -> None:
    add_source(database)
    for number in range(5):
        deliver(database, f"d{number}", number=number)
    inbox.process(office(database, Shop()))
    with reading(database) as session:
        rows = [(row.source, row.origin, row.rows) for row in session.scalars(select(Import))]
    assert rows == [("shop", "webhook of shop", 5)]


def test_after_a_reading_was_mended_everything_is_read_again(database: Engine) -> None:
    add_source(database, settings={"reading": {"version": "wrong"}})
    deliver(database, "d1", number=1)
    inbox.process(office(database, Shop()))
    for version in ("right", "better", "a"):
        with transaction(database) as session:
            sources.named(session, "shop").settings = {"reading": {"version": version}}
        assert inbox.replay(office(database, Shop()), source(database)) == 1
        assert versions(database) == {"1": version}


def test_a_replay_that_was_cut_short_is_ended_by_whoever_reads_next(database: Engine) -> None:
    add_source(database, settings={"reading": {"version": "wrong"}})
    deliver(database, "d1", number=1)
    inbox.process(office(database, Shop()))
    with transaction(database) as session:
        sources.named(session, "shop").settings = {"reading": {"version": "a"}}
        assert inbox.ask_again(session, sources.named(session, "shop")) == 1
    deliver(database, "d2", number=2)
    assert {key: row.state for key, row in deliveries(database).items()} == {"d1": "again", "d2": "waiting"}
    assert inbox.process(office(database, Shop())) == 2
    assert versions(database) == {"1": "a", "2": "a"}


def test_a_source_that_takes_no_deliveries_has_none_to_replay(sqlite: Engine) -> None:
    add_source(sqlite)
    with pytest.raises(BadInput, match="shop takes no deliveries"):
        inbox.replay(Office(sqlite, Parts(), Settings()), source(sqlite))


def test_a_replay_may_begin_with_a_day(database: Engine, clock: time_machine.Traveller) -> None:
    add_source(database)
    deliver(database, "d1", number=1)
    clock.shift(timedelta(days=2))
    deliver(database, "d2", number=2)
    inbox.process(office(database, Shop()))
    assert inbox.replay(office(database, Shop()), source(database), NOON + timedelta(days=1)) == 1


def test_many_deliveries_are_read_in_several_transactions(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "BATCH", 3)
    add_source(sqlite)
    for number in range(8):
        deliver(sqlite, f"d{number}", number=number)
    assert inbox.process(office(sqlite, Shop())) == 8
    assert len(versions(sqlite)) == 8


def test_one_source_may_deliver_so_much_in_a_minute(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    monkeypatch.setattr(inbox, "PER_MINUTE", 2)
    for name in ("shop", "other"):
        add_source(sqlite, name)

    def room() -> tuple[bool, bool]:
        with reading(sqlite) as session:
            one, other = (inbox.has_room(session, sources.named(session, name), now()) for name in ("shop", "other"))
        return one, other

    deliver(sqlite, "d1", number=1)
    assert room() == (True, True)
    deliver(sqlite, "d2", number=2)
    assert room() == (False, True)
    clock.shift(timedelta(minutes=1))
    assert room() == (True, True)


def test_old_bodies_are_forgotten_unless_they_still_wait(sqlite: Engine, clock: time_machine.Traveller) -> None:
    add_source(sqlite)
    deliver(sqlite, "d1", number=1)
    inbox.process(office(sqlite, Shop()))
    deliver(sqlite, "d2", number=2)
    clock.shift(timedelta(days=31))
    deliver(sqlite, "d3", number=3)
    with transaction(sqlite) as session:
        inbox.ask_again(session, sources.named(session, "shop"), only=deliveries(sqlite)["d2"].id)
        inbox.tidy(session, now() - timedelta(days=30))
    assert set(deliveries(sqlite)) == {"d2", "d3"}


def test_a_hint_has_its_source_asked_at_once(sqlite: Engine, clock: time_machine.Traveller) -> None:
    number, shop = add_source(sqlite), Shop([deployment(1)])
    sync(office(sqlite, shop), number, "ana")
    clock.shift(MINUTE)
    assert source(sqlite).due_at > now()
    deliver(sqlite, "d1", event="moved")
    inbox.process(office(sqlite, shop))
    assert (deliveries(sqlite)["d1"].state, source(sqlite).due_at) == ("ignored", now())
    sync_due(office(sqlite, shop), "timetable", 10)
    assert len(shop.asked) == 2
    assert source(sqlite).due_at > now()


def test_a_source_in_trouble_is_left_alone_in_spite_of_hints(sqlite: Engine) -> None:
    number, shop = add_source(sqlite), Shop([deployment(1)], troubles={0: Unavailable("busy", retry_after=1800)})
    sync(office(sqlite, shop), number, "ana")
    deliver(sqlite, "d1", event="moved")
    inbox.process(office(sqlite, shop))
    assert source(sqlite).due_at == now() + 30 * MINUTE


def test_a_hint_that_comes_while_its_source_is_asked_is_not_lost(sqlite: Engine, clock: time_machine.Traveller) -> None:
    number, shop = add_source(sqlite), Shop([deployment(1), deployment(2), deployment(3)])

    def hinted(_run: object) -> None:
        clock.shift(MINUTE)
        deliver(sqlite, "d1", event="moved")
        inbox.process(office(sqlite, shop))
        clock.shift(MINUTE)

    sync(office(sqlite, shop), number, "ana", progress=hinted)
    assert source(sqlite).due_at == now()

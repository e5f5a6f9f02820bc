"""Asking sources: nothing is lost, nothing counts twice, and whoever comes next finishes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import Engine, func, select

from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync
from ops_console.ingest.freshness import freshness
from ops_console.ingest.sources import Busy
from ops_console.records.deployments import Deployment
from ops_console.records.imports import Import, Refusal
from ops_console.records.sources import SyncRun
from tests.forked import begun, killed
from tests.ingest.killed import hold_a_shop, sync_a_shop
from tests.ingest.vendor import BEGAN, Shop, add_source, deployment, office, source, versions

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def each_page_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction for each page."""
    monkeypatch.setattr(sync, "BATCH", 1)


def shop(count: int = 5) -> Shop:
    return Shop([deployment(number) for number in range(count)])


def runs(engine: Engine) -> list[SyncRun]:
    with reading(engine) as session:
        return list(session.scalars(select(SyncRun).order_by(SyncRun.id)))


def imports(engine: Engine) -> dict[str, Import]:
    with reading(engine) as session:
        return {row.kind: row for row in session.scalars(select(Import))}


def test_a_sync_keeps_every_page_and_where_to_go_on(database: Engine) -> None:
    done = sync.sync(office(database, shop()), add_source(database), "command line")
    assert (done.state, done.rows, done.changed, done.done, done.total) == ("done", 5, 5, 5, 5)
    assert len(versions(database)) == 5
    kept = source(database)
    assert (kept.state, kept.cursor, kept.covers_until, kept.claim) == ("working", {"next": 5}, NOON, None)
    assert kept.due_at == NOON + 15 * MINUTE


def test_a_sync_stands_among_the_imports_kind_by_kind(database: Engine) -> None:
    sync.sync(office(database, shop()), add_source(database), "ana@example.com")
    found = imports(database)
    assert {kind: (row.state, row.rows, row.made_by) for kind, row in found.items()} == {
        "deployments": ("done", 5, "ana@example.com"),
        "changes": ("done", 0, "ana@example.com"),
    }
    assert found["deployments"].origin == "sync of shop"


def test_later_syncs_write_import_rows_only_for_what_they_bring(database: Engine) -> None:
    vendor, number = shop(), add_source(database)
    for _ in range(3):
        sync.sync(office(database, vendor), number, "timetable")
    assert len(imports(database)) == 2
    vendor.told.append(deployment(9))
    assert sync.sync(office(database, vendor), number, "timetable").changed == 1
    assert vendor.asked == [0, 5, 5, 5]


def test_what_came_before_a_trouble_is_kept_and_the_next_run_goes_on_behind_it(database: Engine) -> None:
    vendor, number = shop(), add_source(database)
    vendor.troubles[1] = Unavailable("The shop is shut.", retry_after=7200, remedy="It is tried again.")
    failed = sync.sync(office(database, vendor), number, "timetable")
    assert (failed.state, failed.error, failed.rows) == ("unavailable", "The shop is shut.", 2)
    kept = source(database)
    assert (kept.state, kept.cursor, kept.failures) == ("unavailable", {"next": 2}, 1)
    assert kept.due_at == NOON + timedelta(hours=2)
    assert sync.sync(office(database, vendor), number, "timetable").state == "done"
    assert (vendor.asked, len(versions(database))) == ([0, 2], 5)
    assert (source(database).error, source(database).failures) == (None, 0)


def test_pages_gathered_for_one_transaction_are_not_lost_by_a_trouble(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "BATCH", 1000)
    vendor = shop()
    vendor.troubles[2] = Unavailable("The shop is shut.")
    assert sync.sync(office(sqlite, vendor), add_source(sqlite), "timetable").rows == 4
    assert source(sqlite).cursor == {"next": 4}


def test_failures_are_left_alone_ever_longer_and_at_most_an_hour(sqlite: Engine, clock: time_machine.Traveller) -> None:
    vendor, number, waits = shop(), add_source(sqlite), []
    for _ in range(8):
        vendor.troubles[0] = Unavailable("The shop is shut.")
        sync.sync(office(sqlite, vendor), number, "timetable")
        waits.append((source(sqlite).due_at - now()) / MINUTE)
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_what_a_person_must_do_is_said_without_the_secret(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "s3cret")
    vendor, number = shop(), add_source(sqlite, secrets={"token": "SHOP_TOKEN"})
    vendor.troubles[0] = Rejected("The token s3cret is wrong.", remedy="Make a new one.")
    assert sync.sync(office(sqlite, vendor), number, "timetable").state == "rejected"
    kept = source(sqlite)
    assert (kept.error, kept.remedy) == ("The token ••• is wrong.", "Make a new one.")


def test_a_secret_that_is_not_there_is_for_a_person(sqlite: Engine) -> None:
    number = add_source(sqlite, secrets={"token": "SHOP_TOKEN_OF_NOBODY"})
    failed = sync.sync(office(sqlite, shop()), number, "timetable")
    assert (failed.state, failed.error) == ("rejected", "The variable SHOP_TOKEN_OF_NOBODY is not set.")


def test_a_fault_of_ours_is_told_and_stops_nobody_else(sqlite: Engine) -> None:
    vendor, number = shop(), add_source(sqlite)
    vendor.troubles[1] = KeyError("environment")
    assert sync.sync(office(sqlite, vendor), number, "timetable").state == "broken"
    assert source(sqlite).error == "KeyError in our own code."
    assert sync.sync(office(sqlite, shop()), add_source(sqlite, "second"), "timetable").state == "done"


def test_a_fact_that_cannot_be_is_refused_with_its_reason_and_the_others_land(database: Engine) -> None:
    vendor = Shop([deployment(0), deployment(1, status="exploded"), deployment(2, version="a\0b"), deployment(3)])
    done = sync.sync(office(database, vendor), add_source(database), "timetable")
    assert (done.state, done.rows, done.changed, done.refused) == ("done", 4, 2, 2)
    with reading(database) as session:
        reasons = [row.reason for row in session.scalars(select(Refusal).order_by(Refusal.id))]
    assert "status 'exploded' is not known" in reasons[0]
    assert "NUL" in reasons[1]


def test_one_sync_of_a_source_at_a_time(database: Engine, clock: time_machine.Traveller) -> None:
    number = add_source(database)
    with sources.claimed(database, number):
        with pytest.raises(Busy):
            sync.sync(office(database, shop()), number, "timetable")
        with transaction(database) as session:
            assert sources.due(session, now()) == []
    assert sync.sync(office(database, shop()), number, "timetable").state == "done"


def test_a_sync_that_was_taken_over_writes_no_more(database: Engine, clock: time_machine.Traveller) -> None:
    number, vendor = add_source(database), shop()

    def stall(_: SyncRun) -> None:
        clock.shift(sources.LEASE + MINUTE)
        assert sync.sync(office(database, shop(9)), number, "another process").state == "done"

    with pytest.raises(Busy, match="taken this source over"):
        sync.sync(office(database, vendor), number, "timetable", progress=stall)
    assert (len(versions(database)), source(database).cursor) == (9, {"next": 9})


def test_a_run_whose_time_is_up_is_gone_on_with(database: Engine) -> None:
    vendor, number = shop(), add_source(database)
    states = [sync.sync(office(database, vendor), number, "timetable", seconds=-1).state for _ in range(3)]
    assert states == ["running", "running", "running"]
    assert (source(database).state, source(database).covers_until) == ("new", None)
    assert sync.sync(office(database, vendor), number, "timetable").state == "done"
    assert [(run.state, run.rows, run.done) for run in runs(database)] == [("done", 5, 5)]


def test_a_long_run_is_followed_by_the_next_at_once(sqlite: Engine, clock: time_machine.Traveller) -> None:
    number = add_source(sqlite)
    sync.sync(office(sqlite, shop()), number, "timetable", progress=lambda _: clock.shift(30 * MINUTE) and None)
    kept = source(sqlite)
    assert kept.covers_until == NOON
    assert kept.due_at == now()


def test_asking_since_a_day_reads_everything_again_and_a_better_reading_wins(database: Engine) -> None:
    vendor, number = shop(), add_source(database)
    sync.sync(office(database, vendor), number, "timetable")
    for round_ in ("a", "b", "a"):
        vendor.told = [deployment(number, version=f"{round_}{number}") for number in range(5)]
        sync.sync(office(database, vendor), number, "ana", since=NOON - timedelta(days=90))
        assert set(versions(database).values()) == {f"{round_}{number}" for number in range(5)}
    assert source(database).since == NOON - timedelta(days=90)


def test_what_a_vendor_has_forgotten_outlives_a_new_beginning(sqlite: Engine) -> None:
    number = add_source(sqlite)
    with transaction(sqlite) as session:
        source_of = sources.named(session, "shop")
        source_of.cursor = {"next": 4, "history": {"ranker": ["14"]}}
        sources.change(session, source_of, {}, {}, source_of.since, "ana")
    assert source(sqlite).cursor == {"history": {"ranker": ["14"]}}
    sync.sync(office(sqlite, shop()), number, "ana", since=NOON - timedelta(days=90))
    assert source(sqlite).cursor["next"] == 5


def test_other_settings_read_everything_again_also_over_several_runs(sqlite: Engine) -> None:
    vendor, number = shop(), add_source(sqlite)
    sync.sync(office(sqlite, vendor), number, "timetable")
    for round_ in ("a", "b", "a"):
        vendor.told = [deployment(number, version=f"{round_}{number}") for number in range(5)]
        with transaction(sqlite) as session:
            shop_of = sources.named(session, "shop")
            sources.change(session, shop_of, {"round": round_}, {}, shop_of.since, "ana")
        while sync.sync(office(sqlite, vendor), number, "timetable", seconds=-1).state == "running" and (
            source(sqlite).cursor != {"next": 5}
        ):
            pass
        sync.sync(office(sqlite, vendor), number, "timetable")
        assert versions(sqlite)["3"] == f"{round_}3"


def test_a_paused_source_is_not_due(sqlite: Engine) -> None:
    add_source(sqlite)
    with transaction(sqlite) as session:
        sources.pause(session, sources.named(session, "shop"), "ana", paused=True)
        assert sources.due(session, now()) == []
        sources.pause(session, sources.named(session, "shop"), "ana", paused=False)
        assert [each.name for each in sources.due(session, now())] == ["shop"]


def test_a_source_that_is_removed_leaves_its_facts(database: Engine) -> None:
    sync.sync(office(database, shop()), add_source(database), "timetable")
    with transaction(database) as session:
        sources.remove(session, sources.named(session, "shop"), "ana")
    assert len(versions(database)) == 5
    assert runs(database) == []


def test_a_source_silent_for_two_intervals_is_stale(database: Engine, clock: time_machine.Traveller) -> None:
    sync.sync(office(database, shop()), add_source(database), "timetable")

    def states() -> set[str]:
        with reading(database) as session:
            found = freshness(session, now())
        return {found["deployments"].state, found["changes"].state}

    clock.shift(30 * MINUTE)
    assert states() == {"working"}
    clock.shift(MINUTE)
    assert states() == {"stale"}


def test_a_source_that_is_up_to_date_covers_until_its_last_sync_though_nothing_happened(
    database: Engine, clock: time_machine.Traveller
) -> None:
    number = add_source(database)
    sync.sync(office(database, shop()), number, "timetable")
    clock.shift(15 * MINUTE)
    sync.sync(office(database, Shop()), number, "timetable")
    with reading(database) as session:
        found = freshness(session, now())
    assert found["deployments"].covers_until == found["changes"].covers_until == NOON + 15 * MINUTE


def test_a_source_is_complete_since_its_first_day_once_its_first_sync_is_over(database: Engine) -> None:
    number = add_source(database)
    vendor = Shop([deployment(60 * 24 * day) for day in (5, 6)])

    def told() -> tuple[str, datetime | None]:
        with reading(database) as session:
            found = freshness(session, now())["deployments"]
        return found.state, found.covers_from

    sync.sync(office(database, vendor), number, "timetable", seconds=-1)
    assert told() == ("first_sync", BEGAN + timedelta(days=5))
    sync.sync(office(database, vendor), number, "timetable")
    assert told() == ("working", BEGAN)


def test_a_source_that_needs_a_person_fails_its_kinds_with_the_remedy(database: Engine) -> None:
    vendor, number = shop(), add_source(database)
    sync.sync(office(database, vendor), number, "timetable")
    vendor.told.append(deployment(7))
    vendor.troubles[0] = vendor.troubles[2] = Rejected("The token has expired.", remedy="Make a new one.")
    sync.sync(office(database, vendor), number, "timetable")
    with reading(database) as session:
        found = freshness(session, now())["deployments"]
    assert found.state == "failed"
    assert found.reason == "The token has expired. Make a new one. Facts of 4 Nov 2026 and before still hold."


@pytest.mark.parametrize("milliseconds", [5, 40, 90, 160])
def test_a_sync_killed_at_any_moment_is_finished_by_the_next(sqlite: Engine, milliseconds: int) -> None:
    add_source(sqlite)
    for _ in range(2):
        child = begun(sync_a_shop, str(sqlite.url))
        time.sleep(milliseconds / 1000)
        killed(child)
        kept, cursor = len(versions(sqlite)), int(source(sqlite).cursor.get("next", 0))
        assert kept == cursor
    vendor = Shop([deployment(number) for number in range(60)], size=3)
    assert sync.sync(office(sqlite, vendor), 1, "next").state == "done"
    with reading(sqlite) as session:
        assert session.scalar(select(func.count(Deployment.id))) == 60
    assert vendor.asked == [cursor]
    assert [run.rows for run in runs(sqlite)] == [60]


def test_a_sync_that_was_killed_is_taken_over_at_once_on_the_same_machine(database: Engine) -> None:
    number = add_source(database)
    child = begun(hold_a_shop, _address(database))
    while source(database).claimed_by is None:
        time.sleep(0.01)
    with pytest.raises(Busy, match=f"Process {child.pid} on .* It is alive"):
        sync.sync(office(database, shop()), number, "command line")
    with reading(database) as session:
        assert sources.due(session, now()) == []
    killed(child)
    with reading(database) as session:
        assert [each.name for each in sources.due(session, now())] == ["shop"]
    assert sync.sync(office(database, shop()), number, "command line").state == "done"
    assert (source(database).claim, source(database).claimed_by) == (None, None)


def test_a_sync_on_another_machine_is_waited_for_until_its_lease_is_over(
    sqlite: Engine, clock: time_machine.Traveller
) -> None:
    number = add_source(sqlite)
    with transaction(sqlite) as session:
        held = sources.named(session, "shop")
        held.claim, held.claimed_by = "theirs", "12 4711 another-boot pid:[1] elsewhere"
        held.claimed_until = now() + sources.LEASE
    with pytest.raises(Busy, match=r"Process 12 on elsewhere .* until 4 Nov 2026 12:04 UTC, or longer\. .* by itself"):
        sync.sync(office(sqlite, shop()), number, "command line")
    clock.shift(sources.LEASE)
    assert sync.sync(office(sqlite, shop()), number, "command line").state == "done"


def _address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_of_all_that_is_due_a_long_sync_leaves_time_for_the_others(sqlite: Engine) -> None:
    for name in ("first", "second", "third"):
        add_source(sqlite, name)
    vendor = shop()
    vendor.troubles[1] = Rejected("The token has expired.")
    sync.sync_due(office(sqlite, vendor), "timetable", 20)
    assert [source(sqlite, name).state for name in ("first", "second", "third")] == ["rejected", "working", "working"]
    sync.sync_due(office(sqlite, vendor), "timetable", 20)
    assert len(vendor.asked) == 3


def test_those_in_trouble_are_asked_last(sqlite: Engine) -> None:
    for name in ("slow", "first", "second"):
        add_source(sqlite, name)
    with transaction(sqlite) as session:
        slow, first = sources.named(session, "slow"), sources.named(session, "first")
        slow.failures, slow.due_at, first.due_at = 1, now() - MINUTE, now() - MINUTE
    with reading(sqlite) as session:
        assert [source.name for source in sources.due(session, now())] == ["first", "second", "slow"]


def test_a_source_whose_integration_is_gone_is_for_a_person(sqlite: Engine) -> None:
    number = add_source(sqlite)
    without = Office(sqlite, Parts(), Settings())
    failed = sync.sync(without, number, "timetable")
    assert (failed.state, failed.error) == ("rejected", "The integration shop is not installed.")

"""Sources in the timetable: asked when they are due, their deliveries read, old things forgotten."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import Engine, func, select

from ops_console.contracts.integration import Unavailable
from ops_console.contracts.sources import Arrival
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.periods import parse
from ops_console.ingest import inbox, sources
from ops_console.ingest.freshness import freshness
from ops_console.jobs.runner import tick
from ops_console.jobs.timetable import timetable
from ops_console.measures.readings import DataState
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.sources import InboxDelivery, SyncRun
from ops_console.scorecard import read, refresh
from tests.ingest.vendor import Shop, add_source, deployment, office, source, versions

MINUTE = timedelta(minutes=1)
NOVEMBER = parse("2026-11", ZoneInfo("UTC"))


def test_by_itself_a_source_is_asked_and_its_deliveries_are_read_and_forgotten(sqlite: Engine) -> None:
    with time_machine.travel(datetime(2026, 11, 4, 12, tzinfo=UTC), tick=False) as clock:
        vendor = Shop([deployment(number) for number in range(3)])
        at = office(sqlite, vendor)
        jobs = timetable(at.parts)
        add_source(sqlite)
        tick(at, jobs)
        with transaction(sqlite) as session:
            inbox.receive(session, sources.named(session, "shop"), Arrival("d", "deployed"), b'{"number": 9}', now())
        for _ in range(17):
            clock.shift(MINUTE)
            tick(at, jobs)
        assert vendor.asked == [0, 3]
        assert sorted(versions(sqlite)) == ["0", "1", "2", "9"]
        assert source(sqlite).last_good_at == now() - MINUTE
        clock.shift(timedelta(days=200))
        tick(at, jobs)
        with reading(sqlite) as session:
            assert session.scalar(select(func.count(InboxDelivery.id))) == 0
            assert session.scalar(select(func.count(SyncRun.id))) == 1


def test_figures_of_a_source_silent_for_two_intervals_are_stale_and_fresh_again_when_it_speaks(sqlite: Engine) -> None:
    with time_machine.travel(datetime(2026, 11, 4, 12, tzinfo=UTC), tick=False) as clock:
        vendor = Shop([deployment(60 * 24 * day) for day in range(20, 34)])
        at = office(sqlite, vendor)
        jobs = timetable(at.parts)
        add_source(sqlite)

        def state() -> DataState:
            with transaction(sqlite) as session:
                refresh.refresh(session, now())
                fresh = freshness(session, now())
                found = read.reading(session, "model_deployments", WORKSPACE, NOVEMBER, now=now(), fresh=fresh)
            return found.data_state

        for _ in range(2):
            tick(at, jobs)
            clock.shift(MINUTE)
        healthy = state()
        assert healthy != DataState.STALE
        vendor.troubles[7] = Unavailable("The shop is shut.", retry_after=3600)
        vendor.told.append(deployment(60 * 24 * 34))
        for _ in range(31):
            clock.shift(MINUTE)
            tick(at, jobs)
        assert source(sqlite).state == "unavailable"
        assert state() == DataState.STALE
        clock.shift(timedelta(hours=1))
        tick(at, jobs)
        assert (source(sqlite).state, state()) == ("working", healthy)

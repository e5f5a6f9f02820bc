"""Sources in the timetable: asked when they are due, their deliveries read, old things forgotten."""

from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import Engine, func, select

from ops_console.contracts.sources import Arrival
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.ingest import inbox, sources
from ops_console.jobs.runner import tick
from ops_console.jobs.timetable import timetable
from ops_console.records.sources import InboxDelivery, SyncRun
from tests.ingest.vendor import Shop, add_source, deployment, office, source, versions

MINUTE = timedelta(minutes=1)


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

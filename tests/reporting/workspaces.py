"""A workspace with a month of records, as ingest would leave it, and parts whose only channel is a flock of pigeons."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

import reports.monthly_operations
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.periods import Period, parse
from ops_console.core.settings import Settings
from ops_console.records.imports import Import
from ops_console.records.incidents import Incident
from ops_console.records.workspace import Workspace
from ops_console.reporting.publishing import Published, publish
from ops_console.scorecard.refresh import rebuild
from reports.monthly_operations import REPORT
from tests.kpis.records import Books
from tests.reporting.posting import Pigeons
from tests.reporting.shown import LONDON

OCTOBER: Period = parse("2026-10", LONDON)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def workspace(engine: Engine, *, empty: bool = False, **changes: Any) -> None:
    """Five incidents of an hour each in October, six releases, and sources that cover the year."""
    fixed = {"name": "MLOps Platform", "time_zone": "Europe/London", "currency": "USD", "country": "GB-ENG"}
    with transaction(engine) as session:
        session.add(Workspace(**(fixed | {"made_at": BEGINNING} | changes)))
        if not empty:
            session.add_all(imported(kind) for kind in ("incidents", "deployments"))
            _records(Books(session))
    with transaction(engine) as session:
        rebuild(session, now())


def imported(kind: str) -> Import:
    return Import(
        kind=kind,
        source="test",
        origin="test.csv",
        state="done",
        started_at=now(),
        finished_at=now(),
        first_at=BEGINNING,
        last_at=now(),
        covers_until=now(),
        rows=5,
    )


def _records(books: Books) -> None:
    model = books.model("ranker", tier=1, team="Search")
    for day in range(5):
        began = OCTOBER.start + timedelta(days=3 + day * 5, hours=9)
        release = books.release(model, began - timedelta(hours=1))
        incident = books.incident(model, began, began + timedelta(hours=1), severity="SEV2", title=f"Outage {day}")
        books.link(incident, release, confirmed=day == 0, method="person" if day == 0 else "suggestion")
    books.release(model, OCTOBER.end - timedelta(days=1))


def late_incident(engine: Engine) -> None:
    """One more incident of October, learnt of afterwards."""
    with transaction(engine) as session:
        books = Books(session)
        books.numbers = iter(range(900, 999))
        model = session.query(Incident).first().entry_id  # type: ignore[union-attr]
        began = OCTOBER.start + timedelta(days=20)
        books.incident(model, began, began + timedelta(hours=30), severity="SEV1", title="Found later")
        rebuild(session, now())


def parts(**channels: Pigeons) -> Parts:
    return Parts(channels=channels, reports={"monthly_operations": reports.monthly_operations})


def send(engine: Engine, pigeons: Pigeons, **more: Any) -> Published:
    """Publish October by pigeon."""
    return publish(engine, parts(pigeons=pigeons), Settings(), REPORT, OCTOBER, **({"made_by": "test"} | more))

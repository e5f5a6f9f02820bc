"""Measure a company of records and read the result."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event
from sqlmodel import Session

from ops_console.contracts.facts import KINDS
from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Figure, Span
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, Scope
from ops_console.measures.scopes import parse as scope_of
from ops_console.scorecard import read, refresh
from ops_console.scorecard.compute import PERIOD, Request, compute, setting_of
from tests.kpis.records import NOW, Books, at

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Kind:
    """Freshness of one kind of fact: healthy and complete unless said otherwise."""

    sources: tuple[str, ...] = ("test",)
    state: str = "working"
    reason: str = ""
    last_good: datetime | None = NOW
    covers_from: datetime | None = datetime(2024, 1, 1, tzinfo=UTC)
    covers_until: datetime | None = NOW


HEALTHY: Mapping[str, Kind] = {kind: Kind() for kind in KINDS}


@contextmanager
def books(database: Engine) -> Iterator[Books]:
    with transaction(database) as session:
        yield Books(session)


def figure(session: Session, key: str, period: str = "2026-10", scope: str = "workspace") -> Figure:
    """Straight from the records, without points."""
    stretch = parse(period, UTC_ZONE)
    request = Request(stretch, PERIOD, (Span(stretch.start, stretch.end),))
    found = compute(session, CATALOGUE[key], [request], setting_of(session))[request].get(scope_of(scope))
    return found[1] if found else Figure()


def read_one(session: Session, key: str, period: str = "2026-10", scope: Scope = WORKSPACE, **more: Any) -> Reading:
    """Measured, this KPI alone, and read from the scorecard."""
    now = more.pop("now", NOW)
    with patch.object(refresh, "CATALOGUE", {key: CATALOGUE[key]}):
        refresh.rebuild(session, now)
    fresh = {**HEALTHY, **more.pop("fresh", {})}
    return read.reading(session, key, scope, parse(period, UTC_ZONE), now=now, fresh=fresh, **more)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Every statement the session sends meanwhile."""
    sent: list[str] = []
    connection = session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


def released(written: Books, number: int, *, month: str = "10", failed: int = 0, **changes: Any) -> None:
    """Releases on one day, the first of them failed."""
    model = written.model(f"m{next(written.numbers)}", tier=1, team="Search")
    for each in range(number):
        live = at(f"{month}-14 00:00") + timedelta(hours=each)
        (written.failure if each < failed else written.release)(model, live, **changes)

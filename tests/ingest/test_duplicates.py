"""An incident begins when the earliest of its duplicates did: linking and unlinking one moves its primary's figure."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from ops_console.core.db import reading, transaction
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.refresh import rebuild, refresh

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
BEGAN = datetime(2026, 8, 3, 9, tzinfo=UTC)
PRIMARY = {
    "external_id": "primary",
    "title": "Ranker down",
    "service": "ranker",
    "impact_started_at": BEGAN.isoformat(),
    "restored_at": (BEGAN + timedelta(hours=1)).isoformat(),
}


def duplicate(**changes: str) -> dict[str, str]:
    """The same outage as another monitor saw it, an hour earlier; it was closed two months later."""
    seen = {
        "impact_started_at": (BEGAN - timedelta(hours=1)).isoformat(),
        "restored_at": (BEGAN + timedelta(days=60)).isoformat(),
    }
    return {**PRIMARY, "external_id": "duplicate", "duplicate_of": "primary", **seen, **changes}


def tell(engine: Engine, *rows: dict[str, str]) -> None:
    import_rows(engine, rows, Delivery("incidents", "pager"))
    refresh(engine, NOW)


def august(engine: Engine) -> float | None:
    wanted = select(ScorecardPoint.value).where(
        ScorecardPoint.kpi == "mttr",
        ScorecardPoint.period == "2026-08",
        ScorecardPoint.window == "period",
        ScorecardPoint.scope_kind == "workspace",
    )
    with reading(engine) as session:
        return session.exec(wanted).first()


def rebuilt(engine: Engine) -> float | None:
    with transaction(engine) as session:
        rebuild(session, NOW)
    return august(engine)


def test_a_duplicate_that_arrives_later_makes_its_primary_begin_earlier(database: Engine) -> None:
    tell(database, PRIMARY)
    assert august(database) == 3600
    tell(database, duplicate())
    assert august(database) == 7200 == rebuilt(database)


def test_a_duplicate_that_is_told_apart_gives_its_primary_its_own_start_back(database: Engine) -> None:
    tell(database, PRIMARY, duplicate())
    tell(database, duplicate(duplicate_of="", updated_at="2026-11-03T09:00:00Z"))
    assert august(database) == 3600 == rebuilt(database)

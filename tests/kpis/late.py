"""Facts that come through the door one after another, each followed by a refresh: as late as facts can be."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import col

from ops_console.core.db import reading, transaction
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.refresh import rebuild, refresh
from tests.ingest.deliveries import deliver
from tests.kpis.records import NOW

Told = tuple[str, Mapping[str, Any]]
Point = tuple[Any, ...]
MODEL: Told = ("models", {"name": "ranker", "tier": 1, "team": "Search", "lifecycle": "production"})


def told(kind: str, number: int = 1, **fields: Any) -> Told:
    return kind, {"external_id": f"{kind}-{number}", **fields}


def release(version: str, live: str, model: str = "ranker", **fields: Any) -> Told:
    row = {"external_id": f"{model}-{version}", "service": model, "version": version, "finished_at": live}
    return "deployments", {**row, **fields}


def points(database: Engine, key: str) -> list[Point]:
    """Every point of one KPI, without its number."""
    columns = [column for column in ScorecardPoint.__table__.columns if column.name != "id"]  # type: ignore[attr-defined]
    with reading(database) as session:
        rows = session.execute(select(*columns).where(col(ScorecardPoint.kpi) == key))
        return sorted((tuple(row) for row in rows), key=lambda row: row[:7])


def refreshed_and_rebuilt(database: Engine, key: str, story: Sequence[Told]) -> tuple[list[Point], list[Point]]:
    """The points after a refresh behind each fact, and those that a rebuild makes of all facts at once."""
    for kind, row in (MODEL, *story):
        assert deliver(database, kind, row).refused == 0
        refresh(database, NOW)
    refreshed = points(database, key)
    with transaction(database) as session:
        rebuild(session, NOW)
    return refreshed, points(database, key)

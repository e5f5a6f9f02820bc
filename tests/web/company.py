"""A small company, told as facts through the door: three models, thirteen months, a bad October 2026.

Costs, budgets and surveys stay unconnected.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ops_console.core.db import engine_for, transaction
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.records.schema import metadata
from ops_console.records.workspace import Workspace
from ops_console.scorecard.refresh import refresh
from tests.conftest import content

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
BEGAN = datetime(2025, 10, 6, 12, 0, tzinfo=UTC)
MODELS = {"ranker": (1, "Search"), "fraud": (1, "Risk"), "bidder": (2, "Ads")}
WEEKS = 56
COMPLETE = {"runbook_url": "https://runbooks.example/", "monitors": "service", "rollback_tested_on": "2026-10-20"}


def models() -> Iterator[dict[str, Any]]:
    for name, (tier, team) in MODELS.items():
        known = {"external_id": name, "name": name, "tier": tier, "team": team, "lifecycle": "production"}
        yield known | {"owner": f"{team} lead", "on_call": f"{name}-oncall", **COMPLETE}


def deployments(weeks: int = WEEKS) -> Iterator[dict[str, Any]]:
    for week in range(weeks):
        for place, model in enumerate(MODELS):
            live = BEGAN + timedelta(weeks=week, days=place)
            yield {
                "external_id": f"{model}-{week}",
                "model": model,
                "version": f"1.{week}",
                "environment": "production",
                "status": "succeeded",
                "kind": "release",
                "ready_at": live - timedelta(days=4 + week % 3),
                "finished_at": live,
            }


def incidents(weeks: int = WEEKS) -> Iterator[dict[str, Any]]:
    """One a fortnight; each week from October 2026 on, caused by that week's release of ranker."""
    for week in range(weeks):
        is_bad = week >= 51
        if week % 2 and not is_bad:
            continue
        began = BEGAN + (timedelta(weeks=week, hours=5) if is_bad else timedelta(weeks=week, days=6))
        yield {
            "external_id": f"INC-{week}",
            "title": f"ranker <b>slow</b> in week {week}",
            "model": "ranker",
            "severity": "SEV2",
            "status": "resolved",
            "impact_started_at": began,
            "restored_at": began + timedelta(minutes=40 + week),
            "caused_by": f"ranker-{week}" if is_bad else None,
        }


def fill(engine: Engine, weeks: int = WEEKS) -> None:
    metadata.create_all(engine)
    with transaction(engine) as session:
        session.add(Workspace(name="Ops", time_zone="Europe/London", currency="USD", made_at=NOW))
    facts = {"models": models(), "deployments": deployments(weeks), "incidents": incidents(weeks)}
    for kind, rows in facts.items():
        told = [{name: _told(value) for name, value in row.items() if value is not None} for row in rows]
        import_rows(engine, told, Delivery(kind=kind, source="test", covers_until=NOW, origin="API"))
    refresh(engine, NOW)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def as_bytes(path: Path, weeks: int = WEEKS) -> bytes:
    """The filled database as a file's content."""
    engine = engine_for(f"sqlite:///{path}")
    fill(engine, weeks)
    return content(engine)

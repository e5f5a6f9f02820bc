"""Which model has which input: one row per model, one cell per thing the KPIs need, each with its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind, Lifecycle
from ops_console.records.catalog import CatalogEntry
from ops_console.records.costs import Cost
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.slos import SliSlice, Slo
from ops_console.web.reads.coverage_words import (
    Cell,
    answerable,
    costs,
    deployments,
    incidents,
    objectives,
    ready_times,
)
from ops_console.web.reads.gaps import gaps_of

RECENT = timedelta(days=91)
FRESH = timedelta(days=35)
INPUTS = ("Deployments", "Ready time", "Incidents", "SLO", "Cost", "Owner and on call")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    entry: CatalogEntry
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What each statement found, by entry."""

    releases: Mapping[int, Any]
    incidents: Mapping[int, Any]
    objectives: Mapping[int, Any]
    slices: Mapping[int, Any]
    costs: Mapping[int, Any]


def total(session: Session) -> int:
    """How many models the matrix has."""
    return session.scalar(_entries(func.count(col(CatalogEntry.id)))) or 0


def coverage(
    session: Session, now: datetime, zone: ZoneInfo, *, incidents_arrive: bool, limit: int = 50, offset: int = 0
) -> list[CoverageRow]:
    """One page of models, the highest tier first. `incidents_arrive`: a source of incidents is connected."""
    order = (col(CatalogEntry.tier).asc().nulls_last(), col(CatalogEntry.slug))
    entries = session.scalars(_entries(CatalogEntry).order_by(*order).limit(limit).offset(offset)).all()
    ids = [entry.id or 0 for entry in entries]
    seen, gaps = _seen(session, now, ids), gaps_of(session, ids, now, zone)
    return [
        CoverageRow(entry, (*_cells(entry, seen, incidents_arrive), answerable(gaps[entry.id or 0])))
        for entry in entries
    ]


def _entries(what: Any) -> Any:
    return select(what).where(
        col(CatalogEntry.deleted_at).is_(None),
        col(CatalogEntry.provisional).is_(False),
        col(CatalogEntry.lifecycle).is_distinct_from(Lifecycle.RETIRED),
    )


def _seen(session: Session, now: datetime, ids: list[int]) -> _Seen:
    recent, fresh = now - RECENT, now - FRESH
    new = col(Release.kind).in_((DeploymentKind.RELEASE, DeploymentKind.HOTFIX))
    releases = (
        select(
            col(Release.entry_id),
            func.count(col(Release.id)).label("many"),
            func.sum(case((col(Release.ready_at).is_not(None), 1), else_=0)).label("ready"),
        )
        .where(col(Release.entry_id).in_(ids), col(Release.environment) == PRODUCTION, new)
        .where(col(Release.live_at) >= recent)
        .group_by(col(Release.entry_id))
    )
    broken = (
        select(col(Incident.entry_id), func.count(col(Incident.id)).label("many"))
        .where(col(Incident.entry_id).in_(ids), col(Incident.began_at) >= recent)
        .where(col(Incident.deleted_at).is_(None), col(Incident.drill).is_(False))
        .group_by(col(Incident.entry_id))
    )
    promised = (
        select(col(Slo.entry_id), func.count(col(Slo.id)).label("many"))
        .where(col(Slo.entry_id).in_(ids), col(Slo.deleted_at).is_(None))
        .group_by(col(Slo.entry_id))
    )
    # The newest slice of each objective is one step in the index on (slo_id, started_at).
    newest = select(func.max(col(SliSlice.started_at))).where(col(SliSlice.slo_id) == col(Slo.id)).scalar_subquery()
    slices = (
        select(col(Slo.entry_id), func.sum(case((newest >= fresh, 1), else_=0)).label("many"))
        .where(col(Slo.entry_id).in_(ids), col(Slo.deleted_at).is_(None))
        .group_by(col(Slo.entry_id))
    )
    charged = (
        select(col(Cost.entry_id), func.count(func.distinct(col(Cost.charge_day))).label("many"))
        .where(col(Cost.entry_id).in_(ids), col(Cost.charged_at) >= fresh)
        .group_by(col(Cost.entry_id))
    )
    found = (
        {row.entry_id: row for row in session.execute(each)} for each in (releases, broken, promised, slices, charged)
    )
    return _Seen(*found)


def _cells(entry: CatalogEntry, seen: _Seen, incidents_arrive: bool) -> tuple[Cell, ...]:
    key = entry.id or 0
    return (
        deployments(seen.releases.get(key)),
        ready_times(seen.releases.get(key)),
        incidents(seen.incidents.get(key), incidents_arrive),
        objectives(entry, seen.objectives.get(key), seen.slices.get(key)),
        costs(seen.costs.get(key)),
    )

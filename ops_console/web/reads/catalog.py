"""Models and services as the models page lists them: who answers for each, what is live, when it last broke."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind
from ops_console.records.catalog import Alias, CatalogEntry
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.slos import Slo
from ops_console.web.reads.listing import containing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter bar asks for; `None` asks for everything. `gap` says that something is missing."""

    team: str | None = None
    tier: int | None = None
    lifecycle: str | None = None
    kind: str | None = None
    gap: ColumnElement[bool] | None = None
    search: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """The release that brought the version which serves production today."""

    id: int
    version: str
    since: datetime


TRIED = [DeploymentKind.CANARY.value, DeploymentKind.SHADOW.value]
"""These serve a part of the traffic, or none."""
SAME = [DeploymentKind.RESTART.value, DeploymentKind.CONFIG.value]
"""These bring no other version than the one that serves."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of the list."""

    entry: CatalogEntry
    live: Live | None
    last_incident_at: datetime | None
    slos: int


def _newest(column: Any, *conditions: ColumnElement[bool]) -> Any:
    return select(func.max(column)).where(*conditions).correlate(CatalogEntry).scalar_subquery()


LIVE_SINCE = _newest(
    col(Release.live_at),
    col(Release.entry_id) == col(CatalogEntry.id),
    col(Release.environment) == PRODUCTION,
    col(Release.kind).not_in([*TRIED, *SAME]),
)
LAST_INCIDENT = _newest(
    col(Incident.began_at),
    col(Incident.entry_id) == col(CatalogEntry.id),
    col(Incident.deleted_at).is_(None),
    col(Incident.drill).is_(False),
)

COLUMNS = {
    "name": func.lower(col(CatalogEntry.name)),
    "tier": col(CatalogEntry.tier),
    "team": func.lower(col(CatalogEntry.team)),
    "owner": func.lower(col(CatalogEntry.owner)),
    "kind": col(CatalogEntry.kind),
    "lifecycle": col(CatalogEntry.lifecycle),
    "live": LIVE_SINCE,
    "incident": LAST_INCIDENT,
}

BY_NAME = COLUMNS["name"].asc()


def total(session: Session, wanted: Wanted) -> int:
    """How many rows the filter lets through."""
    return session.scalar(_filtered(select(func.count(col(CatalogEntry.id))), wanted)) or 0


def entries(session: Session, wanted: Wanted, order: Any = BY_NAME, limit: int = 50, offset: int = 0) -> list[ModelRow]:
    """One page of the catalog, by name unless the link asks otherwise."""
    found = session.execute(
        _filtered(select(CatalogEntry, LAST_INCIDENT), wanted)
        .order_by(order, col(CatalogEntry.slug))
        .limit(limit)
        .offset(offset)
    ).all()
    ids = [row[0].id for row in found]
    live, slos = live_of(session, ids), _slos(session, ids)
    return [ModelRow(entry, live.get(entry.id), last, slos.get(entry.id, 0)) for entry, last in found]


def live_of(session: Session, entry_ids: Sequence[int]) -> dict[int, Live]:
    """What serves production today, by entry: a restart of it changes neither the version nor since when."""
    serving, brought = aliased(Release), aliased(Release)
    found = session.execute(
        select(col(CatalogEntry.id), serving, brought)
        .select_from(CatalogEntry)
        .join(serving, col(serving.id) == _last_live(TRIED))
        .outerjoin(
            brought, and_(col(brought.id) == _last_live([*TRIED, *SAME]), col(brought.version) == col(serving.version))
        )
        .where(col(CatalogEntry.id).in_(entry_ids))
    )
    return {entry_id: _live(began or newest) for entry_id, newest, began in found}


def _last_live(but: Sequence[str]) -> Any:
    """The number of the newest release in production that is none of these kinds."""
    # One look into the index per entry, where a GROUP BY would read every release they ever had.
    return (
        select(col(Release.id))
        .where(col(Release.entry_id) == col(CatalogEntry.id), col(Release.environment) == PRODUCTION)
        .where(col(Release.live_at).is_not(None), col(Release.kind).not_in(but))
        .order_by(col(Release.live_at).desc(), col(Release.id).desc())
        .limit(1)
        .correlate(CatalogEntry)
        .scalar_subquery()
    )


def _live(release: Release) -> Live:
    if release.id is None or release.live_at is None:
        raise ValueError("what serves has a number and went live")
    return Live(release.id, release.version, release.live_at)


def _slos(session: Session, entry_ids: Sequence[int]) -> dict[int, int]:
    counted = select(col(Slo.entry_id), func.count(col(Slo.id))).where(col(Slo.entry_id).in_(entry_ids))
    grouped = counted.where(col(Slo.deleted_at).is_(None)).group_by(col(Slo.entry_id))
    return {row[0]: row[1] for row in session.execute(grouped)}


def _filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    return statement.select_from(CatalogEntry).where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [
        (wanted.team, col(CatalogEntry.team)),
        (wanted.tier, col(CatalogEntry.tier)),
        (wanted.lifecycle, col(CatalogEntry.lifecycle)),
        (wanted.kind, col(CatalogEntry.kind)),
    ]
    conditions: list[ColumnElement[bool]] = [
        col(CatalogEntry.deleted_at).is_(None),
        col(CatalogEntry.provisional).is_(wanted.provisional),
    ]
    conditions += [col(column) == value for value, column in asked if value is not None]
    if wanted.gap is not None:
        conditions.append(wanted.gap)
    if wanted.search:
        known_as = select(col(Alias.entry_id)).where(containing(col(Alias.name), wanted.search))
        conditions.append(
            or_(
                containing(col(CatalogEntry.name), wanted.search),
                containing(col(CatalogEntry.slug), wanted.search),
                col(CatalogEntry.id).in_(known_as),
            )
        )
    return conditions

"""Releases as the deployments page lists, filters and counts them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, or_, select, true, union_all
from sqlalchemy.sql import visitors
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.records.catalog import CatalogEntry, CatalogInterval, stood
from ops_console.records.deployments import Release
from ops_console.records.schema import metadata
from ops_console.web.reads.judged import failed, why_no_deployment
from ops_console.web.reads.links import Hurt, incidents_of
from ops_console.web.reads.listing import containing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter bar asks for; `None` asks for everything. `search` looks into versions."""

    start: datetime | None = None
    end: datetime | None = None
    environment: str | None = PRODUCTION
    kind: str | None = None
    team: str | None = None
    tier: int | None = None
    model: str | None = None
    failed: bool | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One line of the list: the release, whose it was then, why it is no model deployment, whether it failed."""

    release: Release
    slug: str
    team: str | None
    tier: int | None
    why_not_counted: str | None
    failed: bool
    incidents: tuple[Hurt, ...]

    @property
    def at(self) -> datetime | None:
        return self.release.live_at or self.release.last_at or self.release.started_at

    @property
    def lead(self) -> float | None:
        """Seconds from ready to live; below zero where it was live before anybody called it ready."""
        if self.release.live_at is None or self.release.ready_at is None:
            return None
        return (self.release.live_at - self.release.ready_at).total_seconds()


def happened(release: Any = Release) -> ColumnElement[datetime]:
    """When a release went live, or else the last that is known of it."""
    moment: ColumnElement[datetime] = func.coalesce(release.live_at, release.last_at, release.started_at)
    return moment


COLUMNS = {
    "live_at": happened(),
    "model": col(CatalogEntry.slug),
    "version": col(Release.version),
    "kind": col(Release.kind),
    "lead": col(Release.live_at) - col(Release.ready_at),
}

COLUMNS_BESIDES: tuple[Any, ...] = (
    col(CatalogEntry.slug),
    col(CatalogInterval.team),
    col(CatalogInterval.tier),
    why_no_deployment(),
    failed(),
)
ENTRY, INTERVAL = (metadata.tables[str(record.__tablename__)] for record in (CatalogEntry, CatalogInterval))
EVERYTHING = (ENTRY, INTERVAL)
NEWEST_FIRST = COLUMNS["live_at"].desc().nulls_last()


def releases(
    session: Session, wanted: Wanted, order: Any = NEWEST_FIRST, limit: int = 50, offset: int = 0
) -> list[ReleaseRow]:
    """One page of releases, newest first unless the link asks otherwise."""
    ordered = (order, col(Release.id).desc())
    # The page is cut from bare ids: only its own rows are read whole and judged, not all that the filter lets through.
    page = _filtered(select(col(Release.id)), wanted, order).order_by(*ordered).limit(limit).offset(offset)
    statement = _joined(select(Release, *COLUMNS_BESIDES), EVERYTHING).where(col(Release.id).in_(page))
    found: Sequence[Any] = session.execute(statement.order_by(*ordered)).all()
    linked = incidents_of(session, [row[0].id for row in found])
    return [ReleaseRow(*(*row, tuple(linked.get(row[0].id, ())))) for row in found]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many releases the filter lets through: model deployments, and the others by reason, most frequent first."""

    counted: int
    uncounted: dict[str, int]

    @property
    def total(self) -> int:
        return self.counted + sum(self.uncounted.values())


def tally(session: Session, wanted: Wanted) -> Tally:
    """Counted in one pass, because a quarter may hold tens of thousands."""
    why = why_no_deployment()
    groups = session.execute(_filtered(select(why, func.count(col(Release.id))), wanted).group_by(why))
    found: dict[str | None, int] = {row[0]: row[1] for row in groups}
    counted = found.pop(None, 0)
    return Tally(counted, dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))))  # type: ignore[arg-type]


def newest(session: Session) -> datetime | None:
    """When something last went live in production."""
    return session.scalar(select(func.max(col(Release.live_at))).where(col(Release.environment) == PRODUCTION))


def environments(session: Session) -> list[str]:
    """The environments that any release names, production first."""
    names = session.scalars(select(col(Release.environment)).distinct()).all()
    return sorted({*names, PRODUCTION}, key=lambda name: (name != PRODUCTION, name))


def _filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted, order: Any = None) -> Select[*tuple[Any, ...]]:
    conditions = _conditions(wanted)
    named = {table for part in (*conditions, order) if part is not None for table in tables_of(part)}
    return _joined(statement, named).where(*conditions)


def _joined(statement: Select[*tuple[Any, ...]], named: Collection[Any]) -> Select[*tuple[Any, ...]]:
    """Joined to the tables that are named, and no other: each would be looked up for every row that is counted."""
    statement = statement.select_from(Release)
    if ENTRY in named:
        statement = statement.join(CatalogEntry, col(CatalogEntry.id) == col(Release.entry_id))
    if INTERVAL in named:
        statement = statement.outerjoin(CatalogInterval, stood(col(Release.entry_id), happened()))
    return statement


def tables_of(part: Any) -> Iterator[Any]:
    """The tables whose columns an expression names."""
    return (each.table for each in visitors.iterate(part) if isinstance(each, Column))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    ranged = wanted.start is not None and wanted.end is not None
    asked = [
        (None if ranged else wanted.environment, col(Release.environment)),
        (wanted.kind, col(Release.kind)),
        (wanted.team, col(CatalogInterval.team)),
        (wanted.tier, col(CatalogInterval.tier)),
        (wanted.model, col(CatalogEntry.slug)),
    ]
    conditions: list[ColumnElement[bool]] = [col(column) == value for value, column in asked if value is not None]
    if wanted.start is not None and wanted.end is not None:
        conditions.append(_within(wanted.start, wanted.end, wanted.environment))
    if wanted.failed is not None:
        conditions.append(failed() if wanted.failed else ~failed())
    if wanted.search:
        conditions.append(
            or_(containing(col(Release.version), wanted.search), containing(col(CatalogEntry.slug), wanted.search))
        )
    return conditions


def _within(start: datetime, end: datetime, environment: str | None) -> ColumnElement[bool]:
    # Two ranges, because an index on live_at cannot serve coalesce(live_at, last_at, started_at); as a union of ids
    # that alone names the environment, because otherwise SQLite reads every release there.
    there = true() if environment is None else col(Release.environment) == environment
    begun = func.coalesce(col(Release.last_at), col(Release.started_at))
    live = select(col(Release.id)).where(there, col(Release.live_at) >= start, col(Release.live_at) < end)
    never = select(col(Release.id)).where(there, col(Release.live_at).is_(None), begun >= start, begun < end)
    return col(Release.id).in_(union_all(live, never))

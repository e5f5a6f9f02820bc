"""Releases as the deployments page lists, filters and counts them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.web.reads.links import Hurt, incidents_of
from ops_console.web.reads.listing import Listing, containing, ordering, stood

NEW_VERSIONS = (DeploymentKind.RELEASE, DeploymentKind.HOTFIX)
"""The kinds that bring a new version, so that they count as model deployments."""


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
    """One line of the list: the release, whose it was then, and whether it failed."""

    release: Release
    slug: str
    team: str | None
    tier: int | None
    failed: bool
    incidents: tuple[Hurt, ...] = ()

    @property
    def at(self) -> datetime | None:
        return self.release.live_at or self.release.started_at or self.release.requested_at

    @property
    def counts(self) -> bool:
        """It is a model deployment: a new version that went live for the first time."""
        return not why_not_counted(
            self.release.kind, self.release.live_at is not None, self.release.is_first_of_version
        )


def why_not_counted(kind: str, is_live: bool, is_first: bool) -> str:
    """Why a release is no model deployment, in words; empty where it is one."""
    if not is_live:
        return "never went live"
    if kind not in NEW_VERSIONS:
        return kind
    return "" if is_first else "the version was live before"


def happened(release: Any = Release) -> ColumnElement[datetime]:
    """When a release went live, or else when somebody began or asked for it."""
    moment: ColumnElement[datetime] = func.coalesce(release.live_at, release.started_at, release.requested_at)
    return moment


def failed(release: Any = Release) -> ColumnElement[bool]:
    """A confirmed incident names the release, or a later release rolled it back."""
    later = Release.__table__.alias("later")  # type: ignore[attr-defined]
    blamed = exists().where(
        col(IncidentLink.release_id) == release.id,
        col(IncidentLink.confirmed),
        col(Incident.id) == col(IncidentLink.incident_id),
        col(Incident.false_positive).is_(False),
        col(Incident.deleted_at).is_(None),
    )
    undone = exists().where(later.c.rolls_back_id == release.id, later.c.entry_id == release.entry_id)
    return or_(blamed, undone)


COLUMNS = {
    "live_at": happened(),
    "model": col(CatalogEntry.slug),
    "version": col(Release.version),
    "kind": col(Release.kind),
    "lead": col(Release.live_at) - col(Release.ready_at),
}


def releases(
    session: Session, wanted: Wanted, sort: str = "-live_at", limit: int = 50, offset: int = 0
) -> Listing[ReleaseRow]:
    """One page of releases, newest first unless the link asks otherwise."""
    total = session.scalar(_filtered(select(func.count(col(Release.id))), wanted)) or 0
    found = session.execute(
        _filtered(
            select(
                Release,
                col(CatalogEntry.slug),
                col(CatalogInterval.team),
                col(CatalogInterval.tier),
                failed().label("failed"),
            ),
            wanted,
        )
        .order_by(*ordering(sort, COLUMNS, "-live_at"), col(Release.id).desc())
        .limit(limit)
        .offset(offset)
    ).all()
    linked = incidents_of(session, [row[0].id for row in found])
    rows = [
        ReleaseRow(release, slug, team, tier, bool(did_fail), tuple(linked.get(release.id, ())))
        for release, slug, team, tier, did_fail in found
    ]
    return Listing(rows, total)


def uncounted(session: Session, wanted: Wanted) -> dict[str, int]:
    """How many releases the filter lets through that are no model deployments, by reason, most frequent first."""
    is_live = col(Release.live_at).is_not(None)
    groups = session.execute(
        _filtered(
            select(col(Release.kind), is_live, col(Release.is_first_of_version), func.count(col(Release.id))), wanted
        ).group_by(col(Release.kind), is_live, col(Release.is_first_of_version))
    )
    reasons: dict[str, int] = defaultdict(int)
    for kind, live, first, count in groups:
        reasons[why_not_counted(kind, bool(live), bool(first))] += count
    reasons.pop("", None)
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))


def environments(session: Session) -> list[str]:
    """The environments that any release names, production first."""
    names = session.scalars(select(col(Release.environment)).distinct()).all()
    return sorted({*names, PRODUCTION}, key=lambda name: (name != PRODUCTION, name))


def _filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    statement = statement.select_from(Release).join(CatalogEntry, col(CatalogEntry.id) == col(Release.entry_id))
    statement = statement.outerjoin(CatalogInterval, stood(col(Release.entry_id), happened()))
    return statement.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [
        (wanted.environment, col(Release.environment)),
        (wanted.kind, col(Release.kind)),
        (wanted.team, col(CatalogInterval.team)),
        (wanted.tier, col(CatalogInterval.tier)),
        (wanted.model, col(CatalogEntry.slug)),
    ]
    conditions: list[ColumnElement[bool]] = [col(column) == value for value, column in asked if value is not None]
    if wanted.start is not None and wanted.end is not None:
        conditions.append(_within(wanted.start, wanted.end))
    if wanted.failed is not None:
        conditions.append(failed() if wanted.failed else ~failed())
    if wanted.search:
        conditions.append(
            or_(containing(col(Release.version), wanted.search), containing(col(CatalogEntry.slug), wanted.search))
        )
    return conditions


def _within(start: datetime, end: datetime) -> ColumnElement[bool]:
    # Written as two ranges, because an index on live_at cannot serve coalesce(live_at, started_at, requested_at).
    live = and_(col(Release.live_at) >= start, col(Release.live_at) < end)
    begun = func.coalesce(col(Release.started_at), col(Release.requested_at))
    return or_(live, and_(col(Release.live_at).is_(None), begun >= start, begun < end))

"""Incidents as their page lists, filters and counts them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import IncidentStatus
from ops_console.core.columns import milliseconds_between
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.web.reads.listing import Listing, containing, ordering, stood


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter bar asks for; `None` asks for everything. `state` is open, restored or excluded."""

    start: datetime | None = None
    end: datetime | None = None
    severity: str | None = None
    state: str | None = None
    link: str | None = None
    team: str | None = None
    tier: int | None = None
    model: str | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident, whose it was when it began, and the release it is attributed to."""

    incident: Incident
    slug: str
    team: str | None
    tier: int | None
    link: IncidentLink | None
    release: Release | None

    @property
    def excluded(self) -> str:
        """Why it does not enter the time to restore; empty where it does."""
        return why_excluded(self.incident)

    @property
    def restored_after(self) -> float | None:
        """Seconds from the beginning to the restoration."""
        return seconds(self.incident.began_at, self.incident.restored_at)


def seconds(began: datetime | None, ended: datetime | None) -> float | None:
    """The time between two instants; unknown where either is, and where they stand in the wrong order."""
    if began is None or ended is None or ended < began:
        return None
    return (ended - began).total_seconds()


def why_excluded(incident: Incident) -> str:
    """Why an incident does not enter the time to restore, in words."""
    if incident.false_positive:
        return "false positive"
    if incident.maintenance:
        return "maintenance"
    if incident.duplicate_of:
        return f"duplicate of {incident.duplicate_of}"
    if incident.began_at is not None and incident.restored_at == incident.began_at:
        return "zero duration"
    return ""


def excluded() -> ColumnElement[bool]:
    """The same as `why_excluded`, in SQL."""
    return or_(
        col(Incident.false_positive),
        col(Incident.maintenance),
        func.coalesce(col(Incident.duplicate_of), "") != "",
        func.coalesce(col(Incident.restored_at) == col(Incident.began_at), False),
    )


COLUMNS = {
    "began_at": col(Incident.began_at),
    "severity": col(Incident.severity),
    "model": col(CatalogEntry.slug),
    "duration": milliseconds_between(col(Incident.began_at), col(Incident.restored_at)),
    "title": col(Incident.title),
}


def incidents(
    session: Session, wanted: Wanted, sort: str = "-began_at", limit: int = 50, offset: int = 0
) -> Listing[IncidentRow]:
    """One page of incidents, newest first unless the link asks otherwise."""
    total = session.scalar(filtered(select(func.count(col(Incident.id))), wanted)) or 0
    found = session.execute(
        filtered(all_columns(), wanted)
        .order_by(*ordering(sort, COLUMNS, "-began_at"), col(Incident.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return Listing([IncidentRow(*row) for row in found], total)


def all_columns() -> Select[*tuple[Any, ...]]:
    return select(
        Incident, col(CatalogEntry.slug), col(CatalogInterval.team), col(CatalogInterval.tier), IncidentLink, Release
    )


def filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    statement = statement.select_from(Incident).join(CatalogEntry, col(CatalogEntry.id) == col(Incident.entry_id))
    statement = statement.outerjoin(CatalogInterval, stood(col(Incident.entry_id), col(Incident.began_at)))
    statement = statement.outerjoin(IncidentLink, col(IncidentLink.incident_id) == col(Incident.id))
    statement = statement.outerjoin(Release, col(Release.id) == col(IncidentLink.release_id))
    return statement.where(col(Incident.deleted_at).is_(None), *_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [
        (wanted.severity, col(Incident.severity)),
        (wanted.team, col(CatalogInterval.team)),
        (wanted.tier, col(CatalogInterval.tier)),
        (wanted.model, col(CatalogEntry.slug)),
    ]
    conditions: list[ColumnElement[bool]] = [col(column) == value for value, column in asked if value is not None]
    if wanted.start is not None and wanted.end is not None:
        conditions.append(and_(col(Incident.began_at) >= wanted.start, col(Incident.began_at) < wanted.end))
    if wanted.state in STATES:
        conditions.append(STATES[wanted.state])
    if wanted.link in LINKS:
        conditions.append(LINKS[wanted.link])
    if wanted.search:
        words = (col(Incident.title), col(Incident.external_id), col(CatalogEntry.slug))
        conditions.append(or_(*(containing(col(column), wanted.search) for column in words)))
    return conditions


STATES: dict[str, ColumnElement[bool]] = {
    "open": and_(
        col(Incident.restored_at).is_(None), col(Incident.status).is_distinct_from(IncidentStatus.RESOLVED), ~excluded()
    ),
    "restored": and_(col(Incident.restored_at).is_not(None), ~excluded()),
    "excluded": excluded(),
}
LINKS: dict[str, ColumnElement[bool]] = {
    "confirmed": and_(col(IncidentLink.confirmed), col(IncidentLink.release_id).is_not(None)),
    "suggested": and_(col(IncidentLink.confirmed).is_(False), col(IncidentLink.release_id).is_not(None)),
    "none": col(IncidentLink.release_id).is_(None),
}


def uncounted(session: Session, wanted: Wanted) -> dict[str, int]:
    """How many incidents the filter lets through that do not enter the time to restore, by reason."""
    reason = case(
        (col(Incident.false_positive), "false positive"),
        (col(Incident.maintenance), "maintenance"),
        (func.coalesce(col(Incident.duplicate_of), "") != "", "duplicate"),
        (col(Incident.restored_at) == col(Incident.began_at), "zero duration"),
        (col(Incident.restored_at).is_(None), "not restored yet"),
        else_="",
    )
    groups = session.execute(filtered(select(reason, func.count(col(Incident.id))), wanted).group_by(reason))
    counted = {text: count for text, count in groups if text}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

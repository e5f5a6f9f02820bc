"""Incidents as their page lists, filters and counts them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from ops_console.core.columns import milliseconds_between
from ops_console.kpis.mttr import OPEN
from ops_console.records.catalog import CatalogEntry, CatalogInterval, stood
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.web.reads.judged import verdicts
from ops_console.web.reads.listing import containing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter bar asks for; `None` asks for everything. `state` is open, restored or excluded. Drills are kept
    apart: a list holds none, or nothing else.
    """

    start: datetime | None = None
    end: datetime | None = None
    severity: str | None = None
    state: str | None = None
    link: str | None = None
    team: str | None = None
    tier: int | None = None
    model: str | None = None
    search: str = ""
    drills: bool | None = False


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident, whose it was when it began, the release it is attributed to, and why it does not count."""

    incident: Incident
    slug: str
    team: str | None
    tier: int | None
    link: IncidentLink | None
    release: Release | None
    excluded: str | None

    @property
    def is_open(self) -> bool:
        """Not restored, and nobody said that it needs no restoring."""
        return self.excluded == OPEN

    @property
    def restored_after(self) -> float | None:
        """Seconds of trouble; unknown while it lasts."""
        return None if self.incident.trouble is None else self.incident.trouble.total_seconds()


COLUMNS = {
    "began_at": col(Incident.began_at),
    "severity": col(Incident.severity),
    "model": col(CatalogEntry.slug),
    "duration": milliseconds_between(col(Incident.began_at), col(Incident.restored_at)) + col(Incident.reopened_ms),
    "title": col(Incident.title),
}

NEWEST_FIRST = COLUMNS["began_at"].desc().nulls_last()


def total(session: Session, wanted: Wanted) -> int:
    """How many rows the filter lets through."""
    return session.scalar(filtered(select(func.count(col(Incident.id))), wanted)) or 0


def incidents(
    session: Session, wanted: Wanted, order: Any = NEWEST_FIRST, limit: int = 50, offset: int = 0
) -> list[IncidentRow]:
    """One page of incidents, newest first unless the link asks otherwise."""
    statement = filtered(select(*SHOWN), wanted).order_by(order, col(Incident.id).desc())
    return judged(session, session.execute(statement.limit(limit).offset(offset)).all())


def judged(session: Session, rows: Sequence[Any]) -> list[IncidentRow]:
    """The rows, each with the reason why it does not count."""
    verdict = verdicts(col(Incident.id).in_([row[0].id for row in rows]))
    why = {row.record_id: row.excluded for row in session.execute(select(verdict.c.record_id, verdict.c.excluded))}
    return [IncidentRow(*(*row, why.get(row[0].id))) for row in rows]


SHOWN: tuple[Any, ...] = (
    Incident,
    col(CatalogEntry.slug),
    col(CatalogInterval.team),
    col(CatalogInterval.tier),
    IncidentLink,
    Release,
)


def filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """The statement over the incidents that the filter lets through."""
    statement = statement.select_from(Incident).join(CatalogEntry, col(CatalogEntry.id) == Incident.entry_id)
    statement = statement.outerjoin(CatalogInterval, stood(Incident.entry_id, Incident.began_at))
    statement = statement.outerjoin(IncidentLink, col(IncidentLink.incident_id) == Incident.id)
    statement = statement.outerjoin(Release, col(Release.id) == IncidentLink.release_id)
    if wanted.state in STATES:
        verdict = verdicts(*_span(wanted))
        statement = statement.join(verdict, verdict.c.record_id == Incident.id)
        statement = statement.where(STATES[wanted.state](verdict.c.excluded))
    return statement.where(col(Incident.deleted_at).is_(None), *_conditions(wanted))


def _span(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.start is None or wanted.end is None:
        return []
    return [col(Incident.began_at) >= wanted.start, col(Incident.began_at) < wanted.end]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [
        (wanted.severity, col(Incident.severity)),
        (wanted.team, col(CatalogInterval.team)),
        (wanted.tier, col(CatalogInterval.tier)),
        (wanted.model, col(CatalogEntry.slug)),
    ]
    conditions: list[ColumnElement[bool]] = [col(column) == value for value, column in asked if value is not None]
    conditions += _span(wanted)
    if wanted.drills is not None:
        conditions.append(col(Incident.drill).is_(wanted.drills))
    if wanted.link in LINKS:
        conditions.append(LINKS[wanted.link])
    if wanted.search:
        words = (col(Incident.title), col(Incident.external_id), col(CatalogEntry.slug))
        conditions.append(or_(*(containing(col(column), wanted.search) for column in words)))
    return conditions


STATES: dict[str, Callable[[ColumnElement[Any]], ColumnElement[bool]]] = {
    "open": lambda why: why == OPEN,
    "restored": lambda why: why.is_(None),
    "excluded": lambda why: why != OPEN,
}
LINKS: dict[str, ColumnElement[bool]] = {
    "confirmed": and_(col(IncidentLink.confirmed), col(IncidentLink.release_id).is_not(None)),
    "suggested": and_(col(IncidentLink.confirmed).is_(False), col(IncidentLink.release_id).is_not(None)),
    "none": col(IncidentLink.release_id).is_(None),
}


def newest(session: Session) -> datetime | None:
    """When something last broke."""
    return session.scalar(select(func.max(col(Incident.began_at))))


def uncounted(session: Session, wanted: Wanted) -> dict[str, int]:
    """How many incidents the filter lets through that do not enter the time to restore, by reason."""
    verdict = verdicts(*_span(wanted), name="counted")
    counts = filtered(select(verdict.c.excluded, func.count(col(Incident.id))), wanted)
    groups = session.execute(counts.join(verdict, verdict.c.record_id == Incident.id).group_by(verdict.c.excluded))
    counted = {reason: count for reason, count in groups if reason}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

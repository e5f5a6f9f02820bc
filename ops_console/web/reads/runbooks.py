"""Runbooks as their page lists them: those never tested first, then those tested longest ago."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.practices.runbooks import TESTED, USED
from ops_console.records import audit
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.records.runbooks import Runbook, RunbookEvent

GONE = ("retired",)


@dataclass(frozen=True, slots=True)
class Event:
    """One drill or use, and the incident it was used in."""

    event: RunbookEvent
    incident: Incident | None


@dataclass(frozen=True, slots=True)
class RunbookRow:
    """One runbook: whose it is, what links to it, what happened with it, the newest first."""

    url: str
    number: int | None
    owner: str | None
    entries: tuple[CatalogEntry, ...]
    events: tuple[Event, ...]

    @property
    def tested(self) -> Event | None:
        return next((each for each in self.events if each.event.happened == TESTED), None)

    @property
    def used(self) -> Event | None:
        return next((each for each in self.events if each.event.happened == USED), None)


def runbooks(session: Session) -> list[RunbookRow]:
    """Every runbook that a model or service links to, and every one that somebody spoke of."""
    linked: dict[str, list[CatalogEntry]] = defaultdict(list)
    for entry in _registered(session, has_one=True):
        linked[entry.runbook_url or ""].append(entry)
    kept = {row.url: row for row in session.scalars(select(Runbook))}
    events = _events(session)
    rows = [
        _row(url, kept.get(url), linked.get(url, []), events) for url in dict.fromkeys([*sorted(linked), *sorted(kept)])
    ]
    return sorted(rows, key=lambda row: (row.tested.event.on if row.tested else date.min, row.url))


def without(session: Session) -> Sequence[CatalogEntry]:
    """Models and services that link to none, the most important first."""
    return _registered(session, has_one=False)


def _row(url: str, kept: Runbook | None, entries: list[CatalogEntry], events: dict[int, list[Event]]) -> RunbookRow:
    number = audit.number(kept) if kept else None
    owner = kept.owner if kept else None
    return RunbookRow(url, number, owner, tuple(entries), tuple(events.get(number or 0, [])))


def _registered(session: Session, has_one: bool) -> Sequence[CatalogEntry]:
    links = col(CatalogEntry.runbook_url)
    wanted = select(CatalogEntry).where(
        col(CatalogEntry.deleted_at).is_(None),
        col(CatalogEntry.provisional).is_(False),
        col(CatalogEntry.lifecycle).is_(None) | col(CatalogEntry.lifecycle).not_in(GONE),
        links.is_not(None) if has_one else links.is_(None),
    )
    return session.scalars(wanted.order_by(col(CatalogEntry.tier).nulls_last(), col(CatalogEntry.slug))).all()


def _events(session: Session) -> dict[int, list[Event]]:
    """By number of the runbook, the newest first."""
    found: dict[int, list[Event]] = defaultdict(list)
    wanted = select(RunbookEvent, Incident).outerjoin(Incident, col(Incident.id) == RunbookEvent.incident_id)
    for event, incident in session.execute(wanted.order_by(col(RunbookEvent.on).desc(), col(RunbookEvent.id).desc())):
        found[event.runbook_id].append(Event(event, incident))
    return found

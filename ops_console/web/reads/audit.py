"""The trail of decisions as its page lists it, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from ops_console.records.audit import AuditEntry
from ops_console.records.reviews import IncidentReview


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose decisions, about what, and of which stretch of time."""

    by: str | None = None
    subject: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision; `incident_id` is where a review is read."""

    entry: AuditEntry
    incident_id: int | None


def newest(session: Session) -> datetime | None:
    return session.scalar(select(func.max(col(AuditEntry.at))))


def deciders(session: Session) -> list[str]:
    """Everybody who ever decided something."""
    return list(session.scalars(select(col(AuditEntry.by)).distinct().order_by(col(AuditEntry.by))))


def subjects(session: Session) -> list[str]:
    return list(session.scalars(select(col(AuditEntry.subject)).distinct().order_by(col(AuditEntry.subject))))


def total(session: Session, wanted: Wanted) -> int:
    return session.scalar(select(func.count(col(AuditEntry.id))).where(*_conditions(wanted))) or 0


def entries(session: Session, wanted: Wanted, limit: int, offset: int) -> list[Entry]:
    shown = select(AuditEntry).where(*_conditions(wanted)).order_by(col(AuditEntry.id).desc())
    rows = session.scalars(shown.limit(limit).offset(offset)).all()
    reviews = {row.number for row in rows if row.subject == "review"}
    of_reviews = select(col(IncidentReview.id), col(IncidentReview.incident_id)).where(
        col(IncidentReview.id).in_(reviews)
    )
    found = {row[0]: row[1] for row in session.execute(of_reviews)}
    return [Entry(row, found.get(row.number) if row.subject == "review" else None) for row in rows]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [
        wanted.by and col(AuditEntry.by) == wanted.by,
        wanted.subject and col(AuditEntry.subject) == wanted.subject,
        wanted.start and col(AuditEntry.at) >= wanted.start,
        wanted.end and col(AuditEntry.at) < wanted.end,
    ]
    return [each for each in asked if isinstance(each, ColumnElement)]

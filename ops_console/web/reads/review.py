"""One review with everything beside it."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.errors import NotFound
from ops_console.practices import reviews
from ops_console.practices.review_timeline import lines
from ops_console.practices.review_versions import versions
from ops_console.practices.review_writing import sections
from ops_console.practices.similar import similar
from ops_console.practices.verdicts import Verdict
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import AuditEntry
from ops_console.records.incidents import Incident
from ops_console.records.reviews import (
    IncidentReview,
    ReviewComment,
    ReviewFactor,
    ReviewLine,
    ReviewSection,
    ReviewVersion,
)
from ops_console.web.reads.incident import incident as read_incident
from ops_console.web.reads.incidents import IncidentRow

MOST_ENTRIES = 30
Beside = TypeVar("Beside", ReviewFactor, ReviewComment)


@dataclass(frozen=True, slots=True)
class ReviewDetail:
    """What people wrote, what facts say, and what was decided."""

    row: IncidentRow
    review: IncidentReview
    parts: list[ReviewSection]
    lines: list[ReviewLine]
    factors: list[ReviewFactor]
    comments: list[ReviewComment]
    versions: list[ReviewVersion]
    actions: list[Action]
    verdicts: dict[int, Verdict]
    similar: list[Incident]
    trail: list[AuditEntry]


def review(session: Session, incident_id: int) -> ReviewDetail:
    """`NotFound` where there is no such incident, or no review of it."""
    found = read_incident(session, incident_id)
    if found is None:
        raise NotFound(f"There is no incident {incident_id}.", remedy="Its source may have deleted it.")
    kept = reviews.get(session, incident_id)
    number = audit.number(kept)
    return ReviewDetail(
        row=found.row,
        review=kept,
        parts=sections(session, number),
        lines=lines(session, number),
        factors=_mine(session, ReviewFactor, number),
        comments=_mine(session, ReviewComment, number),
        versions=versions(session, number),
        actions=found.actions,
        verdicts=found.verdicts,
        similar=similar(session, found.row.incident),
        trail=audit.history(session, "review", [number])[:MOST_ENTRIES],
    )


def _mine(session: Session, of: type[Beside], number: int) -> list[Beside]:
    return list(session.scalars(select(of).where(col(of.review_id) == number).order_by(col(of.id))))

"""Reviews as their pages show them: the list, and what contributes most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ReviewState
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview

UNWRITTEN = (ReviewState.DUE, ReviewState.DRAFT)
WAITING = (*UNWRITTEN, ReviewState.IN_REVIEW)
NEVER_LATE = (ReviewState.WAIVED,)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review, its incident and its model."""

    review: IncidentReview
    incident: Incident
    slug: str

    def is_late(self, now: datetime) -> bool:
        """Not handed in within the time, or handed in after it."""
        late_at = self.review.late_at
        return late_at is not None and self.review.state not in NEVER_LATE and (self.review.held_at or now) > late_at


STATES: dict[str, Sequence[str]] = {"waiting": WAITING, **{state.value: (state,) for state in ReviewState}}


def total(session: Session, state: str | None) -> int:
    return session.scalar(select(func.count(col(IncidentReview.id))).where(*_wanted(state))) or 0


def reviews(session: Session, state: str | None, limit: int, offset: int) -> list[ReviewRow]:
    """What waits first, by the time it is due; the rest by its restoration, the newest first."""
    waits = case((col(IncidentReview.state).in_(WAITING), 0), else_=1)
    order = (
        waits,
        case((waits == 0, col(IncidentReview.due_at))),
        col(IncidentReview.restored_at).desc().nulls_first(),
    )
    rows = session.execute(
        select(IncidentReview, Incident, col(CatalogEntry.slug))
        .join(Incident, col(Incident.id) == IncidentReview.incident_id)
        .join(CatalogEntry, col(CatalogEntry.id) == Incident.entry_id)
        .where(*_wanted(state))
        .order_by(*order, col(IncidentReview.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [ReviewRow(*row) for row in rows]


def _wanted(state: str | None) -> list[ColumnElement[bool]]:
    return [col(IncidentReview.state).in_(STATES[state])] if state else []

"""Reviews as their pages show them: the list, and what contributes most."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ReviewState
from ops_console.records import audit
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview, ReviewFactor

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """`state` is one of `STATES`."""

    state: str | None = None
    model: str | None = None
    incident_id: int | None = None


def listed(session: Session, wanted: Wanted, limit: int, before: int | None) -> list[ReviewRow]:
    """By number, the newest first, of those before a number: what is opened meanwhile moves nothing."""
    conditions = _wanted(wanted.state)
    if wanted.model is not None:
        conditions.append(col(CatalogEntry.slug) == wanted.model)
    if wanted.incident_id is not None:
        conditions.append(col(IncidentReview.incident_id) == wanted.incident_id)
    if before is not None:
        conditions.append(col(IncidentReview.id) < before)
    rows = session.execute(_rows().where(*conditions).order_by(col(IncidentReview.id).desc()).limit(limit))
    return [ReviewRow(*row) for row in rows]


def by_number(session: Session, number: int) -> ReviewRow | None:
    row = session.execute(_rows().where(col(IncidentReview.id) == number)).first()
    return ReviewRow(*row) if row else None


def factors(session: Session, rows: Iterable[ReviewRow]) -> dict[int, list[ReviewFactor]]:
    """By number of the review, as they were added."""
    found: dict[int, list[ReviewFactor]] = defaultdict(list)
    numbers = [audit.number(row.review) for row in rows]
    wanted = select(ReviewFactor).where(col(ReviewFactor.review_id).in_(numbers)).order_by(col(ReviewFactor.id))
    for each in session.scalars(wanted):
        found[each.review_id].append(each)
    return found


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
        _rows().where(*_wanted(state)).order_by(*order, col(IncidentReview.id).desc()).limit(limit).offset(offset)
    )
    return [ReviewRow(*row) for row in rows]


def _rows() -> Select[*tuple[Any, ...]]:
    shown = select(IncidentReview, Incident, col(CatalogEntry.slug))
    shown = shown.join(Incident, col(Incident.id) == IncidentReview.incident_id)
    return shown.join(CatalogEntry, col(CatalogEntry.id) == Incident.entry_id)


def _wanted(state: str | None) -> list[ColumnElement[bool]]:
    return [col(IncidentReview.state).in_(STATES[state])] if state else []

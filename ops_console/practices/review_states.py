"""From due to closed: who may decide what, and what is frozen on the way."""

from typing import Any

from sqlalchemy import exists, select, update
from sqlmodel import Session, col

from ops_console.contracts.decisions import ReviewState
from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.practices.review_text import IMPACT, SUMMARY
from ops_console.practices.review_versions import frozen
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.reviews import (
    IncidentReview,
    ReviewFactor,
    ReviewSection,
    ReviewVersion,
)

SUBJECT = "review"
WRITABLE = (ReviewState.DUE, ReviewState.DRAFT, ReviewState.IN_REVIEW)
NEEDED = {SUMMARY: "Summary", IMPACT: "Impact"}


def began(session: Session, review: IncidentReview, by: str) -> None:
    """Whoever writes first is the author."""
    if review.state == ReviewState.DUE:
        _move(session, review, ReviewState.DRAFT, author=by)


def submit(session: Session, review: IncidentReview, by: str) -> None:
    """Hand it in. The first time is when the review was held."""
    require(review, ReviewState.DRAFT)
    if lacking := _lacking(session, review):
        raise BadInput(f"It is not complete: {', '.join(lacking)}.", remedy="Fill that in, then hand it in.")
    _decide(session, review, "handed in", by, ReviewState.IN_REVIEW, submitted_by=by, held_at=review.held_at or now())


def send_back(session: Session, review: IncidentReview, by: str, reason: str) -> None:
    """More is to be written; what was approved before stays as it was."""
    require(review, ReviewState.IN_REVIEW, ReviewState.APPROVED, ReviewState.CLOSED, ReviewState.WAIVED)
    _decide(session, review, "sent back", by, ReviewState.DRAFT, said_why(reason), closed_at=None)


def approve(session: Session, review: IncidentReview, by: str) -> ReviewVersion:
    """Freeze what it says now, word by word."""
    require(review, ReviewState.IN_REVIEW)
    if by in (review.author, review.submitted_by):
        raise BadInput("Somebody else must approve it: you wrote it or handed it in.", remedy="Ask a colleague.")
    _move(session, review, ReviewState.APPROVED, approved_by=by, approved_at=now())
    version = frozen(session, review, by)
    after = {"state": review.state, "version": version.number, "hash": version.content_hash}
    audit.record(session, Decision("approved", SUBJECT, version.review_id, by, {"state": ReviewState.IN_REVIEW}, after))
    return version


def close(session: Session, review: IncidentReview, by: str) -> None:
    """Everything about it is agreed; its actions go on by themselves."""
    require(review, ReviewState.APPROVED)
    _decide(session, review, "closed", by, ReviewState.CLOSED, closed_at=now())


def waive(session: Session, review: IncidentReview, by: str, reason: str) -> None:
    """Nobody needs to write it, and this is why."""
    require(review, *WRITABLE)
    why = said_why(reason)
    _decide(session, review, "waived", by, ReviewState.WAIVED, why, waived_by=by, waived_reason=why, waived_at=now())


def require(review: IncidentReview, *states: ReviewState) -> None:
    """Whether this may be done in the state it is in."""
    if review.state not in states:
        now_is = review.state.replace("_", " ")
        raise BadInput(f"The review is {now_is} by now.", remedy="Reload the page to see what can be done.")


def said_why(reason: str) -> str:
    why = " ".join(reason.replace("\0", " ").split())
    if not why:
        raise BadInput("Say why, in one sentence.", remedy="The next reader will want to know.")
    return why[:300]


def _lacking(session: Session, review: IncidentReview) -> list[str]:
    mine = select(ReviewSection).where(col(ReviewSection.review_id) == review.id)
    texts = {section.key: section.text for section in session.scalars(mine)}
    lacking = [f"{title.lower()} is empty" for key, title in NEEDED.items() if not texts.get(key, "").strip()]
    if not session.scalar(select(exists().where(col(ReviewFactor.review_id) == review.id))):
        lacking.append("no contributing factor is named")
    return lacking


def _decide(
    session: Session,
    review: IncidentReview,
    did: str,
    by: str,
    state: ReviewState,
    reason: str = "",
    **changes: Any,
) -> None:
    before, after = {"state": review.state}, {"state": state.value}
    _move(session, review, state, **changes)
    audit.record(session, Decision(did, SUBJECT, audit.number(review), by, before, after, reason))


def _move(session: Session, review: IncidentReview, state: ReviewState, **changes: Any) -> None:
    """Only from the state it was seen in: of two people who decide at once, one is told."""
    values: dict[str, Any] = {"state": state.value, **changes}
    done = session.execute(
        update(IncidentReview)
        .where(col(IncidentReview.id) == review.id, col(IncidentReview.state) == review.state)
        .values(**values)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an update yields a cursor result
        raise BadInput("Somebody else decided about this review just now.", remedy="Reload the page.")
    session.refresh(review)

"""Taking a review away that was never approved; the trail keeps every word of it."""

from sqlalchemy import delete, exists, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ReviewState
from ops_console.core.errors import BadInput
from ops_console.practices.review_states import SUBJECT, WRITABLE, require, said_why
from ops_console.practices.review_versions import content
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.reviews import (
    IncidentReview,
    ReviewComment,
    ReviewFactor,
    ReviewLine,
    ReviewSection,
    ReviewVersion,
)


def discard(session: Session, review: IncidentReview, by: str, reason: str) -> None:
    """Take away one that was never approved. Its actions stay, and the trail keeps every word."""
    require(review, *WRITABLE, ReviewState.WAIVED)
    number, why = audit.number(review), said_why(reason)
    if session.scalar(select(exists().where(col(ReviewVersion.review_id) == number))):
        raise BadInput("It was approved once, and what was approved stays.", remedy="Send it back or close it.")
    before = audit.plain(review) | {"content": content(session, review)}
    for part in (ReviewSection, ReviewFactor, ReviewLine, ReviewComment):
        session.execute(delete(part).where(col(part.review_id) == number))
    session.delete(review)
    session.flush()
    audit.record(session, Decision("discarded", SUBJECT, number, by, before=before, reason=why))

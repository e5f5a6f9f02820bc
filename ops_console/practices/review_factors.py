"""What contributed, several at a time, and what people say beside the text."""

from sqlalchemy import exists, select
from sqlmodel import Session, col

from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.review_states import SUBJECT, WRITABLE, began, require
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.reviews import IncidentReview, ReviewComment, ReviewFactor

LONGEST_COMMENT = 5000


def add_factor(session: Session, review: IncidentReview, factor: str, note: str, by: str) -> ReviewFactor:
    require(review, *WRITABLE)
    number = audit.number(review)
    same = (col(ReviewFactor.review_id) == number, col(ReviewFactor.factor) == factor, col(ReviewFactor.note) == note)
    if session.scalar(select(exists().where(*same))):
        raise BadInput("This factor is listed already, in the same words.", remedy="Say what else contributed.")
    row = ReviewFactor(review_id=number, factor=factor, note=note, made_by=by, made_at=now())
    session.add(row)
    session.flush()
    began(session, review, by)
    audit.record(session, Decision("factor added", SUBJECT, number, by, after={"factor": factor, "note": note}))
    return row


def remove_factor(session: Session, review: IncidentReview, factor_id: int, by: str) -> None:
    require(review, *WRITABLE)
    row = session.get(ReviewFactor, factor_id)
    if row is None or row.review_id != review.id:
        raise NotFound("This factor is not listed.", remedy="Somebody may have removed it: reload.")
    before = {"factor": row.factor, "note": row.note}
    session.delete(row)
    session.flush()
    audit.record(session, Decision("factor removed", SUBJECT, row.review_id, by, before=before))


def comment(session: Session, review: IncidentReview, text: str, by: str) -> ReviewComment:
    said = text.replace("\0", "").strip()
    if not 0 < len(said) <= LONGEST_COMMENT:
        raise BadInput(f"A comment has 1 to {LONGEST_COMMENT} letters.", remedy="Write what you want to say.")
    row = ReviewComment(review_id=audit.number(review), text=said, made_by=by, made_at=now())
    session.add(row)
    session.flush()
    audit.record(session, Decision("commented", SUBJECT, row.review_id, by, after={"text": said}))
    return row

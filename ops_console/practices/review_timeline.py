"""The timeline of a review: imported from facts as often as one likes, with every line a person touched left alone."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.review_states import SUBJECT, WRITABLE, require
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.reviews import IncidentReview, ReviewLine

HAND = "hand"
LONGEST = 2000


def lines(session: Session, review_id: int) -> list[ReviewLine]:
    """What the timeline shows, the oldest first."""
    mine = (col(ReviewLine.review_id) == review_id, col(ReviewLine.removed).is_(False))
    return list(session.scalars(select(ReviewLine).where(*mine).order_by(col(ReviewLine.at), col(ReviewLine.id))))


def add_line(session: Session, review: IncidentReview, at: datetime, text: str, link: str, by: str) -> ReviewLine:
    require(review, *WRITABLE)
    line = ReviewLine(
        review_id=audit.number(review),
        origin=f"{HAND}:{secrets.token_hex(8)}",
        at=at,
        text=_checked(text),
        source=by,
        link=link or None,
        edited_by=by,
        edited_at=now(),
    )
    session.add(line)
    session.flush()
    audit.record(session, Decision("timeline line added", SUBJECT, line.review_id, by, after=_said(line)))
    return line


def change_line(
    session: Session, review: IncidentReview, line_id: int, revision: int, at: datetime, text: str, by: str
) -> ReviewLine | None:
    """What a person says instead; None, and the line as it was, where somebody was faster (see `line_of`)."""
    require(review, *WRITABLE)
    line = line_of(session, review, line_id)
    before = _said(line)
    values = {"at": at, "text": _checked(text), "edited_by": by, "edited_at": now(), "revision": revision + 1}
    if not _taken(session, line_id, revision, values):
        return None
    session.refresh(line)
    audit.record(session, Decision("timeline line changed", SUBJECT, line.review_id, by, before, _said(line)))
    return line


def remove_line(session: Session, review: IncidentReview, line_id: int, by: str) -> None:
    """It is shown no more and comes with no further import."""
    require(review, *WRITABLE)
    line = line_of(session, review, line_id)
    before = _said(line)
    line.removed, line.edited_by, line.edited_at, line.revision = True, by, now(), line.revision + 1
    session.add(line)
    session.flush()
    audit.record(session, Decision("timeline line removed", SUBJECT, line.review_id, by, before))


def line_of(session: Session, review: IncidentReview, line_id: int) -> ReviewLine:
    line = session.get(ReviewLine, line_id)
    if line is None or line.review_id != review.id or line.removed:
        raise NotFound(f"There is no line {line_id} on this timeline.", remedy="Somebody may have removed it: reload.")
    return line


def _taken(session: Session, line_id: int, revision: int, values: dict[str, Any]) -> bool:
    done = session.execute(
        update(ReviewLine).where(col(ReviewLine.id) == line_id, col(ReviewLine.revision) == revision).values(**values)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an update yields a cursor result


def _said(line: ReviewLine) -> dict[str, Any]:
    return {"line": line.id, "at": line.at, "text": line.text}


def _checked(text: str) -> str:
    said = text.replace("\0", "").strip()
    if not 0 < len(said) <= LONGEST:
        raise BadInput(f"A line of the timeline has 1 to {LONGEST} letters.", remedy="Say what happened, briefly.")
    return said

"""Writing together: each part has a revision, and a text written on an older one meets the newer one beside it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.review_states import SUBJECT, WRITABLE, began, require
from ops_console.practices.review_text import OWN
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.reviews import IncidentReview, ReviewSection

LONGEST = 100_000
LONGEST_TITLE = 300
GONE = 0
"""The revision of a part that somebody took away meanwhile."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and the revision he saw when he began."""

    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts for one part: what is kept stays until a person has read both."""

    key: str
    title: str
    yours: str
    theirs: str
    revision: int
    by: str
    at: datetime


def sections(session: Session, review_id: int) -> list[ReviewSection]:
    """The parts in their order."""
    mine = select(ReviewSection).where(col(ReviewSection.review_id) == review_id)
    return list(session.scalars(mine.order_by(col(ReviewSection.place), col(ReviewSection.id))))


def save(session: Session, review: IncidentReview, written: Mapping[str, Written], by: str) -> list[Conflict]:
    """Keep what changed; what somebody else changed meanwhile is returned with both texts and left as it is."""
    require(review, *WRITABLE)
    kept = {section.key: section for section in sections(session, audit.number(review))}
    conflicts, decisions = [], []
    for key, new in written.items():
        section, text = kept.get(key), _cleaned(new.text)
        if section is None:
            conflicts.append(Conflict(key, "", text, "", GONE, "", now()))
            continue
        if text == section.text:
            continue
        before = {"part": section.title, "text": section.text, "revision": section.revision}
        if _taken(session, section, new.revision, text, by):
            after = {"part": section.title, "text": text, "revision": new.revision + 1}
            decisions.append(Decision("written", SUBJECT, section.review_id, by, before, after))
        else:
            session.refresh(section)
            conflicts.append(_conflict(section, text))
    if decisions:
        began(session, review, by)
        audit.record(session, *decisions)
    return conflicts


def add_part(session: Session, review: IncidentReview, title: str, by: str, text: str = "") -> ReviewSection:
    """A part of one's own, behind the others."""
    require(review, *WRITABLE)
    number, said = audit.number(review), " ".join(title.replace("\0", " ").split())
    if not 0 < len(said) <= LONGEST_TITLE:
        raise BadInput(f"A part has a title of 1 to {LONGEST_TITLE} letters.", remedy="Say what it is about.")
    last = session.scalar(select(func.max(col(ReviewSection.place))).where(col(ReviewSection.review_id) == number))
    row = ReviewSection(
        review_id=number,
        key=f"{OWN}{secrets.token_hex(6)}",
        place=(last or 0) + 1,
        title=said,
        text=_cleaned(text),
        changed_by=by,
        changed_at=now(),
    )
    session.add(row)
    session.flush()
    began(session, review, by)
    audit.record(session, Decision("part added", SUBJECT, number, by, after={"part": said, "text": row.text}))
    return row


def remove_part(session: Session, review: IncidentReview, key: str, by: str) -> None:
    """Take away a part of one's own; the trail keeps what it said."""
    require(review, *WRITABLE)
    row = next((each for each in sections(session, audit.number(review)) if each.key == key), None)
    if row is None or not key.startswith(OWN):
        raise NotFound("Only a part that people added can be removed.", remedy="Leave the others empty.")
    before = {"part": row.title, "text": row.text}
    session.delete(row)
    session.flush()
    audit.record(session, Decision("part removed", SUBJECT, row.review_id, by, before=before))


def _taken(session: Session, section: ReviewSection, seen: int, text: str, by: str) -> bool:
    done = session.execute(
        update(ReviewSection)
        .where(col(ReviewSection.id) == section.id, col(ReviewSection.revision) == seen)
        .values(text=text, revision=seen + 1, changed_by=by, changed_at=now())
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an update yields a cursor result


def _conflict(section: ReviewSection, yours: str) -> Conflict:
    by, at = section.changed_by, section.changed_at
    return Conflict(section.key, section.title, yours, section.text, section.revision, by, at)


def _cleaned(text: str) -> str:
    said = text.replace("\r\n", "\n").replace("\0", "").rstrip()
    if len(said) > LONGEST:
        raise BadInput(f"A part holds at most {LONGEST:,} letters; these are {len(said):,}.", remedy="Shorten it.")
    return said

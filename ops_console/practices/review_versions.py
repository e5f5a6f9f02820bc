"""Approved versions: frozen word by word, proved by a hash, compared with each other and with what stands today."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.core.clock import iso, now
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.reviews import IncidentReview, ReviewFactor, ReviewLine, ReviewSection, ReviewVersion

Content = Mapping[str, Any]
PROMISED = ("title", "done_when", "kind", "owner", "due_on", "state")
BESIDE = ("Timeline", "Contributing factors", "Actions")
"""What a review holds besides its parts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: lines marked with `+`, `-` or a blank."""

    title: str
    lines: tuple[tuple[str, str], ...]


def content(session: Session, review: IncidentReview) -> dict[str, Any]:
    """Everything a review says now, as plain values."""
    number = audit.number(review)

    def mine(of: Any, *order: Any) -> Any:
        return session.scalars(select(of).where(of.review_id == number).order_by(*order))

    lines = mine(ReviewLine, col(ReviewLine.at), col(ReviewLine.id))
    promised = select(Action).where(col(Action.incident_id) == review.incident_id).order_by(col(Action.id))
    return {
        "parts": [
            {"key": each.key, "title": each.title, "text": each.text}
            for each in mine(ReviewSection, col(ReviewSection.place), col(ReviewSection.id))
        ],
        "timeline": [
            {"at": iso(line.at), "text": line.text, "source": line.source, "link": line.link}
            for line in lines
            if not line.removed
        ],
        "factors": [{"factor": each.factor, "note": each.note} for each in mine(ReviewFactor, col(ReviewFactor.id))],
        "actions": [
            {name: value for name, value in audit.plain(action).items() if name in PROMISED}
            for action in session.scalars(promised)
        ],
    }


def hash_of(said: Content) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def frozen(session: Session, review: IncidentReview, by: str) -> ReviewVersion:
    """The next version, holding what the review says now."""
    number = audit.number(review)
    of_mine = select(func.max(col(ReviewVersion.number))).where(col(ReviewVersion.review_id) == number)
    said = content(session, review)
    version = ReviewVersion(
        review_id=number,
        number=(session.scalar(of_mine) or 0) + 1,
        content=said,
        content_hash=hash_of(said),
        approved_by=by,
        approved_at=now(),
    )
    session.add(version)
    session.flush()
    return version


def versions(session: Session, review_id: int) -> list[ReviewVersion]:
    """Every approved version, the newest first."""
    mine = select(ReviewVersion).where(col(ReviewVersion.review_id) == review_id)
    return list(session.scalars(mine.order_by(col(ReviewVersion.number).desc())))


def compared(before: Content, after: Content) -> list[Difference]:
    """Part by part, what was taken out and what came in; parts that say the same are not there."""
    old, new = ({key: (title, text) for key, title, text in _texts(said)} for said in (before, after))
    found = []
    for key in dict.fromkeys([*new, *old]):
        title, _ = new.get(key) or old[key]
        was, is_now = (said.get(key, ("", ""))[1] for said in (old, new))
        if was != is_now:
            found.append(Difference(title, tuple(_lines(was, is_now))))
    return found


def _texts(said: Content) -> Iterator[tuple[str, str, str]]:
    for part in said["parts"]:
        yield part["key"], part["title"], part["text"]
    timeline = "\n".join(f"{line['at']} {line['text']}" for line in said["timeline"])
    factors = "\n".join(f"{each['factor'].replace('_', ' ')}: {each['note']}" for each in said["factors"])
    promised = "\n".join(f"{each['title']}, {each['owner']}, due {each['due_on']}" for each in said["actions"])
    yield from ((title, title, text) for title, text in zip(BESIDE, (timeline, factors, promised), strict=True))


def _lines(before: str, after: str) -> Iterator[tuple[str, str]]:
    for line in difflib.ndiff(before.splitlines(), after.splitlines()):
        mark = line[:1]
        if mark != "?":
            yield mark, line[2:]

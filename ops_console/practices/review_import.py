"""What facts say comes onto the timeline as often as one likes; a line that a person touched is left alone."""

from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from ops_console.practices.review_facts import Told, told
from ops_console.records import audit
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview, ReviewLine


def import_lines(session: Session, review: IncidentReview) -> int:
    """Bring in what facts say now; returns how many lines came, changed or went. Twice in a row changes nothing."""
    incident, review_id = session.get_one(Incident, review.incident_id), audit.number(review)
    mine = select(ReviewLine).where(col(ReviewLine.review_id) == review_id)
    kept = {line.origin: line for line in session.scalars(mine)}
    facts = {each.origin: each for each in told(session, incident)}
    moved = sum(_brought(session, review_id, kept.get(origin), fact) for origin, fact in facts.items())
    gone = [line.id for origin, line in kept.items() if origin not in facts and _is_untouched(line)]
    if gone:
        session.execute(delete(ReviewLine).where(col(ReviewLine.id).in_(gone)))
    session.flush()
    return moved + len(gone)


def _brought(session: Session, review_id: int, line: ReviewLine | None, fact: Told) -> int:
    if line is None:
        session.add(ReviewLine(review_id=review_id, **_values(fact)))
        return 1
    if not _is_untouched(line) or all(getattr(line, name) == value for name, value in _values(fact).items()):
        return 0
    for name, value in _values(fact).items():
        setattr(line, name, value)
    line.revision += 1
    session.add(line)
    return 1


def _values(fact: Told) -> dict[str, Any]:
    return {"origin": fact.origin, "at": fact.at, "text": fact.text, "source": fact.source, "link": fact.link}


def _is_untouched(line: ReviewLine) -> bool:
    return line.edited_by is None

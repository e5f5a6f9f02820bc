"""What tests of reviews and actions begin with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from ops_console.practices import actions, review_factors, review_states, reviews
from ops_console.practices.promises import Promise
from ops_console.practices.review_writing import Written, save, sections
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview

TODAY = datetime(2026, 11, 4, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA, BEN = "ana@example.com", "ben@example.com"


def started(session: Session, incident: Incident, by: str = ANA) -> IncidentReview:
    return reviews.start(session, audit.number(incident), by)


def write(session: Session, review: IncidentReview, by: str = ANA, **texts: str) -> list[Any]:
    """Write parts on the revisions that stand now."""
    seen = {section.key: section.revision for section in sections(session, audit.number(review))}
    return save(session, review, {key: Written(text, seen[key]) for key, text in texts.items()}, by)


def complete(session: Session, incident: Incident, *factors: str, by: str = ANA) -> IncidentReview:
    """Written, with these factors, and handed in."""
    review = started(session, incident, by)
    write(session, review, by, summary="Answers were late.", impact="An hour of late answers.")
    for factor in factors:
        review_factors.add_factor(session, review, factor, "", by)
    review_states.submit(session, review, by)
    return review


def promise(**changes: Any) -> Promise:
    usual = {
        "title": "Add an alert on feature age",
        "done_when": "It fires in a drill",
        "kind": "detect",
        "priority": "high",
        "owner": ANA,
        "due_on": date(2026, 11, 20),
    }
    return Promise(**usual | changes)


def promised(session: Session, incident: Incident | None = None, by: str = BEN, **changes: Any) -> Action:
    return actions.add(session, promise(**changes), by, audit.number(incident) if incident else None)

"""Reviews of incidents: how one comes to be, filled with what facts say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ReviewState
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.practices.review_import import import_lines
from ops_console.practices.review_prefill import prefilled
from ops_console.practices.review_rules import DUE, LATE, case_of, reasons, restored_without_review
from ops_console.practices.review_states import SUBJECT, WRITABLE, require
from ops_console.practices.review_text import PARTS
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview, ReviewSection

CONSOLE = "console"
"""Who wrote what nobody has touched yet."""


def open_due(session: Session, at: datetime) -> list[IncidentReview]:
    """A review for every incident restored of late that must have one and has none. Those that somebody began before
    the restoration get their clock with it.
    """
    for review, incident in _unclocked(session):
        _start_clock(session, review, incident)
    found = [(incident, reasons(case)) for incident, case in restored_without_review(session, at)]
    return [_made(session, incident, because, CONSOLE) for incident, because in found if because]


def start(session: Session, incident_id: int, by: str) -> IncidentReview:
    """Begin one that no rule has opened, or not yet; the one that is there otherwise."""
    kept = of_incident(session, incident_id)
    if kept is not None:
        return kept
    incident = session.get(Incident, incident_id)
    if incident is None or incident.deleted_at is not None:
        raise NotFound(f"There is no incident {incident_id}.")
    return _made(session, incident, [] if incident.drill else reasons(case_of(session, incident_id)), by)


def of_incident(session: Session, incident_id: int) -> IncidentReview | None:
    return session.scalars(select(IncidentReview).where(col(IncidentReview.incident_id) == incident_id)).first()


def get(session: Session, incident_id: int) -> IncidentReview:
    found = of_incident(session, incident_id)
    if found is None:
        raise NotFound("This incident has no review.", remedy="Start one on the incident's page.")
    return found


def refill(session: Session, review: IncidentReview, by: str = CONSOLE) -> int:
    """Bring in what facts say now: the timeline, and texts that nobody has touched. Returns how much changed."""
    require(review, *WRITABLE)
    moved = import_lines(session, review)
    texts = prefilled(session, session.get_one(Incident, review.incident_id))
    before: dict[str, str] = {}
    after: dict[str, str | int] = {"lines": moved}
    untouched = (col(ReviewSection.review_id) == review.id, col(ReviewSection.changed_by) == CONSOLE)
    for section in session.scalars(select(ReviewSection).where(*untouched)):
        if section.text != texts.get(section.key, ""):
            before[section.key] = section.text
            section.text, section.changed_at, section.revision = texts.get(section.key, ""), now(), section.revision + 1
            after[section.key] = section.text
            session.add(section)
            moved += 1
    if moved and by != CONSOLE:
        audit.record(session, Decision("filled in again", SUBJECT, audit.number(review), by, before, after))
    return moved


def _unclocked(session: Session) -> list[tuple[IncidentReview, Incident]]:
    found = select(IncidentReview, Incident).join(Incident, col(Incident.id) == IncidentReview.incident_id)
    open_still = (col(IncidentReview.due_at).is_(None), col(IncidentReview.state).in_(WRITABLE))
    wanted = found.where(*open_still, col(Incident.restored_at).is_not(None), is_real())
    return [(row[0], row[1]) for row in session.execute(wanted.order_by(col(IncidentReview.id)))]


def _start_clock(session: Session, review: IncidentReview, incident: Incident) -> None:
    review.required_because = reasons(case_of(session, review.incident_id))
    review.restored_at = incident.restored_at
    review.due_at, review.late_at = _clock(incident)
    session.add(review)
    session.flush()
    after = {"restored_at": review.restored_at, "due_at": review.due_at, "because": review.required_because}
    audit.record(session, Decision("clock started", SUBJECT, audit.number(review), CONSOLE, after=after))


def _clock(incident: Incident) -> tuple[datetime | None, datetime | None]:
    """When it is due and when it is late; never for a drill, which no rule demands to be reviewed."""
    if incident.drill or incident.restored_at is None:
        return None, None
    return incident.restored_at + DUE, incident.restored_at + LATE


def _made(session: Session, incident: Incident, because: Sequence[str], by: str) -> IncidentReview:
    at, (due_at, late_at) = now(), _clock(incident)
    review = IncidentReview(
        incident_id=incident.id or 0,
        state=ReviewState.DUE if by == CONSOLE else ReviewState.DRAFT,
        required_because=list(because),
        restored_at=incident.restored_at,
        due_at=due_at,
        late_at=late_at,
        author=None if by == CONSOLE else by,
        made_at=at,
    )
    session.add(review)
    session.flush()
    texts, number = prefilled(session, incident), audit.number(review)
    for place, part in enumerate(PARTS):
        section = ReviewSection(
            review_id=number, key=part.key, place=place, title=part.title, changed_by=CONSOLE, changed_at=at
        )
        section.text = texts.get(part.key, "")
        session.add(section)
    import_lines(session, review)
    audit.record(session, Decision("opened", SUBJECT, number, by, after=audit.plain(review)))
    return review

"""Messages that people put on the timeline of an incident: a fact like any other, so that its review imports them."""

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.commands import Quote
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.practices import reviews
from ops_console.practices.review_import import import_lines
from ops_console.practices.review_states import WRITABLE
from ops_console.practices.review_timeline import LONGEST
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.chat import IncidentMessage
from ops_console.records.incidents import Incident

SUBJECT = "incident"


def add(session: Session, incident_id: int, quote: Quote, source: str, by: str) -> bool:
    """Put a message on the timeline; False where it stands there already. A review still being written shows it."""
    # Whoever adds the same message at this moment waits here, and then finds it.
    incident = session.get(Incident, incident_id, with_for_update=True)
    if incident is None or incident.deleted_at is not None:
        raise NotFound(f"There is no incident {incident_id}.")
    same = (col(IncidentMessage.incident_id) == incident_id, col(IncidentMessage.origin) == quote.origin)
    if session.scalars(select(IncidentMessage).where(*same)).first() is not None:
        return False
    text = quote.text.replace("\0", "").strip()[:LONGEST] or "A message without text"
    kept = IncidentMessage(
        incident_id=incident_id,
        origin=quote.origin,
        at=quote.at,
        text=text,
        source=source,
        link=quote.link or None,
        made_by=by,
        made_at=now(),
    )
    session.add(kept)
    session.flush()
    review = reviews.of_incident(session, incident_id)
    if review is not None and review.state in WRITABLE:
        import_lines(session, review)
    after = {"at": kept.at, "text": kept.text, "link": kept.link}
    audit.record(session, Decision("message added to timeline", SUBJECT, incident_id, by, after=after))
    return True


def of_incident(session: Session, incident_id: int) -> list[IncidentMessage]:
    """What people put on the timeline, the oldest first."""
    mine = select(IncidentMessage).where(col(IncidentMessage.incident_id) == incident_id)
    return list(session.scalars(mine.order_by(col(IncidentMessage.at), col(IncidentMessage.id))))

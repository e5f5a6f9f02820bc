"""Notes on an incident: who said what, when; a note that two people change keeps the words of both in sight."""

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.revisions import revise
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident, IncidentNote

SUBJECT = "incident"
LONGEST = 5000


def notes(session: Session, incident_id: int) -> list[IncidentNote]:
    """What was noted, the oldest first."""
    mine = (col(IncidentNote.incident_id) == incident_id, col(IncidentNote.removed).is_(False))
    return list(session.scalars(select(IncidentNote).where(*mine).order_by(col(IncidentNote.id))))


def add_note(session: Session, incident: Incident, text: str, by: str) -> IncidentNote:
    note = IncidentNote(incident_id=audit.number(incident), text=_checked(text), made_by=by, made_at=now())
    session.add(note)
    session.flush()
    audit.record(session, Decision("noted", SUBJECT, note.incident_id, by, after=_said(note)))
    return note


def change_note(
    session: Session, incident: Incident, note_id: int, revision: int, text: str, by: str
) -> IncidentNote | None:
    """What it says instead; None, and the note as it was, where somebody was faster."""
    note = note_of(session, incident, note_id)
    before, said = _said(note), _checked(text)
    if not revise(session, note, revision, text=said, changed_by=by, changed_at=now()):
        return None
    audit.record(session, Decision("note changed", SUBJECT, note.incident_id, by, before, _said(note)))
    return note


def remove_note(session: Session, incident: Incident, note_id: int, revision: int, by: str) -> IncidentNote | None:
    """It is shown no more; the trail keeps what it said. None where somebody changed it meanwhile."""
    note = note_of(session, incident, note_id)
    before = _said(note)
    if not revise(session, note, revision, removed=True, changed_by=by, changed_at=now()):
        return None
    audit.record(session, Decision("note removed", SUBJECT, note.incident_id, by, before))
    return note


def note_of(session: Session, incident: Incident, note_id: int) -> IncidentNote:
    note = session.get(IncidentNote, note_id)
    if note is None or note.incident_id != incident.id or note.removed:
        raise NotFound(f"There is no note {note_id} on this incident.", remedy="Somebody may have removed it: reload.")
    return note


def _said(note: IncidentNote) -> dict[str, object]:
    return {"note": note.id, "text": note.text}


def _checked(text: str) -> str:
    said = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not 0 < len(said) <= LONGEST:
        raise BadInput(f"A note has 1 to {LONGEST:,} letters.", remedy="Say what you saw, did or decided.")
    return said

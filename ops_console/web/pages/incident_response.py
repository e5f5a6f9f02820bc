"""Who did what while an incident lasted: notes, and the parts people had in the response."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.practices.incident_notes import add_note, change_note, note_of, remove_note
from ops_console.practices.incident_roles import assign, end, take_out
from ops_console.records.incidents import Incident, IncidentNote
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.incident_corrections import held
from ops_console.web.pages.incident_forms import back, in_workspace_zone
from ops_console.web.pages.incidents import page_of_incident

pages = Pages("incident_response")

Answer = AnyResponse | tuple[str, int]


@pages.post("/incidents/<int:incident_id>/notes", access=Access.EDITOR)
def note(incident_id: int) -> Answer:
    text, by = request.form.get("note", ""), account().email
    return _done(incident_id, "notes", "note", lambda session, found: add_note(session, found, text, by))


@pages.post("/incidents/<int:incident_id>/notes/<int:note_id>", access=Access.EDITOR)
def change(incident_id: int, note_id: int) -> Answer:
    """Somebody else's newer words are shown, and yours stay in the form."""
    text, seen, by = request.form.get("note-text", ""), _seen(), account().email

    def do(session: Session, found: Incident) -> None:
        if change_note(session, found, note_id, seen, text, by) is None:
            raise _late(note_of(session, found, note_id))

    return _done(incident_id, "notes", f"note-{note_id}", do)


@pages.post("/incidents/<int:incident_id>/notes/<int:note_id>/remove", access=Access.EDITOR)
def remove(incident_id: int, note_id: int) -> Answer:
    seen, by = _seen(), account().email

    def do(session: Session, found: Incident) -> None:
        if remove_note(session, found, note_id, seen, by) is None:
            raise _late(note_of(session, found, note_id))

    return _done(incident_id, "notes", f"note-{note_id}", do)


@pages.post("/incidents/<int:incident_id>/roles", access=Access.EDITOR)
def take(incident_id: int) -> Answer:
    role, person = request.form.get("role", ""), request.form.get("role-person", "").strip()
    by = account().email
    return _done(
        incident_id, "roles", "role-person", lambda session, found: assign(session, found, role, person, _when(), by)
    )


@pages.post("/incidents/<int:incident_id>/roles/<int:role_id>/end", access=Access.EDITOR)
def over(incident_id: int, role_id: int) -> Answer:
    seen, by = _seen(), account().email
    return _done(
        incident_id, "roles", f"role-{role_id}", lambda session, found: end(session, found, role_id, seen, _when(), by)
    )


@pages.post("/incidents/<int:incident_id>/roles/<int:role_id>/remove", access=Access.EDITOR)
def mistaken(incident_id: int, role_id: int) -> Answer:
    seen, by = _seen(), account().email
    return _done(
        incident_id, "roles", f"role-{role_id}", lambda session, found: take_out(session, found, role_id, seen, by)
    )


def _done(incident_id: int, part: str, field: str, do: Callable[[Session, Incident], Any]) -> Answer:
    """Do it, and show the page at the part it changed; what was refused is said there, with everything typed kept."""
    try:
        with write() as session:
            do(session, held(session, incident_id))
    except BadInput as error:
        return page_of_incident(incident_id, ((field, str(error)),)), 422
    return back(incident_id, part)


def _seen() -> int:
    said = request.form.get("revision", "")
    return int(said) if said.isdecimal() else 0


def _when() -> datetime:
    """The time a form names; now where it names none."""
    text = request.form.get("role-at", "").strip()
    try:
        return in_workspace_zone(text) if text else now()
    except ValueError as error:
        raise BadInput(f"When: {error}.") from None


def _late(stands: IncidentNote) -> BadInput:
    return BadInput(f"{stands.changed_by} changed this note while you wrote; it says now: {stands.text}")

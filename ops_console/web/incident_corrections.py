"""What a person says of an incident, as corrections of its facts with their trace in the audit trail."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from ops_console.core.errors import NotFound
from ops_console.ingest.corrections import correct, withdraw
from ops_console.practices.incident_notes import SUBJECT
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident
from ops_console.web.auth import account
from ops_console.web.reads.incident import corrections_of

KIND = "incidents"
LONGEST_REASON = 300


def held(session: Session, incident_id: int) -> Incident:
    """The incident, which nobody else changes until the transaction ends."""
    found = session.get(Incident, incident_id, with_for_update=True)
    if found is None or found.deleted_at is not None:
        raise NotFound(f"There is no incident {incident_id}.", remedy="Its source may have deleted it.")
    return found


def say(session: Session, incident: Incident, did: str, values: Mapping[str, Any], reason: str) -> None:
    """Each value becomes a correction, with one reason for all of them."""
    before, by, why = audit.plain(incident), account().email, reason[:LONGEST_REASON]
    for field, value in values.items():
        correct(session, KIND, incident.source, incident.external_id, field, value, by, why)
    _trace(session, incident, did, before, why)


def take_back(session: Session, incident: Incident, did: str, *fields: str, reason: str = "") -> None:
    """The source has its say again."""
    before = audit.plain(incident)
    for field in fields:
        withdraw(session, KIND, incident.source, incident.external_id, field)
    _trace(session, incident, did, before, reason[:LONGEST_REASON])


def take_back_or_deny(session: Session, incident: Incident, did: str, fields: tuple[str, ...], reason: str) -> None:
    """Undo what these fields say: withdrawn where a person said it, and denied where the source does."""
    said = {each.field: each.original for each in corrections_of(session, incident)}
    mine = [field for field in fields if field in said and said[field] is None]
    denied = {field: None for field in fields if field not in mine and getattr(incident, field) is not None}
    before, by, why = audit.plain(incident), account().email, reason[:LONGEST_REASON]
    for field in mine:
        withdraw(session, KIND, incident.source, incident.external_id, field)
    for field in denied:
        correct(session, KIND, incident.source, incident.external_id, field, None, by, why)
    _trace(session, incident, did, before, why)


def _trace(session: Session, incident: Incident, did: str, before: Mapping[str, Any], reason: str) -> None:
    session.refresh(incident)
    was, is_now = audit.changes(before, audit.plain(incident))
    audit.record(session, Decision(did, SUBJECT, audit.number(incident), account().email, was, is_now, reason))

"""What a person says of an incident, with its entry in the trail of decisions: one transaction holds both."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.ingest import corrections, links
from ops_console.practices import audit
from ops_console.practices.audit import Decision
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink

KIND = "incidents"
SUBJECT = "incident"


def confirm_link(session: Session, incident_id: int, release_id: int | None, by: str, reason: str) -> None:
    """A release caused it, or (without one) no release did, whatever was suspected."""
    before = _blamed(session, incident_id)
    links.confirm_link(session, incident_id, release_id, by, reason)
    did = "release link confirmed" if release_id is not None else "release link rejected"
    _record(session, did, incident_id, by, before, _blamed(session, incident_id), reason)


def withdraw_link(session: Session, incident_id: int, by: str) -> None:
    """The incident is attributed as if nobody had spoken."""
    before = _blamed(session, incident_id)
    links.withdraw_link(session, incident_id, by)
    _record(session, "release link withdrawn", incident_id, by, before, _blamed(session, incident_id))


def correct(session: Session, found: Incident, changes: Mapping[str, Any], by: str, reason: str) -> None:
    """Each field becomes a correction; one entry tells of all of them."""
    before = _fields(found, changes)
    for field, value in changes.items():
        corrections.correct(session, KIND, found.source, found.external_id, field, value, by, reason)
    _record_fields(session, "fact corrected", found, before, by, reason)


def undo(session: Session, found: Incident, field: str, by: str) -> None:
    """The source has its say again."""
    before = _fields(found, [field] if field in Incident.model_fields else [])
    corrections.withdraw(session, KIND, found.source, found.external_id, field)
    _record_fields(session, "correction withdrawn", found, before, by, "")


def _record_fields(
    session: Session, did: str, found: Incident, before: Mapping[str, Any], by: str, reason: str
) -> None:
    session.refresh(found)
    _record(session, did, audit.number(found), by, before, _fields(found, before), reason)


def _record(
    session: Session,
    did: str,
    incident_id: int,
    by: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    audit.record(session, Decision(did, SUBJECT, incident_id, by, before, after, reason))


def _fields(found: Incident, names: Any) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names}


def _blamed(session: Session, incident_id: int) -> dict[str, Any]:
    """Which release stands as the cause, how that is known, and whether it counts."""
    columns = (IncidentLink.release_id, Release.version, IncidentLink.method, IncidentLink.confirmed)
    wanted = select(*map(col, columns)).outerjoin(Release, col(Release.id) == IncidentLink.release_id)
    row = session.execute(wanted.where(col(IncidentLink.incident_id) == incident_id)).first()
    if row is None:
        return {}
    return {"release": row[0], "version": row[1], "method": row[2], "confirmed": row[3]}

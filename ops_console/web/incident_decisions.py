"""What a person says of an incident, with its entry in the trail of decisions: one transaction holds both."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.ingest import links
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.deployments import Release
from ops_console.records.incidents import IncidentLink

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


def _blamed(session: Session, incident_id: int) -> dict[str, Any]:
    """Which release stands as the cause, how that is known, and whether it counts."""
    columns = (IncidentLink.release_id, Release.version, IncidentLink.method, IncidentLink.confirmed)
    wanted = select(*map(col, columns)).outerjoin(Release, col(Release.id) == IncidentLink.release_id)
    row = session.execute(wanted.where(col(IncidentLink.incident_id) == incident_id)).first()
    if row is None:
        return {}
    return {"release": row[0], "version": row[1], "method": row[2], "confirmed": row[3]}

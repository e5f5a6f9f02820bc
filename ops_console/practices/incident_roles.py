"""Who had which part in the response, from when to when. There is one commander at a time: the next one takes over."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ResponseRole
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.incident_notes import SUBJECT
from ops_console.practices.promises import is_person
from ops_console.practices.revisions import revise
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident, IncidentRole

ALONE = (ResponseRole.COMMANDER,)
"""Parts that one person has at a time."""
LATE = "Somebody changed who has this part meanwhile."


def roles(session: Session, incident_id: int) -> list[IncidentRole]:
    """Every part that somebody had, in the order in which they took it."""
    mine = select(IncidentRole).where(col(IncidentRole.incident_id) == incident_id)
    return list(session.scalars(mine.order_by(col(IncidentRole.from_at), col(IncidentRole.id))))


def assign(session: Session, incident: Incident, role: str, person: str, at: datetime, by: str) -> IncidentRole:
    """Somebody takes a part from then on; of a part for one, whoever had it hands it over."""
    _check(session, role, person, at)
    held = [each for each in roles(session, audit.number(incident)) if each.role == role and each.until_at is None]
    if any(each.person == person for each in held):
        raise BadInput(f"{person} has this part already.", remedy="End it first, or choose somebody else.")
    over = [_over(session, each, each.revision, at, by) for each in held if role in ALONE]
    taken = IncidentRole(
        incident_id=audit.number(incident), role=role, person=person, from_at=at, made_by=by, made_at=now()
    )
    session.add(taken)
    session.flush()
    audit.record(session, *over, Decision("role taken", SUBJECT, taken.incident_id, by, after=_said(taken)))
    return taken


def end(session: Session, incident: Incident, role_id: int, revision: int, at: datetime, by: str) -> IncidentRole:
    """Somebody has it no more since then."""
    held = role_of(session, incident, role_id)
    if held.until_at is not None:
        raise BadInput("It has ended already.", remedy="Reload the page to see until when.")
    audit.record(session, _over(session, held, revision, at, by))
    return held


def take_out(session: Session, incident: Incident, role_id: int, revision: int, by: str) -> None:
    """It was entered wrongly; the trail keeps it."""
    held = role_of(session, incident, role_id)
    if held.revision != revision:
        raise BadInput(LATE, remedy="Reload the page to see how it stands.")
    before = _said(held)
    session.delete(held)
    session.flush()
    audit.record(session, Decision("role taken out", SUBJECT, held.incident_id, by, before))


def role_of(session: Session, incident: Incident, role_id: int) -> IncidentRole:
    held = session.get(IncidentRole, role_id)
    if held is None or held.incident_id != incident.id:
        raise NotFound(
            f"There is no role {role_id} on this incident.", remedy="Somebody may have taken it out: reload."
        )
    return held


def _over(session: Session, held: IncidentRole, seen: int, at: datetime, by: str) -> Decision:
    """Only from the revision that was seen: of two people who decide at once, one is told."""
    before = _said(held)
    if at < held.from_at:
        raise BadInput(f"{held.person} took it later than that.", remedy="Choose a later time.")
    _past(at)
    if not revise(session, held, seen, until_at=at):
        raise BadInput(LATE, remedy="Reload the page to see how it stands.")
    return Decision("role ended", SUBJECT, held.incident_id, by, before, _said(held))


def _check(session: Session, role: str, person: str, at: datetime) -> None:
    if role not in {*ResponseRole}:
        raise BadInput("Choose one of the roles offered.")
    if not is_person(session, person):
        raise BadInput("Choose a person by address: somebody who signs in here or is on record.")
    _past(at)


def _past(at: datetime) -> None:
    if at > now():
        raise BadInput("This lies in the future: write what has happened.")


def _said(held: IncidentRole) -> dict[str, Any]:
    return {"role": held.role, "person": held.person, "from": held.from_at, "until": held.until_at}

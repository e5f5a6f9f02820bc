"""Runbooks: kept by somebody, tested in drills, used in incidents; every word on the trail."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlmodel import Session, col

from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.promises import people
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.records.runbooks import Runbook, RunbookEvent

SUBJECT = "runbook"
TESTED, USED = "tested", "used"
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody followed a runbook; with `incident_id` in an incident, which may be a drill, else in a drill alone."""

    on: date
    worked: bool
    note: str = ""
    incident_id: int | None = None


def keep(session: Session, url: str, owner: str, by: str) -> Runbook:
    """From now on this person keeps it; nobody, where the address is empty."""
    if owner and owner not in people(session):
        raise BadInput("Choose a person by address: somebody who signs in here or is on record.")
    row = _row(session, url, by)
    if row.owner == (owner or None):
        raise BadInput(f"It is kept by {owner or 'nobody'} already.")
    before, row.owner = row.owner, owner or None
    session.add(row)
    session.flush()
    decision = Decision("owner changed", SUBJECT, audit.number(row), by, {"owner": before}, {"owner": row.owner})
    audit.record(session, decision)
    return row


def follow(session: Session, url: str, followed: Followed, by: str, today: date) -> RunbookEvent:
    """It was tested or used on a day; what is worth knowing of it belongs into the note."""
    if followed.on > today:
        raise BadInput("This day has not come yet.", remedy="Enter a drill after it took place.")
    if not followed.worked and not followed.note.strip():
        raise BadInput("Say where it failed, so that somebody can mend it.")
    incident = session.get(Incident, followed.incident_id) if followed.incident_id is not None else None
    if incident is None and followed.incident_id is not None:
        raise NotFound(f"There is no incident {followed.incident_id}.")
    row = _row(session, url, by)
    event = RunbookEvent(
        runbook_id=audit.number(row),
        happened=TESTED if incident is None or incident.drill else USED,
        on=followed.on,
        worked=followed.worked,
        incident_id=followed.incident_id,
        note=followed.note.strip()[:LONGEST_NOTE],
        made_by=by,
        made_at=now(),
    )
    session.add(event)
    session.flush()
    audit.record(session, Decision(event.happened, SUBJECT, audit.number(row), by, after=audit.plain(event)))
    return event


def _row(session: Session, url: str, by: str) -> Runbook:
    """The row of a runbook that the catalog links to, made when somebody first speaks of it."""
    found = session.scalars(select(Runbook).where(col(Runbook.url) == url)).first()
    if found is not None:
        return found
    linked = exists().where(col(CatalogEntry.runbook_url) == url, col(CatalogEntry.deleted_at).is_(None))
    if not session.scalar(select(linked)):
        raise NotFound("No model or service links to this runbook.", remedy="Enter its address at the model first.")
    row = Runbook(url=url, made_by=by, made_at=now())
    session.add(row)
    session.flush()
    return row

"""Runbooks that were followed: each drill tests one, and now and then one helps in an incident."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.demo import company
from ops_console.demo.reviews import TOLD_SINCE, address
from ops_console.demo.story import Story
from ops_console.practices.runbooks import SUBJECT, TESTED, USED
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident, is_real
from ops_console.records.runbooks import Runbook, RunbookEvent

USED_SHARE, FAILED_SHARE = 0.3, 0.25
"""Of incidents, and of times that a runbook was followed (assumed)."""
MENDED = "Step 4 names a dashboard that is gone; it took a colleague to find the new one."


def tell(session: Session, story: Story) -> None:
    """What is not there yet."""
    known = set(session.scalars(select(col(RunbookEvent.incident_id))))
    told = [pair for pair in _followed(session, story) if pair[0].id not in known]
    events = [_event(story, _runbook(session, entry, story.start), incident) for incident, entry in told]
    session.add_all(events)
    if events:
        audit.record(session, *map(_entry, events))


def _entry(event: RunbookEvent) -> Decision:
    return Decision(event.happened, SUBJECT, event.runbook_id, event.made_by, after=audit.plain(event))


def _followed(session: Session, story: Story) -> Iterator[tuple[Incident, CatalogEntry]]:
    mine = (col(Incident.source) == company.PAGER, col(Incident.deleted_at).is_(None))
    lately = (col(Incident.restored_at) > story.anchor - TOLD_SINCE, col(Incident.restored_at) <= story.until)
    found = select(Incident, CatalogEntry).join(CatalogEntry, col(CatalogEntry.id) == Incident.entry_id)
    wanted = found.where(*mine, *lately, is_real() | col(Incident.drill), col(CatalogEntry.runbook_url).is_not(None))
    for incident, entry in session.execute(wanted.order_by(col(Incident.restored_at), col(Incident.id))):
        if incident.drill or story.dice("runbook", incident.external_id).random() < USED_SHARE:
            yield incident, entry


def _runbook(session: Session, entry: CatalogEntry, at: datetime) -> Runbook:
    url = entry.runbook_url or ""
    found = session.scalars(select(Runbook).where(col(Runbook.url) == url)).first()
    if found is None:
        owner = address(entry.owner) if entry.owner else None
        found = Runbook(url=url, owner=owner, made_by=address(company.LEAD), made_at=at)
        session.add(found)
        session.flush()
    return found


def _event(story: Story, runbook: Runbook, incident: Incident) -> RunbookEvent:
    """Of a drill it keeps the incident too, so that the page of the drill shows it."""
    dice = story.dice("followed", incident.external_id)
    worked, at = dice.random() >= FAILED_SHARE, incident.restored_at or story.anchor
    return RunbookEvent(
        runbook_id=runbook.id or 0,
        happened=TESTED if incident.drill else USED,
        on=at.astimezone(story.zone).date(),
        worked=worked,
        incident_id=incident.id,
        note="" if worked else MENDED,
        made_by=address(dice.choice([*company.PEOPLE])),
        made_at=at,
    )

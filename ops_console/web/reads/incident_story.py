"""What stands around one incident: when it was broken, what else told of it, who did what, and what was decided."""

from dataclasses import dataclass

from sqlmodel import Session

from ops_console.practices.duplicates import duplicates, offered, primary
from ops_console.practices.incident_notes import SUBJECT, notes
from ops_console.practices.incident_roles import roles
from ops_console.practices.reopenings import Stretch, stretches
from ops_console.practices.review_facts import Told, told
from ops_console.records import audit
from ops_console.records.audit import AuditEntry
from ops_console.records.incidents import Incident, IncidentNote, IncidentRole

MOST_ENTRIES = 30


@dataclass(frozen=True, slots=True)
class Story:
    """`primary` is the incident this one repeats, `duplicates` those merged into it, `offered` what it may repeat."""

    stretches: list[Stretch]
    primary: Incident | None
    duplicates: list[Incident]
    offered: list[Incident]
    notes: list[IncidentNote]
    roles: list[IncidentRole]
    timeline: list[Told]
    trail: list[AuditEntry]


def story(session: Session, incident: Incident) -> Story:
    """A constant number of statements."""
    number = audit.number(incident)
    return Story(
        stretches=stretches(incident),
        primary=primary(session, incident),
        duplicates=duplicates(session, incident),
        offered=offered(session, incident) if incident.duplicate_of is None else [],
        notes=notes(session, number),
        roles=roles(session, number),
        timeline=told(session, incident),
        trail=audit.history(session, SUBJECT, [number])[:MOST_ENTRIES],
    )

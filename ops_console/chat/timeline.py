"""Putting a message on the timeline of an incident."""

from sqlalchemy import select
from sqlmodel import col

from ops_console.chat.work import Answer, Asked, Said, Work
from ops_console.contracts.commands import Blank, Form, Line, Look
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.practices import incident_messages
from ops_console.records.incidents import Incident

FORM = "timeline"
WORDS = 70
"""Letters of an incident's name in a choice."""


def choose(work: Work) -> Answer:
    """Ask which incident; those that are open come first, then the newest."""
    work.must_be_editor()
    real = (col(Incident.deleted_at).is_(None), col(Incident.duplicate_of).is_(None))
    wanted = (
        select(Incident)
        .where(*real)
        .order_by(col(Incident.restored_at).is_not(None), col(Incident.began_at).desc(), col(Incident.id).desc())
    )
    with reading(work.engine) as session:
        found = list(session.scalars(wanted.limit(work.tool.MOST)))
    if not found:
        return Said([Line("There is no incident yet; /ops incident opens one.")])
    options = [(str(each.id), _named(each)) for each in found]
    blank = Blank("incident", "Incident", Look.CHOICE, options[0][0], options=options)
    return Asked(Form(FORM, "Add to timeline", "Add", [blank], carried=work.call.said))


def filled(work: Work, _rest: str) -> Answer:
    work.must_be_editor()
    chosen = work.call.said.get("incident", "")
    if not chosen.isdecimal() or len(chosen) > 15:
        raise BadInput("Choose the incident.")
    quote = work.tool.quoted(work.call, work.settings)
    with transaction(work.engine) as session:
        is_new = incident_messages.add(session, int(chosen), quote, work.integration, work.caller.email)
        text = "The message is on the timeline." if is_new else "The message was on the timeline already."
        return work.done(session, text, f"/incidents/{chosen}#messages")


def _named(incident: Incident) -> str:
    severity = f"{incident.severity} " if incident.severity else ""
    name = f"{severity}{incident.title}"
    return name if len(name) <= WORDS else name[: WORDS - 1] + "…"

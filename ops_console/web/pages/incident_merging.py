"""Two incidents that tell of the same trouble: one is merged into the other, and taken out again."""

import re

from flask import request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.duplicates import check_merge, named
from ops_console.records import audit
from ops_console.records.incidents import Incident
from ops_console.web.access import Access, Pages
from ops_console.web.database import write
from ops_console.web.incident_corrections import held, say, take_back_or_deny
from ops_console.web.pages.incident_forms import back
from ops_console.web.pages.incidents import page_of_incident

pages = Pages("incident_merging")

LISTED = re.compile(r"#(\d{1,15})")
"""An incident chosen from the list, by its number here."""
Answer = AnyResponse | tuple[str, int]


@pages.post("/incidents/<int:incident_id>/merge", access=Access.EDITOR)
def merge(incident_id: int) -> Answer:
    """Say which incident this one repeats."""
    reason = request.form.get("merge-reason", "").strip()
    chosen = request.form.get("primary-id", "").strip() or request.form.get("primary", "")
    if not chosen:
        return page_of_incident(incident_id, (("primary-id", "Choose the incident that this one repeats."),)), 422
    if not reason:
        return page_of_incident(incident_id, (("merge-reason", "Say how you know, in one sentence."),)), 422
    try:
        with write() as session:
            found, onto = _both(session, incident_id, chosen)
            check_merge(session, found, onto)
            other = onto.source if onto.source != found.source else None
            values = {"duplicate_source": other} if other != found.duplicate_source else {}
            say(session, found, "merged", {**values, "duplicate_of": onto.external_id}, reason)
    except (BadInput, NotFound) as error:
        return page_of_incident(incident_id, (("primary-id", str(error)),)), 422
    return back(incident_id, "duplicates")


@pages.post("/incidents/<int:incident_id>/unmerge", access=Access.EDITOR)
def unmerge(incident_id: int) -> Answer:
    """It is an incident of its own after all."""
    with write() as session:
        found = held(session, incident_id)
        if found.duplicate_of is not None:
            reason = "It is an incident of its own."
            take_back_or_deny(session, found, "taken out", ("duplicate_of", "duplicate_source"), reason)
    return back(incident_id, "duplicates")


def _both(session: Session, incident_id: int, chosen: str) -> tuple[Incident, Incident]:
    """Held in the order of their numbers, so that two people who merge them crosswise wait for one another."""
    listed = LISTED.fullmatch(chosen)
    number = int(listed[1]) if listed else audit.number(named(session, chosen))
    kept = {each: held(session, each) for each in sorted({incident_id, number})}
    return kept[incident_id], kept[number]

"""An incident that broke again, and was restored again."""

from collections.abc import Callable
from datetime import datetime

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput
from ops_console.practices.reopenings import with_reopening, with_restoration
from ops_console.records.incidents import Incident
from ops_console.web.access import Access, Pages
from ops_console.web.database import write
from ops_console.web.incident_corrections import held, say
from ops_console.web.pages.incident_forms import back, in_workspace_zone
from ops_console.web.pages.incidents import page_of_incident

pages = Pages("incident_reopening")

Answer = AnyResponse | tuple[str, int]


@pages.post("/incidents/<int:incident_id>/reopen", access=Access.EDITOR)
def reopen(incident_id: int) -> Answer:
    """The first restoration stays; another stretch of trouble begins."""
    return _said(incident_id, "reopened", with_reopening)


@pages.post("/incidents/<int:incident_id>/restore", access=Access.EDITOR)
def restore(incident_id: int) -> Answer:
    """The last stretch of trouble is over."""
    return _said(incident_id, "restored again", with_restoration)


def _said(incident_id: int, did: str, spans: Callable[[Incident, datetime], list[str]]) -> Answer:
    reason = request.form.get("again-reason", "").strip()
    if not reason:
        return page_of_incident(incident_id, (("again-reason", "Say how you know, in one sentence."),)), 422
    try:
        at = in_workspace_zone(request.form.get("again-at", "").strip())
        with write() as session:
            found = held(session, incident_id)
            say(session, found, did, {"reopenings": spans(found, at)}, reason)
    except BadInput as error:
        return page_of_incident(incident_id, (("again-at", str(error)),)), 422
    except ValueError as error:
        return page_of_incident(incident_id, (("again-at", f"When: {error}."),)), 422
    return back(incident_id, "times")

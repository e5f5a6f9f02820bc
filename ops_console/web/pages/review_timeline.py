"""The lines of a review's timeline, as people add, change and remove them."""

from datetime import datetime

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput
from ops_console.practices import reviews
from ops_console.practices.review_timeline import add_line, change_line, line_of, remove_line
from ops_console.web.access import Access, Pages
from ops_console.web.annotation_form import one_line
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.pages.incident_forms import in_workspace_zone
from ops_console.web.pages.reviews import back, page_of_review
from ops_console.web.told import told

pages = Pages("review_timeline")

Answer = AnyResponse | tuple[str, int]


@pages.post("/incidents/<int:incident_id>/review/lines", access=Access.EDITOR)
def add(incident_id: int) -> Answer:
    try:
        at, text = _asked()
        link = request.form.get("line-link", "").strip()[:1000]
        with write() as session:
            add_line(session, reviews.get(session, incident_id), at, text, link, account().email)
    except BadInput as error:
        return page_of_review(incident_id, (("line-at", str(error)),)), 422
    return back(incident_id, "timeline")


@pages.post("/incidents/<int:incident_id>/review/lines/<int:line_id>", access=Access.EDITOR)
def change(incident_id: int, line_id: int) -> Answer:
    """Somebody else's newer words are shown, and yours stay in the form."""
    seen = request.form.get("revision", "")
    try:
        at, text = _asked()
        with write() as session:
            review = reviews.get(session, incident_id)
            revision = int(seen) if seen.isdecimal() else 0
            if change_line(session, review, line_id, revision, at, text, account().email) is None:
                stands = line_of(session, review, line_id)
                by = stands.edited_by or stands.source
                raise BadInput(f"{by} changed this line while you wrote; it says now: {told(stands.at)}, {stands.text}")
    except BadInput as error:
        return page_of_review(incident_id, ((f"line-{line_id}", str(error)),)), 422
    return back(incident_id, "timeline")


@pages.post("/incidents/<int:incident_id>/review/lines/<int:line_id>/remove", access=Access.EDITOR)
def remove(incident_id: int, line_id: int) -> Answer:
    try:
        with write() as session:
            remove_line(session, reviews.get(session, incident_id), line_id, account().email)
    except BadInput as error:
        return page_of_review(incident_id, (("timeline", str(error)),)), 422
    return back(incident_id, "timeline")


def _asked() -> tuple[datetime, str]:
    try:
        return in_workspace_zone(request.form.get("line-at", "").strip()), one_line(request.form.get("line-text", ""))
    except ValueError as error:
        raise BadInput(f"When: {error}.") from None

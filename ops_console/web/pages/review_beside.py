"""What stands beside the text of a review: facts brought in again, factors, comments."""

from collections.abc import Callable
from typing import Any

from flask import request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.decisions import Factor
from ops_console.core.errors import BadInput
from ops_console.practices import review_factors, reviews
from ops_console.records.reviews import IncidentReview
from ops_console.web.access import Access, Pages
from ops_console.web.annotation_form import one_line
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.pages.reviews import back, page_of_review

pages = Pages("review_beside")

Answer = AnyResponse | tuple[str, int]


@pages.post("/incidents/<int:incident_id>/review/start", access=Access.EDITOR)
def start(incident_id: int) -> AnyResponse:
    with write() as session:
        reviews.start(session, incident_id, account().email)
    return back(incident_id)


@pages.post("/incidents/<int:incident_id>/review/refill", access=Access.EDITOR)
def refill(incident_id: int) -> Answer:
    by = account().email
    return _done(incident_id, "timeline", lambda session, kept: reviews.refill(session, kept, by))


@pages.post("/incidents/<int:incident_id>/review/factors", access=Access.EDITOR)
def add_factor(incident_id: int) -> Answer:
    factor, note = request.form.get("factor", ""), one_line(request.form.get("note", ""))[:300]
    if factor not in {*Factor}:
        return page_of_review(incident_id, (("factor", "Choose one of the factors offered."),)), 422
    by = account().email
    return _done(incident_id, "factors", lambda s, kept: review_factors.add_factor(s, kept, factor, note, by))


@pages.post("/incidents/<int:incident_id>/review/factors/<int:factor_id>/remove", access=Access.EDITOR)
def remove_factor(incident_id: int, factor_id: int) -> Answer:
    by = account().email
    return _done(incident_id, "factors", lambda s, kept: review_factors.remove_factor(s, kept, factor_id, by))


@pages.post("/incidents/<int:incident_id>/review/comments", access=Access.EDITOR)
def comment(incident_id: int) -> Answer:
    text, by = request.form.get("comment", ""), account().email
    return _done(incident_id, "comments", lambda s, kept: review_factors.comment(s, kept, text, by), "comment")


def _done(incident_id: int, part: str, do: Callable[[Session, IncidentReview], Any], field: str = "") -> Answer:
    """Do it, and show the page at the part it changed; what was refused is said there."""
    try:
        with write() as session:
            do(session, reviews.get(session, incident_id))
    except BadInput as error:
        return page_of_review(incident_id, ((field or part, str(error)),)), 422
    return back(incident_id, part)

"""Handing a review in, approving it, sending it back, closing, waiving and discarding it."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput
from ops_console.practices import review_discard, review_states, reviews
from ops_console.records.reviews import IncidentReview
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.pages.reviews import back, page_of_review
from ops_console.web.view import see_other

pages = Pages("review_decisions")

Answer = AnyResponse | tuple[str, int]
REASON = "reason"


@pages.post("/incidents/<int:incident_id>/review/submit", access=Access.EDITOR)
def submit(incident_id: int) -> Answer:
    return _decided(incident_id, review_states.submit)


@pages.post("/incidents/<int:incident_id>/review/approve", access=Access.EDITOR)
def approve(incident_id: int) -> Answer:
    return _decided(incident_id, review_states.approve)


@pages.post("/incidents/<int:incident_id>/review/close", access=Access.EDITOR)
def close(incident_id: int) -> Answer:
    return _decided(incident_id, review_states.close)


@pages.post("/incidents/<int:incident_id>/review/send-back", access=Access.EDITOR)
def send_back(incident_id: int) -> Answer:
    return _decided(incident_id, review_states.send_back, request.form.get(REASON, ""))


@pages.post("/incidents/<int:incident_id>/review/waive", access=Access.MANAGER)
def waive(incident_id: int) -> Answer:
    return _decided(incident_id, review_states.waive, request.form.get(REASON, ""))


@pages.post("/incidents/<int:incident_id>/review/discard", access=Access.MANAGER)
def discard(incident_id: int) -> Answer:
    answer = _decided(incident_id, review_discard.discard, request.form.get(REASON, ""))
    if isinstance(answer, tuple):
        return answer
    return see_other(url_for("incidents.incident", incident_id=incident_id))


def _decided(incident_id: int, decide: Callable[..., Any], *reason: str) -> Answer:
    try:
        with write() as session:
            _of(session, incident_id, decide, *reason)
    except BadInput as error:
        return page_of_review(incident_id, ((REASON if reason else "decide", str(error)),)), 422
    return back(incident_id)


def _of(session: Session, incident_id: int, decide: Callable[..., Any], *reason: str) -> None:
    review: IncidentReview = reviews.get(session, incident_id)
    decide(session, review, account().email, *reason)

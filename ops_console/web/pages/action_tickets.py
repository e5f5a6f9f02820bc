"""The ticket of an action: opening one, linking one, parting with it, and deciding where both sides differ."""

from flask import request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import NotFound
from ops_console.practices import actions, tickets
from ops_console.practices.promises import Faulty
from ops_console.records.trackers import ActionLink
from ops_console.web.access import Access, Pages
from ops_console.web.annotation_form import one_line
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.pages.actions import address, page_of_action
from ops_console.web.reads.tickets import boards
from ops_console.web.view import see_other

pages = Pages("action_tickets")

Answer = AnyResponse | tuple[str, int]


@pages.post("/actions/<int:action_id>/ticket", access=Access.EDITOR)
def begin(action_id: int) -> Answer:
    """Without a key one is opened; with one, that ticket is linked."""
    key = one_line(request.form.get("key", ""))
    try:
        with write() as session:
            action, source = actions.get(session, action_id), _source(session)
            if request.form.get("do") == "link":
                tickets.link(session, action, source, key, account().email)
            else:
                tickets.ask(session, action, source, account().email)
    except Faulty as error:
        return page_of_action(action_id, tuple(error.errors)), 422
    return see_other(address(action_id, "ticket"))


@pages.post("/actions/<int:action_id>/ticket/part", access=Access.EDITOR)
def part(action_id: int) -> Answer:
    with write() as session:
        tickets.part(session, _link(session, action_id), account().email)
    return see_other(address(action_id, "ticket"))


@pages.post("/actions/<int:action_id>/ticket/decide", access=Access.EDITOR)
def decide(action_id: int) -> Answer:
    """Which of both holds, on the values that the page showed."""
    said = {name: one_line(request.form.get(name, "")) for name in ("name", "side", "decided")}
    seen = {side: request.form.get(side) or None for side in (tickets.HERE, tickets.THERE)}
    try:
        with write() as session:
            link = _link(session, action_id)
            tickets.choose(session, link, said["name"], said["side"], seen, account().email, said["decided"])
    except Faulty as error:
        return page_of_action(action_id, tuple(("side", sentence) for _, sentence in error.errors)), 422
    return see_other(address(action_id, "ticket"))


def _source(session: Session) -> str:
    asked, able = request.form.get("source", ""), boards(session)
    if asked not in able:
        raise Faulty([("source", "Choose where the ticket is, or is to be.")])
    return asked


def _link(session: Session, action_id: int) -> ActionLink:
    found = tickets.of(session, action_id)
    if found is None:
        raise NotFound(f"Action {action_id} has no ticket.")
    return found

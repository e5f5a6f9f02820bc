"""Promising an action, changing it, finishing or dropping it, and changing several at once."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.decisions import ActionState, ActionType, Priority
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.practices import actions
from ops_console.practices.action_bulk import edit_many
from ops_console.practices.action_rules import default_due
from ops_console.practices.promises import Errors, Faulty, people
from ops_console.records import audit
from ops_console.records.incidents import Incident
from ops_console.web import action_form
from ops_console.web.access import Access, Pages
from ops_console.web.annotation_form import one_line
from ops_console.web.auth import account
from ops_console.web.database import read, write
from ops_console.web.pages.actions import address, offered, page_of_action, page_of_actions
from ops_console.web.view import render, see_other, url_with, workspace

pages = Pages("action_forms")

Answer = AnyResponse | tuple[str, int]


@pages.get("/actions/new", access=Access.EDITOR)
def new() -> str:
    return _form([])


@pages.post("/actions/new", access=Access.EDITOR)
def promise() -> Answer:
    wanted, errors = action_form.read(request.form)
    try:
        if wanted is None:
            raise Faulty(errors)
        with write() as session:
            number = _incident_id()
            kept = actions.add(session, wanted, account().email, number)
    except Faulty as error:
        return _form(error.errors), 422
    if number is not None:
        return see_other(url_for("incidents.incident", incident_id=number, _anchor="actions"))
    return see_other(address(audit.number(kept)))


@pages.post("/actions/<int:action_id>", access=Access.EDITOR)
def change(action_id: int) -> Answer:
    wanted, errors = action_form.read(request.form)
    seen, reason = request.form.get("revision", ""), one_line(request.form.get("reason", ""))
    try:
        if wanted is None:
            raise Faulty(errors)
        with write() as session:
            kept = actions.get(session, action_id)
            actions.change(session, kept, wanted, int(seen) if seen.isdecimal() else 0, account().email, reason)
    except Faulty as error:
        return page_of_action(action_id, tuple(error.errors)), 422
    return see_other(address(action_id))


@pages.post("/actions/<int:action_id>/move", access=Access.EDITOR)
def move(action_id: int) -> Answer:
    """Begin, block, finish, drop or open again."""
    asked, evidence = request.form.get("state", ""), request.form.get("evidence", "")
    try:
        if asked not in {*ActionState}:
            raise Faulty([("state", "Choose what becomes of it.")])
        with write() as session:
            kept, why = actions.get(session, action_id), one_line(request.form.get("why", ""))
            actions.move(session, kept, ActionState(asked), account().email, evidence=evidence, reason=why)
    except Faulty as error:
        at = [("why" if field == "reason" else field, sentence) for field, sentence in error.errors]
        return page_of_action(action_id, tuple(at)), 422
    return see_other(address(action_id))


@pages.post("/actions/bulk", access=Access.EDITOR)
def several() -> Answer:
    """What is filled in changes for every action that is ticked; all of them or none."""
    ticked = [int(each) for each in request.form.getlist("action") if each.isdecimal()]
    try:
        changes = _changes()
        if not ticked or not changes:
            raise Faulty([("bulk", "Tick some actions, and say what is to change.")])
        with write() as session:
            edit_many(session, ticked, changes, account().email, one_line(request.form.get("reason", "")))
    except Faulty as error:
        return page_of_actions(tuple(("bulk", sentence) for _, sentence in error.errors)), 422
    return see_other(url_with().replace("/actions/bulk", "/actions", 1))


def _changes() -> dict[str, Any]:
    changes: dict[str, Any] = {name: value for name in ("owner", "priority") if (value := request.form.get(name))}
    if request.form.get("due_on"):
        changes["due_on"], errors = action_form.read_due(request.form["due_on"])
        if errors:
            raise Faulty(errors)
    return changes


def _form(errors: Errors) -> str:
    with read() as session:
        number = _incident_id()
        incident = session.get(Incident, number) if number is not None else None
        if number is not None and (incident is None or incident.deleted_at is not None):
            raise NotFound(f"There is no incident {number}.")
        owners = people(session)
    usual = {
        "owner": account().email if account().email in owners else "",
        "kind": ActionType.PREVENT.value,
        "priority": Priority.MEDIUM.value,
        "due_on": default_due(incident.severity if incident else None, now().astimezone(workspace().zone).date()),
    }
    given = action_form.filled(request.form, None, usual)
    return render("actions_new.html", incident=incident, given=given, errors=errors, **offered(owners))


def _incident_id() -> int | None:
    asked = request.values.get("incident", "")
    return int(asked) if asked.isdecimal() else None

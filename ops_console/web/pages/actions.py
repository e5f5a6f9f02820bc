"""What did we promise, is it done, and did it help? A list, a board, one's own."""

from typing import Any

from flask import Response, request, url_for

from ops_console.contracts.decisions import PROMISED, ActionState, ActionType, Factor, Priority
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.practices.promises import people
from ops_console.records import audit
from ops_console.web import action_form, review_words
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice, words_for
from ops_console.web.reads import actions as reads
from ops_console.web.reads import tickets
from ops_console.web.reads.actions import OVERDUE, OWED, ActionRow, Wanted
from ops_console.web.reads.listing import every
from ops_console.web.view import csv_response, page_of, render, workspace

pages = Pages("actions", menu="Actions", place=54)

ME, BOARD = "me", "board"
ON_BOARD = 200
COLUMNS = (
    "id",
    "title",
    "done_when",
    "type",
    "priority",
    "owner",
    "due_on",
    "first_due_on",
    "slips",
    "state",
    "cause",
    "model",
    "incident",
    "ticket",
    "ticket_url",
    "ticket_differs_in",
    "evidence",
    "done_at",
    "dropped_by",
    "dropped_reason",
    "effect",
    "exposure",
)
Errors = tuple[tuple[str, str], ...]


@pages.get("/actions", access=Access.VIEWER)
def actions() -> str:
    return page_of_actions()


def page_of_actions(errors: Errors = ()) -> str:
    """The list or the board, with what was wrong with a form that was sent from it."""
    is_board = request.args.get("view") == BOARD
    with read() as session:
        owners = people(session)
        filters, wanted = _asked(owners)
        paging = page_of(reads.total(session, wanted), ON_BOARD if is_board else 50)
        rows = reads.actions(session, wanted, paging.size, paging.offset)
        counted = reads.counts(session, wanted)
    columns = [(state.value, [row for row in rows if row.action.state == state]) for state in ActionState]
    return render(
        "actions.html",
        filters=filters,
        rows=rows,
        columns=columns if is_board else [],
        paging=paging,
        counted=counted,
        today=wanted.today,
        owners=owners,
        has_tickets=any(row.ticket for row in rows),
        promised=PROMISED,
        priorities=words_for(Priority),
        words_of=review_words,
        errors=errors,
        form=request.form,
    )


@pages.get("/actions.csv", access=Access.VIEWER)
def download() -> Response:
    with read() as session:
        _, wanted = _asked(people(session))
        rows = every(lambda limit, offset: reads.actions(session, wanted, limit, offset))
        return csv_response("actions", COLUMNS, map(_cells, rows))


@pages.get("/actions/<int:action_id>", access=Access.VIEWER)
def action(action_id: int) -> str:
    return page_of_action(action_id)


def page_of_action(action_id: int, errors: Errors = ()) -> str:
    """One action with its history, and what was wrong with a form that was sent from it."""
    with read() as session:
        found = reads.action(session, action_id)
        if found is None:
            raise NotFound(f"There is no action {action_id}.")
        trail, owners = audit.history(session, "action", [action_id]), people(session)
        ticket, boards = tickets.ticket(session, action_id), tickets.boards(session)
    return render(
        "actions_one.html",
        found=found,
        action=found.action,
        trail=trail,
        ticket=ticket,
        boards=boards,
        given=action_form.filled(request.form if "title" in request.form else {}, found.action, {}),
        **offered(owners),
        promised=PROMISED,
        words_of=review_words,
        errors=errors,
        form=request.form,
    )


def offered(owners: dict[str, str]) -> dict[str, Any]:
    """What the form of an action offers."""
    return {
        "owners": owners,
        "kinds": words_for(ActionType),
        "priorities": words_for(Priority),
        "causes": words_for(Factor),
    }


def _asked(people_known: dict[str, str]) -> tuple[FilterBar, Wanted]:
    states = [(OWED, "Owed"), (OVERDUE, "Overdue"), *words_for(ActionState)]
    owners = [(ME, "Me"), *((email, name) for email, name in people_known.items())]
    filters = bar(
        choice("state", "State", states),
        choice("owner", "Owner", owners),
        choice("type", "Type", words_for(ActionType)),
        choice("priority", "Priority", words_for(Priority)),
        choice("view", "Shown as", [(BOARD, "Board")], every="List"),
        searches="Words, incident or owner",
    )
    asked = {each.name: each.asked for each in filters.choices}
    owner = account().email if asked["owner"] == ME else asked["owner"]
    today = now().astimezone(workspace().zone).date()
    wanted = Wanted(today, asked["state"], owner, asked["type"], asked["priority"], filters.model, filters.search)
    return filters, wanted


def _cells(row: ActionRow) -> list[Any]:
    action, verdict, ticket = row.action, row.verdict, row.ticket
    return [
        action.id,
        action.title,
        action.done_when,
        action.kind,
        action.priority,
        action.owner,
        action.due_on,
        action.first_due_on,
        action.slips,
        action.state,
        action.cause,
        row.slug,
        row.incident.external_id if row.incident else None,
        ticket.key or ticket.number if ticket else None,
        ticket.url if ticket else None,
        "; ".join(ticket.clashes) if ticket else None,
        action.evidence,
        action.done_at,
        action.dropped_by,
        action.dropped_reason,
        verdict.effect.value if verdict else None,
        verdict.exposure if verdict else None,
    ]


def address(action_id: int, part: str = "") -> str:
    return url_for("actions.action", action_id=action_id, _anchor=part or None)

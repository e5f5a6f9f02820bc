"""What must somebody else decide, who, by when, and what was decided?"""

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from sqlmodel import Session

from ops_console.contracts.decisions import AskState
from ops_console.core.clock import now
from ops_console.practices.promises import Errors, people
from ops_console.records.decisions import AskedDecision
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.reads import decisions as reads
from ops_console.web.reads.listing import every
from ops_console.web.view import csv_response, page_of, render, workspace

pages = Pages("decisions", menu="Decisions", place=55)

COLUMNS = ("id", "question", "why", "owner", "due_on", "state", "answer", "made_by", "made_at", "closed_at")
FIELDS = ("question", "why", "owner", "due_on")
STATES = {
    AskState.DECIDED.value: ("good", "●", "Decided"),
    AskState.WITHDRAWN.value: ("none", "○", "Withdrawn"),
}
Tag = tuple[str, str, str]


@pages.get("/decisions", access=Access.VIEWER)
def decisions() -> str:
    return page_of_decisions()


@pages.get("/decisions.csv", access=Access.VIEWER)
def download() -> Response:
    def cells(row: AskedDecision) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in COLUMNS)

    def rows(session: Session) -> Iterator[AskedDecision]:
        yield from reads.waiting(session)
        yield from every(lambda limit, offset: [*reads.closed(session, limit, offset)])

    with read() as session:
        return csv_response("decisions", COLUMNS, map(cells, rows(session)))


def tag(row: AskedDecision) -> Tag:
    """Whether it waits longer than it was meant to, or what became of it."""
    if row.state in STATES:
        return STATES[row.state]
    is_late = row.due_on < now().astimezone(workspace().zone).date()
    return ("watch", "▲", "Overdue") if is_late else ("none", "○", "Asked")


def page_of_decisions(number: int = 0, errors: Errors | None = None) -> str:
    """The page, and what was wrong with a form that was sent from it: that of a row, or with 0 that of a new one."""
    with read() as session:
        paging = page_of(reads.closed_total(session))
        return render(
            "decisions.html",
            waiting=reads.waiting(session),
            closed=reads.closed(session, paging.size, paging.offset),
            paging=paging,
            owners=people(session),
            tag_of=tag,
            errors=errors or [],
            form=request.form if errors else {},
            given={name: request.form.get(name, "") if errors else "" for name in FIELDS},
            sent=number,
        )

"""What came in, and what was refused? Deliveries of facts, and one of them with its refused rows."""

from typing import Any

from flask import Response
from sqlmodel import Session
from werkzeug.exceptions import Forbidden

from ops_console.contracts import kind_words
from ops_console.contracts.facts import KINDS
from ops_console.core import units
from ops_console.core.errors import NotFound
from ops_console.records.imports import Import
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice
from ops_console.web.reads import imports as reads
from ops_console.web.reads.imports import Wanted
from ops_console.web.reads.listing import every
from ops_console.web.view import csv_response, page_of, render, sorting
from ops_console.web.window import window

pages = Pages("imports", menu="Imports", place=60)

STATES = {
    "running": ("none", "○", "Running"),
    "done": ("good", "●", "Done"),
    "failed": ("bad", "■", "Failed"),
    "interrupted": ("watch", "▲", "Interrupted"),
}
"""Tone, icon and word of each state."""
HIDDEN = "These rows tell of people: who brought them in sees what they said, and a manager where they are no answers."
COLUMNS = (
    "import_id",
    "started_at",
    "finished_at",
    "kind",
    "source",
    "origin",
    "state",
    "rows",
    "new",
    "changed",
    "unchanged",
    "older",
    "filtered",
    "refused",
    "unmapped",
    "made_by",
    "error",
)


@pages.get("/imports", access=Access.VIEWER)
def imports() -> str:
    order = sorting(reads.COLUMNS, "-started_at")
    with read() as session:
        filters, wanted = _asked(session)
        paging = page_of(reads.total(session, wanted))
        rows = reads.imports(session, wanted, order.order(reads.COLUMNS), paging.size, paging.offset)
    return render("imports.html", filters=filters, rows=rows, paging=paging, sorting=order, states=STATES, units=units)


@pages.get("/imports.csv", access=Access.VIEWER)
def download() -> Response:
    order = sorting(reads.COLUMNS, "-started_at").order(reads.COLUMNS)
    with read() as session:
        _, wanted = _asked(session)
        rows = every(lambda limit, offset: reads.imports(session, wanted, order, limit, offset))
        return csv_response("imports", COLUMNS, map(_cells, rows))


@pages.get("/imports/<int:import_id>", access=Access.VIEWER)
def delivery(import_id: int) -> str:
    with read() as session:
        found = _found(session, import_id)
        paging = page_of(reads.refusals_kept(session, import_id))
        is_shown = reads.may_see_refused(found, account())
        return render(
            "imports_one.html",
            found=found,
            paging=paging,
            refusals=reads.refusals(session, import_id, paging.size, paging.offset) if is_shown else [],
            hidden="" if is_shown else HIDDEN,
            reasons=reads.reasons(session, import_id),
            states=STATES,
            units=units,
        )


@pages.get("/imports/<int:import_id>/refused.csv", access=Access.VIEWER)
def refused(import_id: int) -> Response:
    with read() as session:
        found = _found(session, import_id)
        if not reads.may_see_refused(found, account()):
            raise Forbidden(HIDDEN)
        rows = every(lambda limit, offset: reads.refusals(session, import_id, limit, offset))
        cells = ((row.line, row.column, row.reason, row.raw) for row in rows)
        return csv_response(f"refused_{found.kind}_{import_id}", ("line", "column", "reason", "raw"), cells)


def _found(session: Session, import_id: int) -> Import:
    found = session.get(Import, import_id)
    if found is None:
        raise NotFound(f"There is no import {import_id}.", remedy="Look for it among the imports.")
    return found


def _asked(session: Session) -> tuple[FilterBar, Wanted]:
    period = window(reads.newest(session))
    filters = bar(
        period.choice,
        choice("kind", "Kind", [(kind, kind_words.title(kind)) for kind in KINDS]),
        choice("source", "Source", [(name, name) for name in reads.sources(session)]),
        choice("state", "State", [(state, words) for state, (_, _, words) in STATES.items()]),
    )
    asked = {each.name: each.asked for each in filters.choices}
    return filters, Wanted(period.start, period.end, asked["kind"], asked["source"], asked["state"])


def _cells(row: Import) -> list[Any]:
    return [row.id, *(getattr(row, name) for name in COLUMNS[1:])]

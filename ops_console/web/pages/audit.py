"""Who decided what, when, and how was it before? And does the trail hold?"""

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from sqlmodel import Session

from ops_console.records import audit as trail
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice, words_for
from ops_console.web.reads import audit as reads
from ops_console.web.reads.audit import Entry, Wanted
from ops_console.web.reads.listing import every
from ops_console.web.view import csv_response, page_of, render
from ops_console.web.window import Window, window

pages = Pages("audit")

COLUMNS = ("entry", "at", "by", "did", "subject", "number", "reason", "before", "after", "seal")


@dataclass(frozen=True, slots=True)
class Check:
    """What following the whole trail found; `broken` is the first entry that does not follow from the one before."""

    length: int
    broken: int | None


@pages.get("/audit", access=Access.MANAGER)
def audit() -> str:
    with read() as session:
        filters, wanted, shown = _asked(session)
        paging = page_of(reads.total(session, wanted))
        entries = reads.entries(session, wanted, paging.size, paging.offset)
        check = Check(trail.length(session), trail.broken_at(session)) if request.args.get("check") == "all" else None
    return render(
        "audit.html",
        filters=filters,
        entries=entries,
        paging=paging,
        check=check,
        window=shown,
        address_of=address_of,
    )


@pages.get("/audit.csv", access=Access.MANAGER)
def download() -> Response:
    with read() as session:
        _, wanted, shown = _asked(session)
        rows = every(lambda limit, offset: reads.entries(session, wanted, limit, offset))
        return csv_response(f"audit_{shown.file_part}", COLUMNS, map(_cells, rows))


def address_of(found: Entry) -> str | None:
    """Where the thing stands that was decided about."""
    entry = found.entry
    if entry.subject == "action":
        return url_for("actions.action", action_id=entry.number)
    if entry.subject == "incident":
        return url_for("incidents.incident", incident_id=entry.number)
    if entry.subject == "decision":
        return url_for("decisions.decisions")
    if entry.subject == "runbook":
        return url_for("runbooks.runbooks")
    return url_for("reviews.review", incident_id=found.incident_id) if found.incident_id else None


def _asked(session: Session) -> tuple[FilterBar, Wanted, Window]:
    shown = window(reads.newest(session))
    filters = bar(
        choice("by", "Person", [(each, each) for each in reads.deciders(session)]),
        choice("kind", "About", words_for(reads.subjects(session))),
        period=shown,
    )
    _, by, kind = (each.asked for each in filters.choices)
    return filters, Wanted(by, kind, start=shown.start, end=shown.end), shown


def _cells(found: Entry) -> list[Any]:
    entry = found.entry
    before, after = (
        json.dumps(each, ensure_ascii=False) if each is not None else None for each in (entry.before, entry.after)
    )
    said = (entry.by, entry.did, entry.subject, entry.number, entry.reason)
    return [entry.id, entry.at, *said, before, after, entry.entry_hash]

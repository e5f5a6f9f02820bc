"""`POST /api/v1/facts/<kind>`: facts from other systems, through the one door."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound

from ops_console.contracts.facts import KINDS
from ops_console.core.errors import BadInput
from ops_console.ingest.delivery import Delivery, Summary
from ops_console.ingest.door import import_rows
from ops_console.web.access import Access, Pages
from ops_console.web.api._body import LARGEST_BYTES, rows_in_body
from ops_console.web.auth import api_token
from ops_console.web.console import console

pages = Pages("api_facts")

ALL_TAKEN, SOME_REFUSED, NONE_TAKEN = 200, 207, 422


@pages.post("/api/v1/facts/<kind>", access=Access.token("facts:write"), max_bytes=LARGEST_BYTES)
def facts(kind: str) -> tuple[Response, int]:
    """A batch of facts. Each row has its own result; sending the batch again changes nothing.

    Answers 200 if every row landed, 207 if some were refused, 422 if all of them were.
    """
    if kind not in KINDS:
        raise NotFound(f"There is no kind of fact {kind!r}. The kinds are {', '.join(KINDS)}.")
    summary = import_rows(console().engine, rows_in_body(), _delivery(kind))
    return jsonify(_told(summary)), _status(summary)


def _delivery(kind: str) -> Delivery:
    name = api_token().name
    return Delivery(
        kind=kind,
        source=request.args.get("source", name),
        zone=_zone(),
        made_by=f"token {name}",
        covers_until=_covers_until(),
        dry_run=request.args.get("dry_run") == "true",
        origin="API",
    )


def _zone() -> ZoneInfo | None:
    named = request.args.get("zone")
    try:
        return ZoneInfo(named) if named else None
    except (KeyError, ValueError) as error:
        raise BadInput(f"{named!r} is no time zone.", remedy="Use a name such as Europe/London.") from error


def _covers_until() -> datetime | None:
    text = request.args.get("covers_until")
    try:
        instant = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"covers_until={text!r} is no time.", remedy="Write ISO 8601 with offset.") from error
    if instant is not None and instant.tzinfo is None:
        raise BadInput(f"covers_until={text!r} has no offset.", remedy="Write it with one, such as …+00:00.")
    return instant


def _status(summary: Summary) -> int:
    if not summary.refused:
        return ALL_TAKEN
    return NONE_TAKEN if summary.refused == summary.rows else SOME_REFUSED


def _told(summary: Summary) -> dict[str, Any]:
    results = [{"index": each.row - 1} | _result(asdict(each)) for each in summary.results]
    told = {"kind": summary.kind, "source": summary.source, "import_id": summary.import_id, "dry_run": summary.dry_run}
    return told | summary.counts() | {"unmapped": summary.unmapped, "warnings": summary.warnings, "results": results}


def _result(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("result", "column", "reason") if row[name] is not None}

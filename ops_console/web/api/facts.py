"""`POST /api/v1/facts/<kind>`: facts from other systems, through the one door."""

from typing import Annotated, Any, NotRequired
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from typing_extensions import TypedDict

from ops_console.contracts.fact import Instant
from ops_console.contracts.facts import KINDS
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.ingest.summary import RowResult, Summary
from ops_console.web.access import Access
from ops_console.web.api._api import Api
from ops_console.web.api._body import LARGEST_BYTES, rows_in_body
from ops_console.web.auth import api_token
from ops_console.web.database import engine
from ops_console.web.operation import Answer, Query, Variable, Word

pages = Api("api_facts", "Facts", kind=Variable("kind of fact", KINDS))

ALL_TAKEN, SOME_REFUSED, NONE_TAKEN = 200, 207, 422
STATUSES = {
    ALL_TAKEN: "Every row landed.",
    SOME_REFUSED: "Some rows were refused; the others landed.",
    NONE_TAKEN: "Every row was refused.",
}


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        raise ValueError("there is no such time zone; write a name such as Europe/London") from None


Zone = Annotated[ZoneInfo, BeforeValidator(_zone), WithJsonSchema({"type": "string", "format": "time-zone"})]


class Sending(Query):
    """How a batch is to be read."""

    source: Annotated[Word, StringConstraints(max_length=100)] | None = Field(
        None, description="Where the facts come from. By default the name of the token.", examples=["github"]
    )
    zone: Zone | None = Field(
        None, description="The zone of times that are written without an offset.", examples=["Europe/London"]
    )
    covers_until: Instant | None = Field(
        None,
        description="How far the facts are complete; what lies beyond is unknown.",
        examples=["2026-11-01T00:00:00Z"],
    )
    dry_run: bool = Field(False, description="Say what would become of the rows, and keep nothing.", examples=[True])


class RowTold(TypedDict):
    """What became of one row: new, changed, unchanged, older, refused or filtered. `index` counts from 0."""

    index: int
    result: str
    column: NotRequired[str]
    reason: NotRequired[str]


class Told(TypedDict):
    """What became of a batch, in all and row by row. `unmapped` are names that no model is known by."""

    kind: str
    source: str
    import_id: int | None
    dry_run: bool
    rows: int
    new: int
    changed: int
    unchanged: int
    older: int
    refused: int
    filtered: int
    unmapped: list[str]
    warnings: list[str]
    results: list[RowTold]


@pages.send(
    "/api/v1/facts/<kind>",
    access=Access.token("facts:write"),
    bodies=KINDS,
    statuses=STATUSES,
    problems=(413, 415),
    max_bytes=LARGEST_BYTES,
)
def facts(kind: str, asked: Sending) -> Answer[Told]:
    """Send facts

    Each row has its own result; sending the batch again changes nothing. The body is a JSON array of objects or JSON
    Lines, plain or gzip. A mapping kept for the source is applied: rows may then come under the source's own names.
    """
    with engine() as own:
        summary = import_rows(own, rows_in_body(), _delivery(kind, asked))
    return Answer(_told(summary), _status(summary))


def _delivery(kind: str, asked: Sending) -> Delivery:
    name = api_token().name
    return Delivery(
        kind=kind,
        source=asked.source or name,
        zone=asked.zone,
        made_by=f"token {name}",
        covers_until=asked.covers_until,
        dry_run=asked.dry_run,
        origin="API",
    )


def _status(summary: Summary) -> int:
    if not summary.refused:
        return ALL_TAKEN
    return NONE_TAKEN if summary.refused == summary.rows else SOME_REFUSED


def _told(summary: Summary) -> Told:
    return {
        "kind": summary.kind,
        "source": summary.source,
        "import_id": summary.import_id,
        "dry_run": summary.dry_run,
        "rows": summary.rows,
        "new": summary.new,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "older": summary.older,
        "refused": summary.refused,
        "filtered": summary.filtered,
        "unmapped": summary.unmapped,
        "warnings": summary.warnings,
        "results": [_result(each) for each in summary.results],
    }


def _result(row: RowResult) -> RowTold:
    told: RowTold = {"index": row.row - 1, "result": row.result}
    if row.column is not None:
        told["column"] = row.column
    if row.reason is not None:
        told["reason"] = row.reason
    return told

"""One row behind a number, and a page of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from urllib.parse import quote

from pydantic import Field
from typing_extensions import TypedDict

from ops_console.core.clock import iso

OF_MODEL = "/models/{subject}"
"""Where rows without a page of their own lead to."""
ADDRESSES = {
    "deployment": "/deployments/{id}",
    "incident": "/incidents/{id}",
    "slo": OF_MODEL,
    "model": OF_MODEL,
    "step": OF_MODEL,
    "finding": OF_MODEL,
    "degradation": OF_MODEL,
    "experiment": OF_MODEL,
    "gate": OF_MODEL,
}


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `excluded` says in words why it does not count, `note` how it stands; `measure` is seconds, money, a
    score, or 1 for a hit.
    """

    record: str
    id: int | None
    subject: str
    anchor: datetime | None
    label: str
    measure: float | Decimal | None
    excluded: str | None
    url: str
    n: int | None = None
    currency: str | None = None
    note: str = ""


class MachineRecord(TypedDict):
    """One row behind a number. `excluded` says in words why it does not count.

    `measure` is in the unit of the KPI: seconds, a score, a share, 1 for a hit; money as text, in `currency`.
    """

    record: str
    id: int | None
    subject: str
    anchor: Annotated[str, Field(json_schema_extra={"format": "date-time"})] | None
    label: str
    measure: float | str | None
    n: int | None
    currency: str | None
    excluded: str | None
    note: str
    url: str


def machine_record(row: Record) -> MachineRecord:
    """The row as JSON can carry it."""
    return {
        "record": row.record,
        "id": row.id,
        "subject": row.subject,
        "anchor": iso(row.anchor),
        "label": row.label,
        "measure": format(row.measure, "f") if isinstance(row.measure, Decimal) else row.measure,
        "n": row.n,
        "currency": row.currency,
        "excluded": row.excluded,
        "note": row.note,
        "url": row.url,
    }


Mark = tuple[int | str, ...]
"""Where a row stands in the order of its list: the list goes on behind it, whatever was added meanwhile."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`total` rows in all: those that count and, by reason, those left out. `last` marks the last row shown, where more
    follow.
    """

    rows: Sequence[Record]
    total: int
    counted: int
    excluded: dict[str, int]
    measured: str
    last: Mark | None = None


def url_of(record: str, number: int | None, subject: str) -> str:
    address = ADDRESSES.get(record, "")
    if number is None or (address == OF_MODEL and not subject):
        return ""
    return address.format(id=number, subject=quote(subject))

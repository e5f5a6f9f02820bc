"""How one kind of fact is kept: its table, what places it in time, and the columns that are not simply copied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table

from ops_console.core.clock import milliseconds
from ops_console.core.periods import midnight

Values = Mapping[str, Any]
Columns = dict[str, Any]
FIRST, LAST = date(1900, 1, 1), date(9000, 1, 1)
"""Days beyond these are kept as written and placed here: the calendar ends where adding a zone overflows it."""


@dataclass
class Known:
    """What facts of one batch refer to: catalog entries by name, SLO keys by (source, name), the zone."""

    zone: ZoneInfo
    entries: dict[str, int] = field(default_factory=dict)
    slos: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """How one kind of fact is kept. `subject` names the catalog entry a fact is about.

    `finish` adds the columns that are not simply copied; `anchors` are the columns that place a row in time. A kind
    that is `timeless` has none and changes figures of all times.
    """

    table: Table
    anchors: tuple[str, ...] = ()
    subject: Callable[[Values], str | None] = lambda _: None
    finish: Callable[[Columns, Values, Known], None] | None = None
    needs_slo: bool = False
    timeless: bool = False


def about(values: Values) -> str | None:
    """The model or service a fact names."""
    return values.get("model") or values.get("service") or None


def with_entry(row: Columns, values: Values, known: Known) -> None:
    """The entry a fact is about, where it names one."""
    name = about(values)
    row["entry_id"] = known.entries[name] if name else None


def day_start(day: date | None, known: Known) -> int | None:
    """The midnight that begins a day in the workspace's zone."""
    return None if day is None else milliseconds(midnight(min(max(day, FIRST), LAST), known.zone))


def day_end(day: date | None, known: Known) -> int | None:
    """The midnight that ends it."""
    return None if day is None else milliseconds(midnight(min(max(day, FIRST), LAST) + timedelta(days=1), known.zone))

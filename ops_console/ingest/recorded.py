"""From a fact to the row that keeps it: what is copied, what is counted out, and where it stands on the calendar."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import Any, get_args
from zoneinfo import ZoneInfo

from ops_console.core import periods
from ops_console.core.clock import EPOCH, MILLISECOND, milliseconds
from ops_console.core.columns import FOREVER
from ops_console.core.errors import BadInput
from ops_console.ingest import kept_operations, kept_quality, tables
from ops_console.ingest.kept import Columns, Kept, Known, Values, about, with_entry
from ops_console.ingest.shapes import Shape, fact_class, shapes

ALWAYS = (milliseconds(EPOCH), milliseconds(FOREVER))
MICRO = 1_000_000
ENVELOPE = ("source", "external_id", "url")
OURS = ("updated_at", "fingerprint", *ENVELOPE)
"""Columns of the envelope, which mean what we say they mean whatever a fact calls its fields."""


def _incident(row: Columns, values: Values, known: Known) -> None:
    with_entry(row, values, known)
    row["began_at"] = row["detected_at"] if row["impact_started_at"] is None else row["impact_started_at"]
    if row["restored_at"] is None:
        row["restored_at"] = row["resolved_at"]
    row["reopened_ms"], row["reopened_at"] = reopened(row["reopenings"], row["restored_at"])


def reopened(spans: Sequence[str], restored_at: int | None) -> tuple[int, int | None]:
    """How long it was broken again after the restoration, and since when it still is: in milliseconds."""
    if restored_at is None:
        return 0, None
    lasted, since = 0, None
    for span in spans:
        began, _, ended = span.partition("/")
        at = max(milliseconds(datetime.fromisoformat(began)), restored_at)
        if ended:
            lasted += max(milliseconds(datetime.fromisoformat(ended)) - at, 0)
        else:
            since = at
    return lasted, since


def _slo(row: Columns, values: Values, known: Known) -> None:
    with_entry(row, values, known)
    row["objective_ppm"] = ppm(values["objective_percent"])


def ppm(percent: Decimal) -> int:
    """An objective in parts per million."""
    return round(percent * 10_000)


def _slice(row: Columns, values: Values, known: Known) -> None:
    row["slo_id"] = known.slos[values["source"], values["slo"]]
    row["good_micro"], row["total_micro"] = round(values["good"] * MICRO), round(values["total"] * MICRO)
    covered = values["covered_seconds"]
    row["covered_seconds"] = values["seconds"] if covered is None else min(round(covered), values["seconds"])


def _scope_name(values: Values) -> str | None:
    kind, colon, name = str(values.get("scope", "")).partition(":")
    return name.strip() if colon and kind in ("model", "service") else None


def _budget(row: Columns, values: Values, known: Known) -> None:
    name = _scope_name(values)
    row["entry_id"] = known.entries[name] if name else None
    period = periods.parse(values["period"], known.zone)
    row["starts_at"], row["ends_at"] = milliseconds(period.start), milliseconds(period.end)


def _answer(row: Columns, values: Values, known: Known) -> None:
    end = _wave_end(values["wave"], known.zone)
    day = values["answered_on"]
    anchor = end - MILLISECOND if end else periods.midnight(day, known.zone) if day else None
    row["anchored_at"] = None if anchor is None else milliseconds(anchor)


@cache
def _wave_end(wave: str, zone: ZoneInfo) -> datetime | None:
    """The end of the period a wave's label names: 2026-Q3, 2026-10, 2026-W43, 2026-H2, 2026."""
    label = wave.strip()
    if len(label) == 4 and label.isdecimal():
        label = f"{label}-H2"
    if len(label) == 7 and label[4:6] == "-H" and label[6] in "12":
        label = f"{label[:4]}-{'06' if label[6] == '1' else '12'}"
    try:
        return periods.parse(label, zone).end
    except BadInput:
        return None


KEPT: dict[str, Kept] = {
    "people": Kept(tables.people, timeless=True),
    "model_versions": Kept(tables.versions, ("created_at", "ready_at"), about, with_entry),
    "deployments": Kept(tables.deployments, ("finished_at", "started_at"), about, with_entry),
    "changes": Kept(tables.changes, ("merged_at", "first_commit_at"), about, with_entry),
    "incidents": Kept(tables.incidents, ("began_at", "detected_at", "restored_at"), about, _incident),
    "slos": Kept(tables.slos, (), about, _slo, timeless=True),
    "sli_slices": Kept(tables.slices, ("started_at",), finish=_slice, needs_slo=True),
    "budgets": Kept(tables.budgets, ("starts_at", "ends_at"), _scope_name, _budget),
    "survey_responses": Kept(tables.answers, ("anchored_at",), finish=_answer),
    **kept_quality.KEPT,
    **kept_operations.KEPT,
}
"""Models are kept by the catalog and costs by their ledger."""


class RowMaker:
    """Makes rows of one kind."""

    def __init__(self, kind: str) -> None:
        self.kept = KEPT[kind]
        columns = {column.name for column in self.kept.table.columns}
        shared = [name for name in shapes(kind) if name in columns and name not in OURS]
        instants = {name for name, shape in shapes(kind).items() if shape is Shape.INSTANT}
        words = _enumerations(kind)
        self._plain = [*(name for name in shared if name not in instants | words), *ENVELOPE]
        self._take = itemgetter(*self._plain)
        self._instants = [name for name in shared if name in instants]
        self._words = [name for name in shared if name in words]

    def __call__(self, values: Values, known: Known) -> Columns:
        row = dict(zip(self._plain, self._take(values), strict=True))
        for name in self._instants:
            at = values[name]
            row[name] = None if at is None else (at - EPOCH) // MILLISECOND
        for name in self._words:
            word = values[name]
            row[name] = None if word is None else word._value_  # as .value, without the descriptor's cost
        if self.kept.finish:
            self.kept.finish(row, values, known)
        return row


def _enumerations(kind: str) -> set[str]:
    def words(annotation: Any) -> bool:
        return any(isinstance(part, type) and issubclass(part, Enum) for part in (annotation, *get_args(annotation)))

    return {name for name, field in fact_class(kind).model_fields.items() if words(field.annotation)}


def spans(kind: str, rows: Iterable[Values]) -> Iterator[tuple[int, int]]:
    """For each row that has a place in time, from the first to just after the last instant that says so."""
    kept = KEPT[kind]
    for row in rows:
        found = [at for name in kept.anchors if (at := row[name]) is not None]
        if found:
            yield min(found), max(found) + 1
        elif kept.timeless:
            yield ALWAYS


def moment(at: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at)

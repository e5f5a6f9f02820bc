"""The columns of facts about delivery and service that are not simply copied."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from ops_console.core import periods
from ops_console.core.clock import MILLISECOND, milliseconds
from ops_console.core.errors import BadInput
from ops_console.ingest.shapes import Columns, Finish, Values

MICRO = 1_000_000


def _incident(row: Columns, _values: Values, _zone: ZoneInfo) -> None:
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


def _slo(row: Columns, values: Values, _zone: ZoneInfo) -> None:
    row["objective_ppm"] = ppm(values["objective_percent"])


def ppm(percent: Decimal) -> int:
    """An objective in parts per million."""
    return round(percent * 10_000)


def _slice(row: Columns, values: Values, _zone: ZoneInfo) -> None:
    row["slo_id"] = values["slo"]
    row["good_micro"], row["total_micro"] = round(values["good"] * MICRO), round(values["total"] * MICRO)
    covered = values["covered_seconds"]
    row["covered_seconds"] = values["seconds"] if covered is None else min(round(covered), values["seconds"])


def _budget(row: Columns, values: Values, zone: ZoneInfo) -> None:
    period = periods.parse(values["period"], zone)
    row["starts_at"], row["ends_at"] = milliseconds(period.start), milliseconds(period.end)


def _answer(row: Columns, values: Values, zone: ZoneInfo) -> None:
    end = _wave_end(values["wave"], zone)
    day = values["answered_on"]
    anchor = end - MILLISECOND if end else periods.midnight(day, zone) if day else None
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


FINISH: dict[str, Finish] = {
    "incidents": _incident,
    "slos": _slo,
    "sli_slices": _slice,
    "budgets": _budget,
    "survey_responses": _answer,
}

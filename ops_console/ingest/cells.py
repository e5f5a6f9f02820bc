"""Ways to take a value out of a row's cells: small functions that rules are put together from."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.contracts.readers import in_zone
from ops_console.core.clock import EPOCH
from ops_console.ingest.mapping import EPOCHS, ISO

Take = Callable[[Any], Any]
"""From a row's cells to one value: text, or what JSON held, or None for an empty cell."""


class Unmappable(Exception):
    """A cell that its rule cannot read."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


def first_of(takes: list[Take]) -> Take:
    if len(takes) == 1:
        return takes[0]
    return lambda cells: next((value for take in takes if (value := take(cells)) is not None), None)


def reached(parts: list[str]) -> Take:
    def reach(cells: Any) -> Any:
        for part in parts:
            if isinstance(cells, list) and part.isdecimal():
                cells = cells[int(part)] if int(part) < len(cells) else None
            else:
                cells = cells.get(part) if isinstance(cells, dict) else None
        return cells

    return reach


def parted(take: Take, separator: str, part: int | None) -> Take:
    def parts(cells: Any) -> Any:
        whole = take(cells)
        if whole is None:
            return None
        found = [piece.strip() for piece in text_of(whole).split(separator)]
        if part is None:
            return [piece for piece in found if piece]
        return (found[part] or None) if -len(found) <= part < len(found) else None

    return parts


def translated(take: Take, values: dict[str, str], otherwise: str | None) -> Take:
    def translated(cells: Any) -> Any:
        value = take(cells)
        if value is None or isinstance(value, list):
            return value
        found = values.get(value, value if otherwise is None else otherwise)
        return None if found == "" else found

    return translated


def defaulted(take: Take, default: str) -> Take:
    def defaulted(cells: Any) -> Any:
        value = take(cells)
        return default if value is None else value

    return defaulted


def guarded(take: Take, column: str, read: Take) -> Take:
    def guarded(cells: Any) -> Any:
        value = take(cells)
        try:
            return None if value is None else read(value)
        except (ValueError, ArithmeticError) as error:
            raise Unmappable(column, str(error) or f"{text_of(value)[:80]!r} cannot be read") from None

    return guarded


def number_reader(thousands: str | None, decimal: str) -> Take:
    """Text with declared separators to the text of a plain number."""
    grouped = re.compile(rf"[-+]?\d{{1,3}}({re.escape(thousands or '')}\d{{3}})+")

    def read(value: Any) -> Any:
        if not isinstance(value, str) or (thousands is None and decimal == "."):
            return value
        whole, point, rest = value.partition(decimal)
        if thousands and thousands in value:
            if not grouped.fullmatch(whole):
                raise ValueError(f"{value[:80]!r} is not grouped in thousands by {thousands!r}")
            whole = whole.replace(thousands, "")
        return f"{whole}.{rest}" if point else whole

    return read


def time_reader(form: str, zone: ZoneInfo | None, *, is_day: bool) -> Take:
    """Text of a declared form to an instant with its offset, or to a day as it is written."""

    @lru_cache(maxsize=4096)
    def read(text: str) -> Any:
        if form in EPOCHS:
            # Whole numbers of microseconds: floats lose digits of nanoseconds since the epoch.
            value = EPOCH + timedelta(microseconds=int(Decimal(text) * 1_000_000 / EPOCHS[form]))
            return value.astimezone(zone or UTC).date() if is_day else value
        try:
            value = datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            raise ValueError(f"{text[:80]!r} is no time of the form {form}") from None
        if is_day:
            return value.date()
        return value if value.tzinfo else in_zone(value, zone)

    return lambda value: read(text_of(value))

"""From the text of a cell to a value, strictly: what could mean two things is refused with the way out."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationInfo

from ops_console.core.clock import iso, to_milliseconds
from ops_console.core.periods import YEARS

NO_VALUE = frozenset(("NULL", "Null", "null", "None", "N/A", "n/a", "#N/A", "NaN", "nan"))
"""How programs write that they know no value: the same as an empty cell. `none` is a word, and `NA` may be a place."""
TRUE = {"true", "yes", "1", "y", "t"}
FALSE = {"false", "no", "0", "n", "f"}
NO_TIME = "{!r} is no time; write 2026-10-31T09:00:00Z or declare a time format"
MOST_DIGITS = 50
"""More digits before or after the point are no measurement, and 1e999999999 would fill the memory."""


def read_instant(value: Any, info: ValidationInfo) -> datetime:
    """ISO 8601 with an offset, or without one where the import declares a zone (`context["zone"]`)."""
    if isinstance(value, str):
        text = value.strip()
        # Python reads 1743062051247, a time in milliseconds, as the 20th of June 1743.
        if text.isdecimal():
            raise ValueError(NO_TIME.format(text[:80]))
        try:
            value = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(NO_TIME.format(text[:80])) from error
    elif not isinstance(value, datetime):
        raise ValueError(NO_TIME.format(str(value)[:80]))
    if value.year not in YEARS:
        raise ValueError(_outside(value.isoformat()))
    if value.tzinfo is not UTC:
        zone = (info.context or {}).get("zone")
        value = (value if value.tzinfo is not None else in_zone(value, zone)).astimezone(UTC)
    return to_milliseconds(value) if value.microsecond else value


def _outside(text: str) -> str:
    # 0001-01-01 is how some programs write that they know no time; read as one it would begin a history of centuries.
    return f"{text} lies outside {YEARS.start} to {YEARS.stop - 1}; leave it empty where it is unknown or open"


def in_zone(naive: datetime, zone: ZoneInfo | None) -> datetime:
    """A wall-clock time put into its zone; refused where that is unknown, or the time did not happen or did twice."""
    if zone is None:
        raise ValueError(
            f"{naive.isoformat()} has no offset; add one (Z for UTC) or declare the zone it was written in"
        )
    early, late = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early
    if early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise ValueError(f"{naive.isoformat()} never happened in {zone.key}: the clocks went forward; add the offset")
    raise ValueError(f"{naive.isoformat()} happened twice in {zone.key}: the clocks went back; add the offset")


def read_date(value: Any) -> date:
    """An ISO 8601 day."""
    day = value if isinstance(value, date) and not isinstance(value, datetime) else _day(value)
    if day.year not in YEARS:
        raise ValueError(_outside(day.isoformat()))
    return day


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ValueError(f"{str(value)[:80]!r} is no day; write 2026-10-31") from error


def _is_whole(value: Any) -> bool:
    """Whether text is digits and nothing else, as most numbers are: quicker to read, and the same."""
    return value.__class__ is str and value.isdecimal() and len(value) <= MOST_DIGITS


def read_decimal(value: Any) -> Decimal:
    """A plain decimal number; grouped digits are refused because 1,234 and 1.234 mean different things."""
    if _is_whole(value):
        return Decimal(value)
    if isinstance(value, bool):
        raise ValueError("true or false is no number")
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).replace("_", "?"))
    except InvalidOperation as error:
        grouped = "," in str(value) or "_" in str(value)
        hint = "; remove the thousands separators or declare them in the mapping" if grouped else ""
        raise ValueError(f"{str(value)[:80]!r} is no number{hint}") from error
    if not number.is_finite():
        raise ValueError(f"{value} is no finite number; leave the cell empty for unknown")
    if max(abs(number.adjusted()), abs(int(number.as_tuple().exponent))) > MOST_DIGITS:
        raise ValueError(f"{str(value)[:80]!r} is out of range; a number has {MOST_DIGITS} digits at most")
    return number


def read_integer(value: Any) -> int:
    """A whole number."""
    if _is_whole(value):
        return int(value)
    number = read_decimal(value)
    if number != int(number):
        raise ValueError(f"{value} is no whole number")
    return int(number)


def read_bool(value: Any) -> bool:
    """true/false, yes/no, 1/0 in any case."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise ValueError(f"{str(value)[:80]!r} is neither true nor false")


def read_names(value: Any) -> list[str]:
    """A list, or text with names separated by semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return value
    raise ValueError("write names separated by semicolons")


def read_spans(value: Any, info: ValidationInfo) -> list[str]:
    """Stretches of time as ISO 8601 intervals, in order; the last may be open: 2026-10-31T09:00:00Z/"""
    spans = sorted(_span(part, info) for part in read_names(value))
    for (_, ended), (began, _) in pairwise(spans):
        if ended is None or began < ended:
            raise ValueError(f"the stretch from {iso(began)} begins before the one ahead of it has ended")
    return [f"{iso(began)}/{iso(ended) or ''}" for began, ended in spans]


def _span(text: str, info: ValidationInfo) -> tuple[datetime, datetime | None]:
    began, slash, ended = (part.strip() for part in text.partition("/"))
    if not slash:
        raise ValueError(f"{text[:80]!r} is no stretch of time; write 2026-10-31T09:00:00Z/2026-10-31T10:00:00Z")
    span = read_instant(began, info), read_instant(ended, info) if ended else None
    if span[1] is not None and span[1] <= span[0]:
        raise ValueError(f"{text[:80]!r} ends before it begins")
    return span

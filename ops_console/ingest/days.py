"""Days as the milliseconds at which they begin and end in the workspace's zone."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from ops_console.core.clock import milliseconds
from ops_console.core.periods import midnight

FIRST, LAST = date(1900, 1, 1), date(9000, 1, 1)
"""Days beyond these are kept as written and placed here: the calendar ends where adding a zone overflows it."""


def day_start(day: date | None, zone: ZoneInfo) -> int | None:
    """The midnight that begins a day."""
    return None if day is None else milliseconds(midnight(min(max(day, FIRST), LAST), zone))


def day_end(day: date | None, zone: ZoneInfo) -> int | None:
    """The midnight that ends it."""
    return None if day is None else milliseconds(midnight(min(max(day, FIRST), LAST) + timedelta(days=1), zone))

"""A file of a calendar as facts about shifts that have ended."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from integrations.ical.events import AHEAD, Roster, Shift, roster
from integrations.ical.people import Naming
from integrations.ical.told import fact
from ops_console.contracts.rows import LeftOut, Refused, Row
from ops_console.core.clock import now

KIND = "shifts"
MINE = re.compile(r"\A\ufeff?\s*BEGIN:VCALENDAR\b", re.I)
BACK = timedelta(days=5 * 366)
"""Recurring events have no beginning to speak of."""
UNNAMED = "calendar"
TO_COME = "to come"


def recognises(head: str) -> bool:
    """Whether a file that begins like this is a calendar."""
    return MINE.match(head) is not None


def rows(written: str) -> Iterator[Row | Refused | LeftOut]:
    """A row for every shift that has ended."""
    present = now()
    try:
        found = roster(written.lstrip("\ufeff"), present - BACK, present + AHEAD, Naming(), None)
    except ValueError as error:
        yield Refused(1, None, f"it is no calendar that can be read: {str(error)[:200]}", written[:200])
        return
    yield from (Refused(each.line, None, each.reason, each.raw) for each in found.broken)
    yield from (LeftOut(1, word) for word in found.left.elements())
    yield from _told(found, present)


def _told(found: Roster, present: datetime) -> Iterator[Row | LeftOut]:
    for shift, line in found.shifts.items():
        if _is_over(shift, present):
            yield Row(line, dict(fact(found.name or UNNAMED, shift).values))
        else:
            yield LeftOut(line, TO_COME)


def _is_over(shift: Shift, present: datetime) -> bool:
    return shift.ended <= (present if shift.ended.tzinfo else present.replace(tzinfo=None))

"""That a report told another figure: said wherever the figure stands."""

from zoneinfo import ZoneInfo

from ops_console.core import units
from ops_console.measures.readings import HistoryPoint, Reading
from ops_console.measures.restated import Restated


def restated(of: Reading | HistoryPoint) -> str:
    """`Changed since the report of 3 Nov 2026: 12 → 14`; empty where what was sent still holds."""
    told = of.restated
    if told is None:
        return ""
    sent = units.day(told.sent_at.astimezone(ZoneInfo(of.period.zone)).date())
    return f"Changed since the report of {sent}: {told.said} → {told.reads}"


def restated_from(r: Reading) -> str:
    """The same where there is little room: `restated from 12`."""
    return _from(r.restated)


def previous_restated(r: Reading) -> str:
    """The same of the figure compared with."""
    return _from(r.previous_restated)


def _from(told: Restated | None) -> str:
    return f"restated from {told.said}" if told else ""

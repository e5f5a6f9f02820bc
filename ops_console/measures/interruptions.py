"""Pages as a person feels them: what comes at once interrupts once, and the night is that of the person's own zone."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE, HOUR = 60_000, 3_600_000
AT_ONCE = MINUTE
SAME_INCIDENT = 12 * HOUR
MORNING, EVENING, NIGHT, SATURDAY = 8, 18, 22, 5


class Hours(StrEnum):
    """The hours of a day as a person lives them (PagerDuty's classes)."""

    BUSINESS = "business"
    OFF = "off"
    SLEEP = "sleep"


def hours_of(at: int, zone: ZoneInfo) -> Hours:
    """Sleep from 22 to 8 on every day, also at weekends; business from 8 to 18 on weekdays; off the rest."""
    local = datetime.fromtimestamp(at / 1000, zone)
    if not MORNING <= local.hour < NIGHT:
        return Hours.SLEEP
    return Hours.BUSINESS if local.weekday() < SATURDAY and local.hour < EVENING else Hours.OFF


def interruptions(pages: Iterable[tuple[int, str | None]]) -> list[int]:
    """The instants at which a person was interrupted, from pages (instant, incident) in any order. A page within a
    minute of another one, or of an incident that paged the same person in the twelve hours before, is no new one.
    """
    found: list[int] = []
    last_at: int | None = None
    of_incident: dict[str, int] = {}
    for at, incident in sorted(pages, key=lambda page: (page[0], page[1] or "")):
        known = of_incident.get(incident) if incident else None
        is_new = (last_at is None or at - last_at > AT_ONCE) and (known is None or at - known > SAME_INCIDENT)
        last_at = at
        if incident:
            of_incident[incident] = at
        if is_new:
            found.append(at)
    return found

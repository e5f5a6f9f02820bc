"""The stretch of time a list covers: what `?period=` asks for, else the days up to its newest row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.periods import Grain, Period, containing, midnight, parse, sequence
from ops_console.web.filter_bar import EVERYTHING, Choice
from ops_console.web.view import workspace

LATEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time a list covers; without ends it covers everything."""

    choice: Choice
    start: datetime | None
    end: datetime | None

    @property
    def words(self) -> str:
        """Absolute days, as titles need them."""
        if self.start is None or self.end is None:
            return "all time"
        zone = workspace().zone
        last = (self.end - timedelta(milliseconds=1)).astimezone(zone).date()
        return units.span(self.start.astimezone(zone).date(), last)

    @property
    def file_part(self) -> str:
        """What names the period in a file name."""
        return self.choice.value or f"latest-{LATEST_DAYS}-days"


def window(newest: datetime | None) -> Window:
    """The period asked for; without one, the 90 days up to the newest row, so that old data is not hidden."""
    zone, asked = workspace().zone, request.args.get("period", "").strip()
    anchor = min(newest or now(), now())
    months = reversed(sequence(containing(anchor, Grain.MONTH, zone), 13))
    options = [("", f"Latest {LATEST_DAYS} days"), *((m.label, units.period_title(m.label)) for m in months)]
    options.append((EVERYTHING, "All time"))
    start, end = _ends(asked, anchor)
    if asked and asked not in dict(options):
        options.insert(1, (asked, units.period_title(asked)))
    return Window(Choice("period", "Period", tuple(options), asked), start, end)


def _ends(asked: str, anchor: datetime) -> tuple[datetime | None, datetime | None]:
    zone = workspace().zone
    if asked == EVERYTHING:
        return None, None
    if asked:
        period: Period = parse(asked, zone)
        return period.start, period.end
    tomorrow = anchor.astimezone(zone).date() + timedelta(days=1)
    return midnight(tomorrow - timedelta(days=LATEST_DAYS), zone), midnight(tomorrow, zone)

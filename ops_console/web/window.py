"""The stretch of time a list covers: what `?period=` asks for, else the days up to its newest row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.periods import LATEST, Grain, Period, asked, containing, midnight, parse, sequence
from ops_console.web.filter_bar import EVERYTHING, Choice
from ops_console.web.filters import asked_grain
from ops_console.web.permalinks import Permalink, Permalinks, of_period
from ops_console.web.view import url_with, workspace

LATEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time a list covers; without ends it covers everything."""

    choice: Choice
    label: str
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
    def permalinks(self) -> Permalinks:
        """The days shown for good, or whichever are the newest when the address is opened."""
        if self.start is None or self.end is None:
            return (Permalink("all time", url_with()),)
        if self.label:
            return of_period(parse(self.label, workspace().zone))
        zone = workspace().zone
        first, last = (at.astimezone(zone).date() for at in (self.start, self.end - timedelta(milliseconds=1)))
        fixed = Permalink(self.words, url_with(period=f"{first}..{last}"))
        return (fixed, Permalink(f"the latest {LATEST_DAYS} days", url_with(period=None)))

    @property
    def period(self) -> Period | None:
        """The week, month or quarter it is, if it is one."""
        found = parse(self.label, workspace().zone) if self.label not in ("", EVERYTHING) else None
        return found if found and found.grain else None

    @property
    def previous_address(self) -> str | None:
        return url_with(period=self.period.previous().label) if self.period else None

    @property
    def next_address(self) -> str | None:
        following = self.period.next() if self.period else None
        return url_with(period=following.label) if following and following.start <= now() else None

    @property
    def file_part(self) -> str:
        """What names the period in a file name."""
        return self.label or f"latest-{LATEST_DAYS}-days"


def window(newest: datetime | None) -> Window:
    """The period asked for; without one, the 90 days up to the newest row, so that old data is not hidden."""
    zone, wanted = workspace().zone, request.args.get("period", "").strip()
    anchor = min(newest or now(), now())
    months = reversed(sequence(containing(anchor, Grain.MONTH, zone), 13))
    grain = asked_grain() or Grain.MONTH
    latest = asked(LATEST, grain, now(), zone)
    options = [
        ("", f"Latest {LATEST_DAYS} days"),
        (LATEST, f"Latest {grain} ({units.period_title(latest.label)})"),
        *((month.label, units.period_title(month.label)) for month in months),
        (EVERYTHING, "All time"),
    ]
    period = asked(wanted, grain, now(), zone) if wanted and wanted != EVERYTHING else None
    if period is not None and wanted not in dict(options):
        options.insert(2, (wanted, units.period_title(wanted)))
    label = period.label if period else wanted
    return Window(Choice("period", "Period", tuple(options), wanted), label, *_ends(wanted, period, anchor))


def _ends(wanted: str, period: Period | None, anchor: datetime) -> tuple[datetime | None, datetime | None]:
    zone = workspace().zone
    if wanted == EVERYTHING:
        return None, None
    if period is not None:
        return period.start, period.end
    tomorrow = anchor.astimezone(zone).date() + timedelta(days=1)
    return midnight(tomorrow - timedelta(days=LATEST_DAYS), zone), midnight(tomorrow, zone)

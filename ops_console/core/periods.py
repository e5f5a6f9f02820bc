"""Half-open periods in the workspace's time zone: `[start, end)` as UTC instants.

Labels follow ISO 8601: `2026-10`, `2026-W43`, `2026-Q3`, `2026`, `2026-08-01..2026-10-31`.
A month in which the clocks change has 743 or 745 hours; nothing here assumes otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from ops_console.core.errors import BadInput, NotFound

LATEST = "latest"
"""Stands in addresses for the newest complete period, whenever they are opened."""


class Grain(StrEnum):
    """The lengths a figure is kept for."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One half-open stretch of time, named by its label."""

    start: datetime
    end: datetime
    label: str
    grain: Grain | None
    zone: str

    @property
    def first_day(self) -> date:
        return self.start.astimezone(ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date:
        return (self.end - timedelta(milliseconds=1)).astimezone(ZoneInfo(self.zone)).date()

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def is_complete(self, now: datetime) -> bool:
        return now >= self.end

    def previous(self, count: int = 1) -> "Period":
        return self.shifted(-count)

    def next(self, count: int = 1) -> "Period":
        return self.shifted(count)

    def shifted(self, count: int) -> "Period":
        return _shifted(self, count)

    def a_year_before(self) -> "Period":
        """The period of the same name a year ago; for a week 53, where that year has none, its week 52."""
        if self.grain is not Grain.WEEK:
            return self.shifted(-4 if self.grain is Grain.QUARTER else -12)
        year, week, _ = self.first_day.isocalendar()
        last = date(year - 1, 12, 28).isocalendar().week
        return _of(Grain.WEEK, date.fromisocalendar(year - 1, min(week, last), 1), ZoneInfo(self.zone))


@lru_cache(maxsize=4096)  # pages judge thousands of points on the same few dozen periods
def _shifted(period: Period, count: int) -> Period:
    if period.grain is None:
        raise BadInput(f"{period.label} has no neighbour: it is no week, month or quarter.")
    return _of(period.grain, _step(period.grain, period.first_day, count), ZoneInfo(period.zone))


def containing(instant: datetime, grain: Grain, zone: ZoneInfo) -> Period:
    """The week, month or quarter that an instant falls in, seen from a zone."""
    return _of(grain, _first_day(grain, instant.astimezone(zone).date()), zone)


def latest_complete(now: datetime, grain: Grain, zone: ZoneInfo) -> Period:
    """The newest period of a grain that has ended."""
    return containing(now, grain, zone).previous()


def asked(label: str | None, grain: Grain, now: datetime, zone: ZoneInfo) -> Period:
    """The period a person asked for: by its label; by `latest` or nothing, the newest complete one of a grain."""
    if not label or label == LATEST:
        return latest_complete(now, grain, zone)
    period = parse(label, zone)
    if period.start > now:
        raise NotFound(
            f"{label} has not begun.",
            remedy=f"Ask for {containing(now, grain, zone).label}, which runs, or one before.",
        )
    return period


def sequence(until: Period, count: int) -> list[Period]:
    """`count` consecutive periods, oldest first, ending with `until`."""
    return [until.previous(back) for back in range(count - 1, 0, -1)] + [until]


def between(start: datetime, end: datetime, grain: Grain, zone: ZoneInfo) -> Iterator[Period]:
    """Every period of a grain that overlaps `[start, end)`."""
    period = containing(start, grain, zone)
    while period.start < end:
        yield period
        period = period.next()


def trailing(period: Period, days: int) -> tuple[datetime, datetime]:
    """The window of whole local days that ends with a period."""
    zone = ZoneInfo(period.zone)
    last = period.end.astimezone(zone).date()
    return midnight(last - timedelta(days=days), zone), period.end


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a local day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


_PATTERNS = {
    Grain.WEEK: re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    Grain.MONTH: re.compile(r"(\d{4})-(\d{2})", re.ASCII),
    Grain.QUARTER: re.compile(r"(\d{4})-Q([1-4])", re.ASCII),
}
_YEAR = re.compile(r"\d{4}", re.ASCII)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


YEARS = range(1970, 2200)
"""The years a label may name: what is shown around a period, decades back or ahead, still lies inside the calendar."""


def parse(label: str, zone: ZoneInfo) -> Period:
    """The period a label names; `BadInput` for anything else."""
    try:
        if int(label[:4]) not in YEARS:
            raise ValueError(f"the year lies outside {YEARS.start} to {YEARS.stop - 1}")
        return _parse(label, zone)
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"{label!r} is no period.", remedy="Write 2026-10, 2026-W43, 2026-Q3 or 2026-08-01..2026-10-31."
        ) from error


def _parse(label: str, zone: ZoneInfo) -> Period:
    if found := _RANGE.fullmatch(label):
        first, last = (date.fromisoformat(text) for text in found.groups())
        if last < first:
            raise ValueError("the range ends before it begins")
        return Period(midnight(first, zone), midnight(last + timedelta(days=1), zone), label, None, zone.key)
    if found := _PATTERNS[Grain.WEEK].fullmatch(label):
        return _of(Grain.WEEK, date.fromisocalendar(int(found[1]), int(found[2]), 1), zone)
    if found := _PATTERNS[Grain.MONTH].fullmatch(label):
        return _of(Grain.MONTH, date(int(found[1]), int(found[2]), 1), zone)
    if found := _PATTERNS[Grain.QUARTER].fullmatch(label):
        return _of(Grain.QUARTER, date(int(found[1]), int(found[2]) * 3 - 2, 1), zone)
    if _YEAR.fullmatch(label):
        first, after = date(int(label), 1, 1), date(int(label) + 1, 1, 1)
        return Period(midnight(first, zone), midnight(after, zone), label, None, zone.key)
    raise ValueError("unknown form")


def _first_day(grain: Grain, day: date) -> date:
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    if grain is Grain.MONTH:
        return day.replace(day=1)
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _step(grain: Grain, first: date, count: int) -> date:
    if grain is Grain.WEEK:
        return first + timedelta(weeks=count)
    months = first.year * 12 + first.month - 1 + count * (1 if grain is Grain.MONTH else 3)
    return date(months // 12, months % 12 + 1, 1)


def _of(grain: Grain, first: date, zone: ZoneInfo) -> Period:
    start, end = midnight(first, zone), midnight(_step(grain, first, 1), zone)
    return Period(start, end, _label(grain, first), grain, zone.key)


def _label(grain: Grain, first: date) -> str:
    if grain is Grain.WEEK:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if grain is Grain.MONTH:
        return f"{first:%Y-%m}"
    return f"{first.year}-Q{(first.month + 2) // 3}"

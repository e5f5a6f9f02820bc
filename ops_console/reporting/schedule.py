"""When a report is due, in the workspace's own calendar: its zone, its working days, its clock changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

import holidays

from ops_console.core.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where the readers are: the zone of their clocks and the country of their holidays (empty: weekends count)."""

    zone: ZoneInfo
    country: str = ""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in _holidays(self.country, day.year)

    def instant(self, day: date, at: time) -> datetime:
        """A local time as an instant. One that the clocks skip happens when they have moved; of two, the first."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence. `key` is the local day, so that a changed clock or hour never makes a second one."""

    key: str
    due_at: datetime


class Schedule(Protocol):
    """When a report is due, again and again."""

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Slot]:
        """Every slot due in `(after, until]`, oldest first."""
        ...

    def next(self, after: datetime, calendar: Calendar, count: int = 3) -> list[datetime]:
        """The coming send times, for people to check."""
        ...


@dataclass(frozen=True, slots=True)
class FirstWorkingDayOfWeek:
    """Mondays at a local time; where that is a holiday, the next working day. A week without any has its Monday."""

    at: time

    def __str__(self) -> str:
        return f"first working day of the week, {self.at:%H:%M}"

    def day_in(self, monday: date, calendar: Calendar) -> date:
        week = [monday + timedelta(days=place) for place in range(7)]
        return next((day for day in week if calendar.is_working_day(day)), monday)

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Slot]:
        day = after.astimezone(calendar.zone).date()
        monday = day - timedelta(days=day.weekday())
        while (slot := self._slot(monday, calendar)).due_at <= until:
            if slot.due_at > after:
                yield slot
            monday += timedelta(days=7)

    def next(self, after: datetime, calendar: Calendar, count: int = 3) -> list[datetime]:
        horizon = after + timedelta(days=7 * (count + 2))
        return [slot.due_at for slot in self.between(after, horizon, calendar)][:count]

    def _slot(self, monday: date, calendar: Calendar) -> Slot:
        day = self.day_in(monday, calendar)
        return Slot(day.isoformat(), calendar.instant(day, self.at))


@dataclass(frozen=True, slots=True)
class WorkingDayOfMonth:
    """The n-th working day of each month, at a local time."""

    nth: int
    at: time

    def __str__(self) -> str:
        return f"working day {self.nth} of the month, {self.at:%H:%M}"

    def day_in(self, year: int, month: int, calendar: Calendar) -> date:
        working = (day for day in _days_of(year, month) if calendar.is_working_day(day))
        return [day for _, day in zip(range(self.nth), working, strict=False)][-1]

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Slot]:
        day = after.astimezone(calendar.zone).date().replace(day=1)
        while (slot := self._slot(day, calendar)).due_at <= until:
            if slot.due_at > after:
                yield slot
            day = (day + timedelta(days=31)).replace(day=1)

    def next(self, after: datetime, calendar: Calendar, count: int = 3) -> list[datetime]:
        horizon = after + timedelta(days=31 * (count + 2))
        return [slot.due_at for slot in self.between(after, horizon, calendar)][:count]

    def _slot(self, first: date, calendar: Calendar) -> Slot:
        day = self.day_in(first.year, first.month, calendar)
        return Slot(day.isoformat(), calendar.instant(day, self.at))


@dataclass(frozen=True, slots=True)
class WorkingDayOfQuarter(WorkingDayOfMonth):
    """The n-th working day of each January, April, July and October."""

    def __str__(self) -> str:
        return f"working day {self.nth} of the quarter, {self.at:%H:%M}"

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Slot]:
        slots = WorkingDayOfMonth(self.nth, self.at).between(after, until, calendar)
        return (slot for slot in slots if date.fromisoformat(slot.key).month % 3 == 1)

    def next(self, after: datetime, calendar: Calendar, count: int = 3) -> list[datetime]:
        horizon = after + timedelta(days=93 * (count + 1))
        return [slot.due_at for slot in self.between(after, horizon, calendar)][:count]


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    nation, _, part = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(nation, subdiv=part or None, years=year))
    except NotImplementedError as error:
        raise Misconfigured(
            f"There is no holiday calendar for {country!r}.", remedy="Use a code such as GB, US-CA or DE, or none."
        ) from error


def _days_of(year: int, month: int) -> Iterator[date]:
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += timedelta(days=1)

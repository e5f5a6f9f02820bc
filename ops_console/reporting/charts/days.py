"""Places of a chart whose horizontal axis is days."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.measures.words.amounts import amount
from ops_console.reporting.charts.spec import Point


class Place(NamedTuple):
    """Where a value stands: its label for machines, its title for people, and the short text under the axis."""

    label: str
    title: str
    tick: str

    def point(self, value: float | None, unit: Unit, currency: str | None = None) -> Point:
        text = "no data" if value is None else amount(unit, value, currency)
        return Point(self.label, self.title, self.tick, value, text)


def day_places(days: Sequence[date]) -> list[Place]:
    """One for each day; where there is more than a month of them, ticks name it."""
    within_a_month = len({(day.year, day.month) for day in days}) < 2
    ticks = (str(day.day) if within_a_month else units.short_day(day, days[-1]) for day in days)
    return [Place(day.isoformat(), units.day(day), tick) for day, tick in zip(days, ticks, strict=True)]

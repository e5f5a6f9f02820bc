"""The hours of the week and how much they page: a table whose cells are darker the more came."""

from collections.abc import Sequence
from dataclasses import dataclass

from ops_console.scorecard.on_call import Hourly

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = range(24)
DARKEST = 4
"""The highest of the steps, of which 0 is none."""


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    step: int


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    cells: Sequence[Cell]
    total: int


def heat(hourly: Hourly) -> list[Day]:
    """Monday first; the darkest step is that of the busiest hour, and of four pages at least."""
    most = max(DARKEST, *hourly.values(), 0)
    found = []
    for weekday, name in enumerate(DAYS):
        counts = [hourly.get((weekday, hour), 0) for hour in HOURS]
        found.append(Day(name, [Cell(count, -(-count * DARKEST // most)) for count in counts], sum(counts)))
    return found

"""Places of a chart whose horizontal axis is days."""

from collections.abc import Sequence
from datetime import date

from ops_console.core import units
from ops_console.reporting.charts.spec import Point


def day_points(days: Sequence[date], values: Sequence[float | None], currency: str) -> tuple[Point, ...]:
    """One for each day; where there is more than a month of them, ticks name it."""
    within_a_month = len({(day.year, day.month) for day in days}) < 2
    return tuple(
        Point(
            day.isoformat(),
            units.day(day),
            str(day.day) if within_a_month else units.short_day(day, days[-1]),
            value,
            "no data" if value is None else units.money(value, currency),
        )
        for day, value in zip(days, values, strict=True)
    )

"""Spending through a period: actual, budget and forecast on one axis."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.days import day_places
from ops_console.reporting.charts.frame import EndLabel, Frame, draw_ends, draw_places, draw_scale
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.lettering import width
from ops_console.reporting.charts.spec import ChartSpec, Kind, Series

Amounts = Sequence[Decimal | None]


def cumulative(
    key: str,
    title: str,
    days: Sequence[date],
    daily: Amounts,
    *,
    budget: Decimal | None = None,
    forecast: Decimal | None = None,
    currency: str = "USD",
) -> ChartSpec:
    """One amount per day, None for days not yet reported; the line ends before the first of them, it never drops."""
    spent = _running(daily)
    reached = sum(value is not None for value in spent)
    total = Decimal(0) if not reached else sum((amount or Decimal(0) for amount in daily[:reached]), Decimal(0))
    series = [Series("Actual", tuple(spent), f"actual {units.money(total, currency)}", "series-1")]
    if budget is not None:
        pace = tuple(float(budget) * (index + 1) / len(days) for index in range(len(days)))
        series.append(Series("Budget", pace, f"budget {units.money(budget, currency)}", "text-2", "5 4"))
    if forecast is not None and 0 < reached < len(days):
        text = f"forecast {units.money(forecast, currency)}"
        series.append(Series("Forecast", _forecast(spent, reached, float(forecast)), text, "series-2", "1 4"))
    values = [value for each in series for value in each.values if value is not None]
    placed = zip(day_places(days), spent, strict=True)
    points = tuple(place.point(value, Unit.MONEY, currency) for place, value in placed)
    spread = ", budget spread evenly" if budget is not None else ""
    subtitle = f"{currency} spent since {units.day(days[0])}{spread}" if days else ""
    columns = ("Day", "Actual", "Budget", "Forecast")
    scale = axis(Unit.MONEY, values, from_zero=True, currency=currency)
    return ChartSpec(
        key,
        Kind.CUMULATIVE,
        title,
        subtitle,
        Unit.MONEY,
        scale,
        currency,
        points,
        series=tuple(series),
        columns=columns,
    )


def draw_cumulative(sheet: Sheet, spec: ChartSpec) -> None:
    drawn = [series for series in spec.series if any(value is not None for value in series.values)]
    unfinished = spec.series[0].values[-1] is None
    labels = [_end(series) for series in drawn if not (unfinished and series is spec.series[0])]
    frame = Frame.around(sheet, spec, labels, len(spec.points))
    draw_scale(sheet, frame)
    for series in reversed(spec.series):
        places = [(frame.x(index), frame.y(value)) for index, value in enumerate(series.values) if value is not None]
        sheet.polyline(places, series.role, dash=series.dash, weight=2.5 if series is spec.series[0] else 1.75)
        if places and series is spec.series[0]:
            x, y = places[-1]
            sheet.dot(x, y, 4.5, series.role)
            if unfinished:
                near = "end" if x - frame.left > width(series.text, bold=True) + 16 else "start"
                sheet.text(x, y - 12, series.text, "text", anchor=near, bold=True, halo=True)
    draw_places(sheet, frame, [(point.tick, "") for point in spec.points])
    draw_ends(sheet, frame, labels)


def _end(series: Series) -> EndLabel:
    latest = next(value for value in reversed(series.values) if value is not None)
    main = series.name == "Actual"
    return EndLabel(latest, series.text, "text" if main else "text-2", bold=main)


def _running(daily: Amounts) -> list[float | None]:
    """Totals up to the first day that is not reported."""
    reported = next((index for index, amount in enumerate(daily) if amount is None), len(daily))
    totals = [float(total) for total in accumulate(amount or Decimal(0) for amount in daily[:reported])]
    return [*totals, *[None] * (len(daily) - reported)]


def _forecast(spent: Sequence[float | None], reached: int, end: float) -> tuple[float | None, ...]:
    """A straight line from what was spent last to what is expected at the end."""
    start = spent[reached - 1] or 0.0
    left = len(spent) - reached
    line = [start + (end - start) * step / left for step in range(left + 1)]
    return (*[None] * (reached - 1), *line)

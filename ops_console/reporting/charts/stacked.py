"""Parts of one total, day by day: bars that stand on each other, at most four parts, for more cannot be told apart."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.days import day_points
from ops_console.reporting.charts.frame import EndLabel, Frame, draw_ends, draw_places, draw_scale
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.spec import ChartSpec, Kind, Series

MOST_PARTS = 4
BREADTH = 0.72
"""The share of a day's slot that its bar takes."""
Amounts = Sequence[Decimal | None]


def stacked(
    key: str, title: str, subtitle: str, days: Sequence[date], parts: Mapping[str, Amounts], currency: str
) -> ChartSpec:
    """Amounts of each part by day, None for days not yet reported; credits stand below zero."""
    if len(parts) > MOST_PARTS:
        raise ValueError(f"{len(parts)} parts, at most {MOST_PARTS} can be told apart")
    series = tuple(
        Series(name, tuple(map(_value, amounts)), f"{name} {units.money(_sum(amounts), currency)}", f"series-{place}")
        for place, (name, amounts) in enumerate(parts.items(), start=1)
    )
    each_day = [tuple(part.values[place] for part in series) for place in range(len(days))]
    edges = [edge for values in each_day for edge in _edges(values)]
    return ChartSpec(
        key,
        Kind.STACKED,
        title,
        subtitle,
        Unit.MONEY,
        axis(Unit.MONEY, edges, from_zero=True, currency=currency),
        currency,
        day_points(days, [*map(_total, each_day)], currency),
        series=series,
        empty="No cost",
        columns=("Day", "Total", *parts),
    )


def draw_stacked(sheet: Sheet, spec: ChartSpec) -> None:
    labels = ends(spec)
    frame = Frame.around(sheet, spec, labels, len(spec.points))
    draw_scale(sheet, frame)
    above, below = [0.0] * len(spec.points), [0.0] * len(spec.points)
    for part in spec.series:
        sheet.bars([*_bars(frame, part, above, below)], part.role)
    if spec.axis.low < 0:
        sheet.line(frame.left, frame.y(0), frame.right, frame.y(0), "control")
    draw_places(sheet, frame, [(point.tick, "") for point in spec.points])
    draw_ends(sheet, frame, labels)


def ends(spec: ChartSpec) -> list[EndLabel]:
    """Each part at the right end, in the order in which the bars stand."""
    step = (spec.axis.high - spec.axis.low) / max(len(spec.series), 1)
    places = (spec.axis.low + step * (place + 0.5) for place in range(len(spec.series)))
    return [EndLabel(at, part.text, swatch=part.role) for at, part in zip(places, spec.series, strict=True)]


def _bars(
    frame: Frame, part: Series, above: list[float], below: list[float]
) -> Iterator[tuple[float, float, float, float]]:
    """The bars of one part, each on those that stand there already."""
    breadth = frame.slot * BREADTH
    for place, value in enumerate(part.values):
        if not value:
            continue
        pile = above if value > 0 else below
        begin, pile[place] = pile[place], pile[place] + value
        top, bottom = sorted((frame.y(begin), frame.y(pile[place])))
        yield frame.x(place) - breadth / 2, top, breadth, bottom - top


def _edges(values: Sequence[float | None]) -> tuple[float, float]:
    known = [value for value in values if value is not None]
    return sum(value for value in known if value < 0), sum(value for value in known if value > 0)


def _total(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _value(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _sum(amounts: Amounts) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))

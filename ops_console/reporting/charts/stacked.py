"""Parts of one total over time: bars that stand on each other, at most four parts, for more cannot be told apart."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ops_console.measures.definition import Unit
from ops_console.measures.words.amounts import amount
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.days import Place
from ops_console.reporting.charts.frame import EndLabel, Frame, draw_ends, draw_places, draw_scale
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.spec import ChartSpec, Kind, Series

MOST_PARTS = 4
BREADTH = 0.72
"""The share of its slot that its bar takes."""
Amounts = Sequence[Decimal | int | None]


def stacked(
    key: str,
    title: str,
    subtitle: str,
    places: Sequence[Place],
    parts: Mapping[str, Amounts],
    *,
    unit: Unit = Unit.MONEY,
    currency: str | None = None,
    first: str = "Day",
    empty: str = "No cost",
) -> ChartSpec:
    """Amounts of each part by place, None where nothing is known yet; credits stand below zero. `first` heads the
    places in the table.
    """
    if len(parts) > MOST_PARTS:
        raise ValueError(f"{len(parts)} parts, at most {MOST_PARTS} can be told apart")
    series = tuple(
        Series(name, tuple(map(_value, amounts)), f"{name} {amount(unit, _sum(amounts), currency)}", f"series-{number}")
        for number, (name, amounts) in enumerate(parts.items(), start=1)
    )
    each_place = [tuple(part.values[place] for part in series) for place in range(len(places))]
    edges = [edge for values in each_place for edge in _edges(values)]
    placed = zip(places, map(_total, each_place), strict=True)
    return ChartSpec(
        key,
        Kind.STACKED,
        title,
        subtitle,
        unit,
        axis(unit, edges, from_zero=True, currency=currency),
        currency,
        tuple(place.point(value, unit, currency) for place, value in placed),
        series=series,
        empty=empty,
        columns=(first, "Total", *parts),
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


def _value(told: Decimal | int | None) -> float | None:
    return None if told is None else float(told)


def _sum(amounts: Amounts) -> Decimal | int:
    return sum((each for each in amounts if each is not None), Decimal(0))

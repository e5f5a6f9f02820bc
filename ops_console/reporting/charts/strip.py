"""Histories of one KPI as drawings the size of a word, for a table of parts: all on one scale and over the same time.

They take their colours from the style sheet alone and say nothing by themselves; the cell beside them has the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ops_console.measures.readings import Reading
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.from_reading import KINDS, complete_history, drawn_value
from ops_console.reporting.charts.spec import Axis, Kind

WIDTH, HEIGHT, PERIODS = 72, 20, 13
EDGE = 3

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Strip:
    """`drawings`: one for each reading, empty where its history holds no figure. `scale`: from where to where they
    go, `0 to 20 days`. `is_restated`: at some place a report told another figure, and a mark says so.
    """

    drawings: list[str]
    scale: str
    is_restated: bool = False


def strip(readings: Sequence[Reading]) -> Strip:
    """The histories of readings of one KPI that end with the same period."""
    drawn = [complete_history(r)[-PERIODS:] for r in readings]
    histories = [[drawn_value(r.definition, point) for point in past] for r, past in zip(readings, drawn, strict=True)]
    known = [value for history in histories for value in history if value is not None]
    if not known:
        return Strip([""] * len(readings), "")
    first = readings[0]
    is_bars = KINDS.get(first.definition.unit) is Kind.BARS
    currency = next((r.currency for r in readings if r.currency), None)
    ticks = axis(first.definition.unit, known, from_zero=is_bars, currency=currency)
    draw = _bars if is_bars else _lines
    told = [[point.restated is not None for point in past] for past in drawn]
    drawings = [draw(_places(history, ticks), _marks(each)) for history, each in zip(histories, told, strict=True)]
    return Strip(drawings, f"{ticks.ticks[0].text} to {ticks.ticks[-1].text}", any(map(any, told)))


def _marks(told: Sequence[bool]) -> str:
    """A dashed line from top to bottom at each period of which a report told another figure, as in the large chart."""
    path = "".join(f"M{_x(len(told) - 1 - at):g} 0V{HEIGHT}" for at, is_restated in enumerate(told) if is_restated)
    return f'<path class="restated" d="{path}"/>' if path else ""


def _x(back: int) -> float:
    """Places count from the right, so that the latest period of every drawing stands at the same place."""
    return round(WIDTH - EDGE - back * (WIDTH - 2 * EDGE) / (PERIODS - 1), 1)


def _places(history: Sequence[float | None], scale: Axis) -> list[Place | None]:
    height = (HEIGHT - 2 * EDGE) / (scale.high - scale.low)
    return [
        None if value is None else (_x(back), round(HEIGHT - EDGE - (value - scale.low) * height, 1))
        for back, value in zip(range(len(history) - 1, -1, -1), history, strict=True)
    ]


def _bars(places: Sequence[Place | None], marks: str) -> str:
    """A zero keeps a line's breadth, which a gap does not."""
    path = "".join(f"M{x:g} {HEIGHT - 1}V{y:g}" for x, y in filter(None, places))
    return _svg("bars", f'{marks}<path d="{path}"/>') if path else ""


def _lines(places: Sequence[Place | None], marks: str) -> str:
    stretches = _stretches(places)
    if not stretches:
        return ""
    lines = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in each) for each in stretches if len(each) > 1)
    lone = "".join(f"M{x:g} {y:g}h.01" for (x, y), *rest in stretches if not rest)
    x, y = stretches[-1][-1]
    paths = f'<path d="{lines}"/>' * bool(lines) + f'<path class="lone" d="{lone}"/>' * bool(lone)
    return _svg("line", f'{marks}{paths}<circle cx="{x:g}" cy="{y:g}" r="2.5"/>')


def _stretches(places: Sequence[Place | None]) -> list[list[Place]]:
    """Neighbours that are known: a line is never joined across a gap."""
    found: list[list[Place]] = [[]]
    for place in places:
        if place is None:
            found.append([])
        else:
            found[-1].append(place)
    return [stretch for stretch in found if stretch]


def _svg(kind: str, content: str) -> str:
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg class="strip {kind}" {size} aria-hidden="true">{content}</svg>'

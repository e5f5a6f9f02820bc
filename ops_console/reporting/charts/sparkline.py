"""The small line of a KPI card: thirteen periods, the usual range, the target, the last point."""

from dataclasses import replace

from ops_console.measures.readings import Reading
from ops_console.reporting import words
from ops_console.reporting.charts.from_reading import drawn_values, spec_for
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.spec import Axis, ChartSpec, Kind, Point, Tick, runs
from ops_console.reporting.charts.tokens import Theme

WIDTH, HEIGHT, PERIODS = 96, 28, 13
EDGE, RIGHT = 4, 10
STEP = (WIDTH - RIGHT - EDGE) / (PERIODS - 1)


def sparkline(r: Reading, *, theme: Theme | str = Theme.PAGE) -> str:
    """A drawing of 96 × 28 pixels without words; the card beside it says them."""
    spec, sheet = spec_for(r, PERIODS, worded=False), Sheet(WIDTH, HEIGHT, Theme(theme))
    points = spec.points
    if not any(point.value is not None for point in points):
        sheet.line(EDGE, HEIGHT / 2, WIDTH - EDGE, HEIGHT / 2, "line", dash="2 3")
        return sheet.svg(f"{r.definition.title}: no history yet")
    _draw(sheet, _close(spec))
    grain = f"{r.period.grain}s" if r.period.grain else "periods"
    return sheet.svg(f"Last {len(points)} {grain}: {words.signal(r).lower()}")


def _draw(sheet: Sheet, spec: ChartSpec) -> None:
    points = spec.points
    if spec.band:
        left = _x(points, spec.band.since) - STEP / 2 if spec.band.since else 0
        top, bottom = _y(spec, spec.band.high), _y(spec, spec.band.low)
        sheet.rect(left, top, WIDTH - left, bottom - top, "surface-2")
    target = points[-1].target
    for side in (target.low, target.high) if target else ():
        if side is not None:
            sheet.line(WIDTH - 6, _y(spec, side), WIDTH, _y(spec, side), "text-2", weight=1.5)
    for run in runs(points):
        places = [(_x(points, index), _y(spec, points[index].value)) for index in run]
        if len(places) > 1:
            sheet.polyline(places, "text-3", weight=1.5)
        else:
            sheet.dot(*places[0], 1.25, "text-3")
    _draw_last(sheet, spec)


def _draw_last(sheet: Sheet, spec: ChartSpec) -> None:
    points = spec.points
    index = max(index for index, point in enumerate(points) if point.value is not None)
    x, y, last = _x(points, index), _y(spec, points[index].value), points[index]
    if last.is_running:
        sheet.ring(x, y, 2.5, "series-1", hollow=True)
    else:
        sheet.dot(x, y, 3, "series-1")


def _x(points: tuple[Point, ...], index: int) -> float:
    """Places count from the right, so that the latest period of every card stands at the same place."""
    return WIDTH - RIGHT - (len(points) - 1 - index) * STEP


def _y(spec: ChartSpec, value: float | None) -> float:
    axis = spec.axis
    return HEIGHT - EDGE - ((value or 0) - axis.low) / (axis.high - axis.low) * (HEIGHT - 2 * EDGE)


def _close(spec: ChartSpec) -> ChartSpec:
    """The scale drawn close to the values: without tick labels no reader takes its foot for zero."""
    values = drawn_values(spec.points) + ([spec.band.low, spec.band.high] if spec.band else [])
    low, high = min(values), max(values)
    low, high = (min(low, 0), high) if spec.kind is Kind.BARS else (low, high)
    room = (high - low) or abs(high) or 1
    return replace(spec, axis=Axis((Tick(low if high > low else low - room / 2, ""), Tick(low + room, ""))))

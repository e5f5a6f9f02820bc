"""Small multiples: one panel per team, tier or model, all on one scale, the largest first."""

from collections.abc import Sequence
from dataclasses import replace

from ops_console.measures.readings import Reading
from ops_console.reporting import words
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.from_reading import drawn_values, spec_for
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.lettering import BOLD, fitted, width
from ops_console.reporting.charts.spec import ChartSpec, Kind, Point, runs
from ops_console.reporting.charts.tokens import Theme

MOST_PANELS = 12
PANEL, HEIGHT, GAP = 210, 124, 20
TOP, BOTTOM = 32, 20


def small_multiples(readings: Sequence[Reading], *, width: float = 880, theme: Theme | str = Theme.PAGE) -> str:
    """Panels of readings of one KPI for scopes of one kind, in one drawing."""
    shown = sorted(readings, key=lambda r: (-(r.n or r.k or 0), r.scope.title))[:MOST_PANELS]
    specs = on_one_scale([spec_for(r, worded=False) for r in shown])
    across = max(1, min(len(specs), int((width + GAP) // (PANEL + GAP))))
    down = -(-len(specs) // across)
    more = len(readings) - len(shown)
    sheet = Sheet(width, max(down * (HEIGHT + GAP) - GAP, 0) + (18 if more else 0), Theme(theme))
    panel = (width - GAP * (across - 1)) / across
    for index, (r, spec) in enumerate(zip(shown, specs, strict=True)):
        left, top = (index % across) * (panel + GAP), (index // across) * (HEIGHT + GAP)
        Panel(sheet, spec, left, top, panel).draw(r, scale=index % across == 0)
    if more:
        sheet.text(0, sheet.height - 4, f"+{more} more in the data table", "text-3")
    name = shown[0].definition.title if shown else "Nothing to compare"
    return sheet.svg(f"{name} by {shown[0].scope.kind}" if shown else name)


def on_one_scale(specs: Sequence[ChartSpec]) -> list[ChartSpec]:
    """The same specifications, all drawn from the lowest to the highest value of any, and over the same time."""
    if not specs:
        return []
    longest = max((spec.points for spec in specs if not spec.is_empty), key=len, default=())
    values = [value for spec in specs for value in drawn_values(spec.points)]
    from_zero = specs[0].kind is Kind.BARS
    texts = axis(specs[0].unit, values, from_zero=from_zero, currency=specs[0].currency)
    return [_stretched(replace(spec, axis=texts), longest) for spec in specs]


def _stretched(spec: ChartSpec, places: Sequence[Point]) -> ChartSpec:
    """Over these places, which end where its own do."""
    points = _over(spec.points, places)
    later = len(points) - len(spec.points)
    moved = (replace(mark, at=mark.at + later, until=mark.until and mark.until + later) for mark in spec.marks)
    return replace(spec, points=points, marks=tuple(moved))


def _over(points: Sequence[Point], places: Sequence[Point]) -> tuple[Point, ...]:
    """The points at these places; where there is none, a gap."""
    known = {point.label: point for point in points}
    gaps = (Point(place.label, place.title, place.tick, None, "no data") for place in places)
    return tuple(known.get(gap.label, gap) for gap in gaps) or tuple(points)


class Panel:
    """One small chart at a place of the sheet."""

    def __init__(self, sheet: Sheet, spec: ChartSpec, left: float, top: float, breadth: float) -> None:
        self.sheet, self.spec = sheet, spec
        self.outer, self.top, self.right = left, top + TOP, left + breadth
        self.bottom = top + HEIGHT - BOTTOM
        self.left = left + max(width(tick.text) for tick in spec.axis.ticks) + 8

    def draw(self, r: Reading, *, scale: bool) -> None:
        self.sheet.group(f"{r.scope.title}: {words.value(r)}")
        whole = self.right - self.outer - 10
        # A figure is short and never cut; words in its place leave half of the line to whose they are.
        reads = fitted(words.headline(r), max(whole - width(r.scope.title), whole / 2) / BOLD)
        room = whole - width(reads, bold=True)
        self.sheet.text(self.outer, self.top - 16, fitted(r.scope.title, room), "text")
        self.sheet.text(self.right, self.top - 16, reads, "text", anchor="end", bold=True)
        ticks = self.spec.axis.ticks
        for tick in (ticks[0], ticks[-1]):
            self.sheet.line(self.left, self.y(tick.value), self.right, self.y(tick.value), "line")
            if scale:
                self.sheet.text(self.left - 6, self.y(tick.value) + 4, tick.text, "text-3", anchor="end")
        self._marks()
        self._targets()
        self._values()
        points = self.spec.points
        for index, anchor in ((0, "start"), (len(points) - 1, "end")) if points else ():
            place = self.left if anchor == "start" else self.right
            self.sheet.text(place, self.bottom + 15, points[index].title, "text-3", anchor=anchor)
        self.sheet.end_group()

    def x(self, index: float) -> float:
        count = len(self.spec.points)
        return self.left + (index + 0.5) * (self.right - self.left) / max(count, 1)

    def y(self, value: float) -> float:
        axis = self.spec.axis
        return self.bottom - (value - axis.low) / (axis.high - axis.low) * (self.bottom - self.top)

    def _marks(self) -> None:
        for mark in self.spec.marks:
            x = min(max(self.x(mark.at), self.left), self.right)
            self.sheet.line(x, self.top, x, self.bottom, "text-3", dash="2 3")

    def _targets(self) -> None:
        target = next((point.target for point in reversed(self.spec.points) if point.target), None)
        for side in (target.low, target.high) if target else ():
            if side is not None and self.spec.axis.low <= side <= self.spec.axis.high:
                self.sheet.line(self.left, self.y(side), self.right, self.y(side), "text-2", dash="5 4")

    def _values(self) -> None:
        points = self.spec.points
        if self.spec.kind is Kind.BARS:
            return self._bars(points)
        stretches = runs(points)
        for run in stretches:
            self.sheet.polyline([(self.x(n), self.y(points[n].value or 0)) for n in run], "series-1", weight=1.5)
        for index, point in enumerate(points):
            alone = [index] in stretches
            if point.value is not None and (alone or index == len(points) - 1):
                self.sheet.dot(self.x(index), self.y(point.value), 3, "series-1")
        return None

    def _bars(self, points: Sequence[Point]) -> None:
        breadth = (self.right - self.left) / max(len(points), 1) * 0.6
        heights = {
            n: max(self.y(0) - self.y(each.value), 1.5) for n, each in enumerate(points) if each.value is not None
        }
        bars = [(self.x(n) - breadth / 2, self.y(0) - height, breadth, height) for n, height in heights.items()]
        self.sheet.bars(bars, "series-1")

"""What a chart shows, before anybody draws it. The SVG, the Plotly figure and the table all come from this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ops_console.contracts.document import Tone
from ops_console.core import units
from ops_console.measures.definition import Bounds, Unit


class Kind(StrEnum):
    """The forms a chart may take. There are no others on purpose."""

    DOTS = "dots"
    LINE = "line"
    BARS = "bars"
    BULLETS = "bullets"
    CUMULATIVE = "cumulative"
    STACKED = "stacked"
    DISTRIBUTION = "distribution"


@dataclass(frozen=True, slots=True)
class Point:
    """One place on the horizontal axis. `value` None is a gap; `tick` is the short label under the axis; with
    `begins` something else is measured than before, so that no line leads here.
    """

    label: str
    title: str
    tick: str
    value: float | None
    text: str = ""
    n: str = ""
    status: str = ""
    target: Bounds | None = None
    target_text: str = ""
    is_running: bool = False
    is_signal: bool = False
    begins: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """The usual range, drawn from the point `since` on."""

    low: float
    high: float
    centre: float
    since: int
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotation placed on the horizontal axis: 0 is the middle of the first point, 1 that of the second."""

    at: float
    text: str
    kind: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """How often something happened at each place: too often to be drawn one by one. None where nothing is known."""

    one: str
    many: str
    counts: tuple[int | None, ...]

    def text(self, index: int) -> str:
        """`9 releases`; empty where nothing is known."""
        count = self.counts[index]
        return "" if count is None else f"{units.count(count)} {self.one if count == 1 else self.many}"


@dataclass(frozen=True, slots=True)
class Series:
    """One of several lines on one axis; `dash` tells them apart without colour."""

    name: str
    values: tuple[float | None, ...]
    text: str
    role: str
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bar against one limit: `share` 1 is exactly the limit."""

    label: str
    share: float | None
    text: str
    note: str = ""
    icon: str = ""
    tone: Tone = Tone.NONE


@dataclass(frozen=True, slots=True)
class Tick:
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks from the lowest to the highest value drawn; `note` says so where a line does not start at zero."""

    ticks: tuple[Tick, ...]
    note: str = ""

    @property
    def low(self) -> float:
        return self.ticks[0].value

    @property
    def high(self) -> float:
        return self.ticks[-1].value


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """`title` states the finding, `subtitle` the measure; `empty` is what to say where there is nothing to draw."""

    key: str
    kind: Kind
    title: str
    subtitle: str
    unit: Unit
    axis: Axis
    currency: str | None = None
    points: tuple[Point, ...] = ()
    band: Band | None = None
    target_text: str = ""
    marks: tuple[Mark, ...] = ()
    lanes: tuple[Lane, ...] = ()
    series: tuple[Series, ...] = ()
    bullets: tuple[Bullet, ...] = ()
    tone: Tone = Tone.NONE
    empty: str = "No figures yet"
    columns: tuple[str, ...] = field(default=("Period", "Value", "n", "Target", "Status", "Note"))

    @property
    def is_empty(self) -> bool:
        return not self.bullets and not any(known(self.points)) and not any(any(known(s)) for s in self.series)

    def notes(self, index: int) -> list[str]:
        """What happened at a place, in words."""
        told = [mark.text for mark in self.marks if index - 0.5 <= mark.at < index + 0.5]
        return [*told, *(text for lane in self.lanes if (text := lane.text(index)))]

    @property
    def target_steps(self) -> list[tuple[int, int, float]]:
        """Stretches of places (first, last) over which one side of the target keeps its value."""
        sides = [[getattr(point.target, side, None) for point in self.points] for side in ("low", "high")]
        return [step for values in sides for step in _stretches(values)]


def known(items: Sequence[Point] | Series) -> list[bool]:
    """Which places hold a value."""
    values = items.values if isinstance(items, Series) else [point.value for point in items]
    return [value is not None for value in values]


def runs(points: Sequence[Point]) -> list[list[int]]:
    """Stretches of neighbouring known points, as indexes: a line is never joined across a gap, nor to where something
    else begins to be measured.
    """
    found: list[list[int]] = []
    for index, point in enumerate(points):
        if point.value is None:
            continue
        if found and found[-1][-1] == index - 1 and not point.begins:
            found[-1].append(index)
        else:
            found.append([index])
    return found


def _stretches(values: Sequence[float | None]) -> list[tuple[int, int, float]]:
    found: list[tuple[int, int, float]] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if found and found[-1][1] == index - 1 and found[-1][2] == value:
            found[-1] = (found[-1][0], index, value)
        else:
            found.append((index, index, value))
    return found

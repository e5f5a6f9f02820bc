"""What every chart over time shares: the plot area, ticks, the usual range, targets, annotations, end labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from ops_console.core import units
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.lettering import fitted, stacked, width, wrapped
from ops_console.reporting.charts.spec import ChartSpec, Kind, Mark

LINE_HEIGHT = 15
FLAG = 18
MARKS_LISTED = 3
"""The latest so many annotations are told under the chart; all of them stand in its table."""
DASH = "5 4"
OF_DAYS = (Kind.CUMULATIVE, Kind.STACKED)
"""Kinds whose places are days of a stretch that the subtitle names, so that no year stands under them."""
SWATCH = 10


@dataclass(frozen=True, slots=True)
class EndLabel:
    """Words at the right end of a line, at its height."""

    at: float
    text: str
    role: str = "text-2"
    bold: bool = False
    swatch: str = ""
    """The role of what the words name, where that is an area."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot area of one drawing and how places on it are found."""

    spec: ChartSpec
    left: float
    top: float
    right: float
    bottom: float
    places: int

    @classmethod
    def around(cls, sheet: Sheet, spec: ChartSpec, labels: Sequence[EndLabel], places: int) -> "Frame":
        """Room for the tick labels on the left, the end labels on the right and the notes below."""
        ticks = max((width(tick.text) for tick in spec.axis.ticks), default=0)
        beside = [*map(_end_width, labels), *(width(lane.many) for lane in spec.lanes)]
        ends = min(max(beside, default=0), sheet.width * 0.34)
        years = spec.kind not in OF_DAYS
        below = LINE_HEIGHT * (1 + years + bool(spec.axis.note) + len(told(spec.marks))) + 4
        top = 10 + (FLAG if spec.marks else 0) + (10 if spec.kind is Kind.BARS else 0) + LINE_HEIGHT * len(spec.lanes)
        return cls(spec, ticks + 10, top, sheet.width - (ends + 14 if ends else 4), sheet.height - below, places)

    @property
    def slot(self) -> float:
        """The width of one place on the horizontal axis."""
        return (self.right - self.left) / max(self.places, 1)

    def x(self, place: float) -> float:
        return self.left + (place + 0.5) * self.slot

    def y(self, value: float) -> float:
        axis = self.spec.axis
        return self.bottom - (value - axis.low) / (axis.high - axis.low) * (self.bottom - self.top)


def draw_scale(sheet: Sheet, frame: Frame) -> None:
    """Horizontal hairlines with their labels; the lowest one is the base line."""
    for index, tick in enumerate(frame.spec.axis.ticks):
        y = frame.y(tick.value)
        sheet.line(frame.left, y, frame.right, y, "line" if index else "control")
        sheet.text(frame.left - 8, y + 4, tick.text, "text-3", anchor="end")
    if frame.spec.axis.note:
        sheet.text(frame.left, frame.bottom + 2 * LINE_HEIGHT + 16, frame.spec.axis.note, "text-3")


def draw_places(sheet: Sheet, frame: Frame, ticks: Sequence[tuple[str, str]]) -> None:
    """Short labels under the axis, as many as fit counted from the latest; a year stands once under its first one."""
    widest = max((width(text) for text, _ in ticks), default=0)
    every = max(1, -int(-(widest + 10) // frame.slot))
    shown = [index for index in range(len(ticks)) if (len(ticks) - 1 - index) % every == 0]
    told, reached = "", 0.0
    for index in shown:
        text, year = ticks[index]
        x = frame.x(index)
        sheet.text(x, frame.bottom + 17, text, "text-3", anchor="middle")
        if year and year != told and x - width(year) / 2 > reached:
            sheet.text(x, frame.bottom + 17 + LINE_HEIGHT, year, "text-3", anchor="middle")
            told, reached = year, x + width(year) / 2 + 6


def draw_band(sheet: Sheet, frame: Frame) -> None:
    band = frame.spec.band
    if band is None:
        return
    left = frame.left + band.since * frame.slot
    top, bottom = frame.y(band.high), frame.y(band.low)
    sheet.rect(left, top, frame.right - left, bottom - top, "surface-2")
    sheet.line(left, frame.y(band.centre), frame.right, frame.y(band.centre), "control", dash="1 3")


def draw_targets(sheet: Sheet, frame: Frame) -> None:
    """The target in force at each place, as dashed steps."""
    for first, last, value in frame.spec.target_steps:
        left, right = frame.left + first * frame.slot, frame.left + (last + 1) * frame.slot
        sheet.line(left, frame.y(value), right, frame.y(value), "text-2", weight=1.25, dash=DASH)


def draw_marks(sheet: Sheet, frame: Frame) -> None:
    """Numbered flags over the plot, told below it."""
    for number, mark in numbered(frame.spec.marks):
        x = min(max(frame.x(mark.at), frame.left), frame.right)
        if mark.until is not None:
            sheet.rect(x, frame.top, min(frame.x(mark.until), frame.right) - x, 3, "text-3")
        sheet.line(x, frame.top - 2, x, frame.bottom, "text-3", dash="2 3")
        sheet.ring(x, frame.top - 10, 8, "text-3", weight=1, hollow=True)
        sheet.text(x, frame.top - 6, str(number), "text-2", anchor="middle")
    first = frame.bottom + LINE_HEIGHT * (2 + bool(frame.spec.axis.note)) + 16
    for index, (flag, text) in enumerate(told(frame.spec.marks)):
        sheet.text(frame.left, first + index * LINE_HEIGHT, flag, bold=True)
        sheet.text(frame.left + 14, first + index * LINE_HEIGHT, fitted(text, sheet.width - frame.left - 14))


def draw_lanes(sheet: Sheet, frame: Frame) -> None:
    """Counts above the plot, each over its place; a dot where a number would not fit. The word stands at the end."""
    for row, lane in enumerate(frame.spec.lanes):
        y = 12 + row * LINE_HEIGHT
        fits = max((width(str(count)) for count in lane.counts if count is not None), default=0) <= frame.slot - 2
        for index, count in enumerate(lane.counts):
            if count is not None and fits:
                sheet.text(frame.x(index), y, units.count(count), "text-2", anchor="middle")
            elif count:
                sheet.dot(frame.x(index), y - 4, 2, "text-2")
        sheet.text(frame.right + 10, y, lane.many, "text-3")


def draw_ends(sheet: Sheet, frame: Frame, labels: Sequence[EndLabel]) -> None:
    """Labels at the right end, moved apart where they would touch."""
    room = sheet.width - frame.right - 10
    texts = [wrapped(label.text, room - _beside(label)) for label in labels]
    heights = [len(lines) * LINE_HEIGHT for lines in texts]
    tops = stacked([frame.y(label.at) for label in labels], heights, frame.top - 10, frame.bottom + LINE_HEIGHT)
    for label, lines, top in zip(labels, texts, tops, strict=True):
        if label.swatch:
            sheet.rect(frame.right + 10, top + 2.5, SWATCH, SWATCH, label.swatch)
        for index, line in enumerate(lines):
            left = frame.right + 10 + _beside(label)
            sheet.text(left, top + 11.5 + index * LINE_HEIGHT, line, label.role, bold=label.bold)


def draw_empty(sheet: Sheet, spec: ChartSpec) -> None:
    """Words where a chart would be: an empty plot would look like zero."""
    sheet.rect(0, 0, sheet.width, sheet.height, "surface-2", radius=6)
    lines = wrapped(spec.empty, sheet.width - 32)
    first = sheet.height / 2 - (len(lines) - 1) * LINE_HEIGHT / 2 + 4
    for index, line in enumerate(lines):
        sheet.text(sheet.width / 2, first + index * LINE_HEIGHT, line, anchor="middle")


def _end_width(label: EndLabel) -> float:
    return width(label.text, bold=label.bold) + _beside(label)


def _beside(label: EndLabel) -> int:
    return SWATCH + 4 if label.swatch else 0


def words_room(spec: ChartSpec) -> int:
    """The height that counts above and annotations below a plot take from it."""
    return LINE_HEIGHT * (len(spec.lanes) + len(told(spec.marks)))


def numbered(marks: Sequence[Mark]) -> list[tuple[int, Mark]]:
    """Those that have a flag."""
    return list(enumerate(marks[-MARKS_LISTED:], start=1))


def told(marks: Sequence[Mark]) -> list[tuple[str, str]]:
    """The number of each flag and what it says."""
    lines = [(str(number), mark.text) for number, mark in numbered(marks)]
    more = len(marks) - MARKS_LISTED
    return [*lines, ("", f"+{more} more in the data table")] if more > 0 else lines

"""Dots, lines and bars over time."""

from ops_console.contracts.document import Tone
from ops_console.reporting.charts.frame import (
    EndLabel,
    Frame,
    draw_band,
    draw_ends,
    draw_lanes,
    draw_marks,
    draw_places,
    draw_scale,
    draw_targets,
)
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.lettering import width
from ops_console.reporting.charts.spec import ChartSpec, Kind, Point, runs

SERIES = "series-1"
THINNEST = 1.5
"""A bar of zero is still seen, unlike a gap."""
RING = {Tone.GOOD: "good", Tone.BAD: "bad", Tone.WATCH: "watch", Tone.NONE: "text"}


def draw_timeline(sheet: Sheet, spec: ChartSpec) -> None:
    labels = end_labels(spec)
    frame = Frame.around(sheet, spec, labels, len(spec.points))
    if spec.kind is Kind.BARS and bars_are_labelled(frame):
        labels = labels[1:]
    draw_band(sheet, frame)
    draw_scale(sheet, frame)
    draw_marks(sheet, frame)
    draw_lanes(sheet, frame)
    if spec.kind is Kind.BARS:
        _draw_bars(sheet, frame)
    else:
        _draw_line(sheet, frame)
    draw_targets(sheet, frame)
    if spec.kind is Kind.BARS:
        _label_bars(sheet, frame)
    draw_places(sheet, frame, [(point.tick, point.label[:4]) for point in spec.points])
    draw_ends(sheet, frame, labels)


def end_labels(spec: ChartSpec) -> list[EndLabel]:
    """The latest value first, then the target and the usual range, named where they end."""
    labels = []
    latest = next((point for point in reversed(spec.points) if point.value is not None), None)
    if latest is not None and latest.value is not None:
        text = latest.text if latest is spec.points[-1] else f"{latest.text} ({latest.tick})"
        labels.append(EndLabel(latest.value, text, "text", bold=True))
    target = next((point.target for point in reversed(spec.points) if point.target), None)
    sides = [side for side in (target.high, target.low) if side is not None] if target else []
    if sides:
        labels.append(EndLabel(sides[0], spec.target_text))
    if spec.band is not None:
        labels.append(EndLabel(spec.band.centre, spec.band.text, "text-3"))
    return labels


def bars_are_labelled(frame: Frame) -> bool:
    """Whether every bar is wide enough for its figure."""
    texts = [point.text for point in frame.spec.points if point.value is not None]
    return max(map(width, texts), default=0) <= frame.slot - 4


def _draw_line(sheet: Sheet, frame: Frame) -> None:
    spec = frame.spec
    weight, opacity = (1.0, 0.45) if spec.kind is Kind.DOTS else (2.0, 1.0)
    for run in runs(spec.points):
        solid = [index for index in run if not spec.points[index].is_running]
        sheet.polyline([_place(frame, index) for index in solid], SERIES, weight=weight, opacity=opacity)
        if len(solid) not in (0, len(run)):
            sheet.polyline([_place(frame, index) for index in run[len(solid) - 1 :]], SERIES, weight=1.5, dash="3 3")
    for index, point in enumerate(spec.points):
        if point.value is not None:
            _draw_point(sheet, frame, index, point)


def _draw_point(sheet: Sheet, frame: Frame, index: int, point: Point) -> None:
    x, y = _place(frame, index)
    size = 4.0 if frame.spec.kind is Kind.DOTS else 2.5
    latest = index == len(frame.spec.points) - 1
    if point.is_running:
        sheet.ring(x, y, 4, SERIES, hollow=True)
    elif point.is_signal:
        sheet.dot(x, y, 5, SERIES)
        sheet.ring(x, y, 8.5, RING[frame.spec.tone if latest else Tone.NONE])
    else:
        sheet.dot(x, y, 4.5 if latest else size, SERIES)


def _draw_bars(sheet: Sheet, frame: Frame) -> None:
    breadth = min(frame.slot * 0.64, 44)
    base = frame.y(0)
    for index, point in enumerate(frame.spec.points):
        if point.value is None:
            continue
        y = frame.y(point.value)
        top, height = (min(y, base - THINNEST), max(base - y, THINNEST)) if y <= base else (base, y - base)
        left = frame.x(index) - breadth / 2
        sheet.rect(left, top, breadth, height, SERIES, dash="3 3" if point.is_running else "")


def _label_bars(sheet: Sheet, frame: Frame) -> None:
    labelled = bars_are_labelled(frame)
    for index, point in enumerate(frame.spec.points):
        if point.value is None:
            continue
        x, y = frame.x(index), frame.y(max(point.value, 0))
        if point.is_signal:
            latest = index == len(frame.spec.points) - 1
            sheet.dot(x, y, 4.5, SERIES)
            sheet.ring(x, y, 8, RING[frame.spec.tone if latest else Tone.NONE])
        if labelled:
            sheet.text(x, y - (13 if point.is_signal else 5), point.text, "text", anchor="middle", halo=True)


def _place(frame: Frame, index: int) -> tuple[float, float]:
    value = frame.spec.points[index].value
    assert value is not None  # noqa: S101  (runs and callers pass known points alone)
    return frame.x(index), frame.y(value)

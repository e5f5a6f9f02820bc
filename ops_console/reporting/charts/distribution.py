"""Answers to a survey question on 0–10, as bars with counts."""

from collections.abc import Mapping

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.spec import ChartSpec, Kind, Point

PARTS = (("Detractors", 0, 6), ("Passives", 7, 8), ("Promoters", 9, 10))
BELOW = 58


def distribution(key: str, title: str, subtitle: str, counts: Mapping[int, int]) -> ChartSpec:
    """`counts` by score; a score nobody gave is a real zero, and a wave without answers has no bars."""
    total = sum(counts.values())
    points = tuple(
        Point(
            str(score),
            str(score),
            str(score),
            float(counts.get(score, 0)) if total else None,
            *_words(counts, score),
            part=part_of(score),
        )
        for score in range(11)
    )
    scale = axis(Unit.COUNT, [float(count) for count in counts.values()], from_zero=True)
    columns = ("Score", "Answers", "Share", "Group")
    return ChartSpec(
        key,
        Kind.DISTRIBUTION,
        title,
        subtitle,
        Unit.COUNT,
        scale,
        points=points,
        empty="No answers yet",
        columns=columns,
    )


def part_of(score: int) -> str:
    return next(name for name, low, high in PARTS if low <= score <= high)


def draw_distribution(sheet: Sheet, spec: ChartSpec) -> None:
    slot, base, top = sheet.width / 11, sheet.height - BELOW, 22.0
    for index, point in enumerate(spec.points):
        middle, value = slot * (index + 0.5), point.value or 0
        height = max(value / spec.axis.high * (base - top), 1.5)
        breadth = min(slot * 0.68, 44)
        sheet.rect(middle - breadth / 2, base - height, breadth, height, "series-1")
        sheet.text(middle, base - height - 6, point.text, "text", anchor="middle")
        sheet.text(middle, base + 16, point.tick, "text-3", anchor="middle")
    sheet.line(0, base, sheet.width, base, "control")
    for name, low, high in PARTS:
        _draw_part(sheet, spec, name, slot * low, slot * (high + 1), base + 24)


def _draw_part(sheet: Sheet, spec: ChartSpec, name: str, left: float, right: float, y: float) -> None:
    count = sum(point.value or 0 for point in spec.points if point.part == name)
    sheet.polyline([(left + 4, y), (left + 4, y + 4), (right - 4, y + 4), (right - 4, y)], "control", weight=1)
    sheet.text((left + right) / 2, y + 18, name, "text-2", anchor="middle")
    sheet.text((left + right) / 2, y + 32, units.count(count), "text", anchor="middle", bold=True)


def _words(counts: Mapping[int, int], score: int) -> tuple[str, str]:
    """How many gave this score, and their share."""
    total, count = sum(counts.values()), counts.get(score, 0)
    share = units.bare_percent(count / total) if total else ""
    return units.count(count), share

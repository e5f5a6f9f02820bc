"""Counted causes as bars from zero, the longest first; how much the first few make together stands in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.lettering import fitted, width
from ops_console.reporting.charts.tokens import Theme

ROW, THICK, EDGE, GAP = 26, 12, 6, 12
LABELS = 0.4
"""The share of the width that labels may take."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One cause; `text` says its figure."""

    label: str
    count: int
    text: str


def pareto(title: str, subtitle: str, bars: Sequence[Bar], wide: float, *, theme: Theme | str = Theme.PAGE) -> str:
    """The bars as SVG, in the order of their counts whatever the order given."""
    ordered = sorted(bars, key=lambda bar: (-bar.count, bar.label))
    sheet = Sheet(wide, ROW * max(len(ordered), 1) + 2 * EDGE, Theme(theme))
    if ordered:
        _draw(sheet, ordered)
    else:
        sheet.text(0, EDGE + ROW / 2, "Nothing to show yet", "text-3")
    return sheet.svg(title, subtitle)


def _draw(sheet: Sheet, bars: Sequence[Bar]) -> None:
    labels = min(max(width(bar.label) for bar in bars), sheet.width * LABELS)
    left, right = labels + GAP, sheet.width - max(width(bar.text) for bar in bars) - GAP
    scale = max(right - left, 0) / max(bars[0].count, 1)
    for index, bar in enumerate(bars):
        middle = EDGE + ROW * (index + 0.5)
        sheet.group(f"{bar.label}: {bar.text}")
        sheet.text(labels, middle + 4, fitted(bar.label, labels), "text", anchor="end")
        sheet.rect(left, middle - THICK / 2, bar.count * scale, THICK, "series-1")
        sheet.text(left + bar.count * scale + GAP / 2, middle + 4, bar.text, "text-2")
        sheet.end_group()
    sheet.line(left, EDGE, left, sheet.height - EDGE, "line")

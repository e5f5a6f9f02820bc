"""Bars against one limit each: error budgets used, money spent of a budget."""

from collections.abc import Sequence

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.measures.readings import Reading, Status
from ops_console.reporting.charts import findings
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.lettering import fitted, width
from ops_console.reporting.charts.spec import Axis, Bullet, ChartSpec, Kind, Tick
from ops_console.reporting.words.judgement import STATUSES

ROW, TALL_ROW = 30, 44
WIDE = 480
"""From this width a row stands on one line."""
HEAD = 22
THICK = 12
CAP = 2.0
"""Twice the limit is as far as a bar goes; beyond it the words say how far."""
NEARLY = 0.75
"""From here the budget of an objective is at risk."""
AXIS = Axis(tuple(Tick(share, f"{share:.0%}") for share in (0.0, 0.5, 1.0, 1.5, 2.0)))


def bullets(key: str, title: str, subtitle: str, rows: Sequence[Bullet]) -> ChartSpec:
    """A specification of bullets; the longest bar stands first, rows without data last."""
    ordered = sorted(rows, key=lambda row: (row.share is None, -(row.share or 0), row.label))
    return ChartSpec(key, Kind.BULLETS, title, subtitle, Unit.SHARE, AXIS, bullets=tuple(ordered), columns=COLUMNS)


COLUMNS = ("Name", "Used", "Figures", "Status")


def slo_bullets(r: Reading) -> ChartSpec:
    """The error budget each objective of an SLO reading used."""
    rows = [_objective(slo) for slo in r.detail.get("slos", [])]
    return bullets(r.key, findings.title(r), "Error budget used, 100% is all that the objective allows", rows)


def height_of(spec: ChartSpec, width: float = WIDE) -> float:
    """How high a drawing of these rows must be at a width."""
    return HEAD + (ROW if width >= WIDE else TALL_ROW) * max(len(spec.bullets), 1) + 6


def draw_bullets(sheet: Sheet, spec: ChartSpec) -> None:
    labels = min(max(width(row.label) for row in spec.bullets), sheet.width * 0.3)
    texts, notes = (max(width(words) for words in column) for column in _columns(spec))
    one_line = sheet.width >= WIDE
    reads = texts + 36 + notes if one_line else max(texts, notes + 16)
    left, right = labels + 12, sheet.width - reads - 16
    longest = max((row.share or 0) for row in spec.bullets)
    scale = (right - left) / max(1.0, min(CAP, longest))
    row_height = (sheet.height - HEAD - 6) / len(spec.bullets)
    sheet.text(left + scale, 12, "100%", "text-3", anchor="middle")
    for index, row in enumerate(spec.bullets):
        middle = HEAD + row_height * (index + 0.5)
        sheet.group(f"{row.label}: {row.text} {row.note}".strip())
        sheet.text(left - 12, middle + 4, fitted(row.label, labels), "text", anchor="end")
        _draw_bar(sheet, row, left, middle, scale)
        two = bool(row.note) and not one_line
        sheet.text(right + 16, middle - (4 if two else -4), row.text, "text")
        if row.note:
            x, y = (right + 16, middle + 8) if two else (right + texts + 32, middle)
            sheet.icon(x + 5, y, row.tone)
            sheet.text(x + 16, y + 4, row.note, "text-2")
        sheet.end_group()
    sheet.line(left + scale, HEAD - 4, left + scale, sheet.height - 4, "text", weight=1.5)


def _draw_bar(sheet: Sheet, row: Bullet, left: float, middle: float, scale: float) -> None:
    """What was used, and in the colour of a miss what was used beyond the limit."""
    sheet.rect(left, middle - THICK / 2, scale, THICK, "surface-2")
    if row.share is None:
        return
    share = min(row.share, CAP)
    sheet.rect(left, middle - THICK / 2, max(min(share, 1) * scale, 1.5), THICK, "series-1")
    if share > 1:
        sheet.rect(left + scale, middle - THICK / 2, (share - 1) * scale, THICK, "bad")


def _columns(spec: ChartSpec) -> tuple[list[str], list[str]]:
    return [row.text for row in spec.bullets], [row.note for row in spec.bullets]


def _objective(slo: dict[str, object]) -> Bullet:
    actual, used, objective = (slo.get(name) for name in ("actual", "budget_used", "objective"))
    if not isinstance(actual, float | int) or not isinstance(objective, float | int) or slo.get("met") is None:
        return Bullet(str(slo["name"]), None, str(slo.get("state") or "no data").capitalize())
    share = float(used) if isinstance(used, float | int) else (0.0 if slo["met"] else CAP)
    status = Status.OFF_TARGET if not slo["met"] else Status.AT_RISK if share >= NEARLY else Status.ON_TARGET
    icon, word, tone = STATUSES[status]
    text = f"{units.slo_percent(actual, objective)} of {units.slo_percent(objective)}"
    return Bullet(str(slo["name"]), share, text, f"{units.bare_percent(share)} used", f"{icon} {word}", tone)

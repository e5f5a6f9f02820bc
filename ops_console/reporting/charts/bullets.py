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

ROW = 30
HEAD = 22
THICK = 12
CAP = 2.0
"""Twice the limit is as far as a bar goes; beyond it the words say how far."""
NEARLY = 0.75
"""From here the budget of an objective is at risk (UX 3 A)."""
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


def height_of(spec: ChartSpec) -> float:
    """How high a drawing of these rows must be."""
    return HEAD + ROW * len(spec.bullets) + 6


def draw_bullets(sheet: Sheet, spec: ChartSpec) -> None:
    labels = min(max(width(row.label) for row in spec.bullets), sheet.width * 0.3)
    texts = min(max(max(width(row.text), width(row.note) + 16) for row in spec.bullets), sheet.width * 0.34)
    left, right = labels + 12, sheet.width - texts - 16
    scale = (right - left) / max(1.2, min(CAP, max((row.share or 0) for row in spec.bullets) * 1.05))
    row_height = (sheet.height - HEAD - 6) / len(spec.bullets)
    sheet.text(left + scale, 12, "100%", "text-3", anchor="middle")
    for index, row in enumerate(spec.bullets):
        middle = HEAD + row_height * (index + 0.5)
        sheet.group(f"{row.label}: {row.text} {row.note}".strip())
        sheet.text(left - 12, middle + 4, fitted(row.label, labels), "text", anchor="end")
        sheet.rect(left, middle - THICK / 2, scale, THICK, "surface-2")
        if row.share is not None:
            sheet.rect(left, middle - THICK / 2, max(min(row.share * scale, right - left), 1.5), THICK, "series-1")
        sheet.text(right + 16, middle - (3 if row.note else -4), row.text, "text")
        if row.note:
            sheet.icon(right + 21, middle + 8, row.tone)
            sheet.text(right + 31, middle + 12, row.note, "text-2")
        sheet.end_group()
    sheet.line(left + scale, HEAD - 4, left + scale, sheet.height - 4, "text", weight=1.5)


def _objective(slo: dict[str, object]) -> Bullet:
    actual, used, objective = (slo.get(name) for name in ("actual", "budget_used", "objective"))
    if not isinstance(actual, float | int) or not isinstance(objective, float | int) or slo.get("met") is None:
        return Bullet(str(slo["name"]), None, str(slo.get("state") or "no data").capitalize())
    share = float(used) if isinstance(used, float | int) else (0.0 if slo["met"] else CAP)
    status = Status.OFF_TARGET if not slo["met"] else Status.AT_RISK if share >= NEARLY else Status.ON_TARGET
    icon, word, tone = STATUSES[status]
    text = f"{units.slo_percent(actual, objective)} of {units.slo_percent(objective)}"
    return Bullet(str(slo["name"]), share, text, f"{units.bare_percent(share)} used", f"{icon} {word}", tone)

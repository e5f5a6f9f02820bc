"""What pages show of figures: a chart drawn for the window and for the phone with its table, and the card of a KPI."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from ops_console.measures.readings import Reading
from ops_console.reporting.charts.drawing import svg
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.reporting.charts.spec import ChartSpec
from ops_console.reporting.charts.tabular import Rows, table
from ops_console.reporting.charts.tokens import Theme
from ops_console.web.filters import Filters

WIDTH, NARROW = 1200, 270


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart; words stay legible on a phone because it is drawn twice, and the style sheet shows one of the two."""

    spec: ChartSpec
    wide: Markup
    narrow: Markup
    table: tuple[tuple[str, ...], Rows]


def drawn(spec: ChartSpec, height: float = 300, narrow_height: float = 260) -> Drawn:
    wide = svg(spec, width=WIDTH, height=height, theme=Theme.PAGE)
    narrow = svg(spec, width=NARROW, height=narrow_height, theme=Theme.PAGE)
    # our own drawings; their texts are escaped where they are drawn
    return Drawn(spec, Markup(wide), Markup(narrow), table(spec))  # noqa: S704


def card(found: Reading, asked: Filters) -> dict[str, Any]:
    """What the card of a KPI needs; the whole of it leads to the KPI's page."""
    address = url_for("kpis.kpi", key=found.key, **asked.params())
    return {"reading": found, "address": address, "sparkline": Markup(sparkline(found))}  # noqa: S704  (ours too)

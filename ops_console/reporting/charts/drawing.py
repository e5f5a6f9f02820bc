"""From a specification to SVG."""

from collections.abc import Callable

from ops_console.reporting.charts.bullets import draw_bullets
from ops_console.reporting.charts.cumulative import draw_cumulative
from ops_console.reporting.charts.distribution import draw_distribution
from ops_console.reporting.charts.frame import draw_empty
from ops_console.reporting.charts.ink import Sheet
from ops_console.reporting.charts.spec import ChartSpec, Kind
from ops_console.reporting.charts.stacked import draw_stacked
from ops_console.reporting.charts.timeline import draw_timeline
from ops_console.reporting.charts.tokens import Theme

DRAWINGS: dict[Kind, Callable[[Sheet, ChartSpec], None]] = {
    Kind.DOTS: draw_timeline,
    Kind.LINE: draw_timeline,
    Kind.BARS: draw_timeline,
    Kind.BULLETS: draw_bullets,
    Kind.CUMULATIVE: draw_cumulative,
    Kind.STACKED: draw_stacked,
    Kind.DISTRIBUTION: draw_distribution,
}


def svg(spec: ChartSpec, *, width: float, height: float, theme: Theme | str = Theme.LIGHT) -> str:
    """The chart as SVG. `light` and `dark` stand alone; `page` takes its colours from the page's style sheet."""
    sheet = Sheet(width, height, Theme(theme))
    if spec.is_empty:
        draw_empty(sheet, spec)
    else:
        DRAWINGS[spec.kind](sheet, spec)
    return sheet.svg(spec.title, spec.subtitle)

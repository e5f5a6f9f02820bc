"""Charts: one specification, drawn as SVG on the server and as a Plotly figure in the browser, and told as a table."""

from ops_console.reporting.charts.bullets import bullets, height_of, slo_bullets
from ops_console.reporting.charts.cumulative import cumulative
from ops_console.reporting.charts.distribution import distribution
from ops_console.reporting.charts.drawing import svg
from ops_console.reporting.charts.figure import CONFIG, DARK_FOR_LIGHT, plotly
from ops_console.reporting.charts.from_reading import spec_for
from ops_console.reporting.charts.multiples import small_multiples
from ops_console.reporting.charts.raster import png
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.reporting.charts.spec import Bullet, ChartSpec, Kind
from ops_console.reporting.charts.tabular import table
from ops_console.reporting.charts.tokens import Theme, stylesheet

__all__ = [
    "CONFIG",
    "DARK_FOR_LIGHT",
    "Bullet",
    "ChartSpec",
    "Kind",
    "Theme",
    "bullets",
    "cumulative",
    "distribution",
    "height_of",
    "plotly",
    "png",
    "slo_bullets",
    "small_multiples",
    "sparkline",
    "spec_for",
    "stylesheet",
    "svg",
    "table",
]

"""A specification as a Plotly figure: the same ticks, colours and words as the SVG, plus hover and zoom.

Figures carry no template (a page's own script registers one look) and stay around a kilobyte. What Plotly shows as
markup is escaped, since names and annotations come from outside.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from ops_console.core import units
from ops_console.measures.words.amounts import amount
from ops_console.reporting.charts.frame import LINE_HEIGHT, EndLabel, numbered, told
from ops_console.reporting.charts.lettering import width, wrapped
from ops_console.reporting.charts.spec import Bullet, ChartSpec, Kind, Point, Series, runs
from ops_console.reporting.charts.stacked import ends as parts_at_end
from ops_console.reporting.charts.timeline import end_labels
from ops_console.reporting.charts.tokens import DARK, LIGHT, Theme, palette

CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "responsive": True,
    "displaylogo": False,
    # plotly.js 4 offers to upload a chart to its maker's cloud unless told otherwise.
    "showSendToCloud": False,
    "plotlyServerURL": "",
}
DARK_FOR_LIGHT = {LIGHT[role]: DARK[role] for role in LIGHT}
"""How a script turns a light figure into a dark one."""
NOWHERE = "rgba(0,0,0,0)"
BELOW = 44
"""Ticks and years under the plot."""
MARGIN = {"l": 56, "r": 16, "t": 16, "b": BELOW}
BESIDE: dict[str, Any] = {"xref": "paper", "x": 1, "xanchor": "left", "showarrow": False, "xshift": 6}
HALF_BAR = 0.32
MOST_TICKS = 13
LABEL = 168
"""Pixels that words at the right end have on a page."""
LANE = 0.06
"""The share of the height that a lane of counts takes."""
Json = dict[str, Any]


def plotly(spec: ChartSpec, *, theme: Theme | str = Theme.LIGHT) -> Json:
    """`data`, `layout` and `config`, ready for JSON."""
    colours = palette(Theme(theme))
    if spec.kind is Kind.BULLETS:
        data, layout = _bullets(spec.bullets, colours)
    elif spec.kind is Kind.CUMULATIVE:
        data, layout = [_line(spec, series, colours) for series in spec.series], _over_time(spec, colours)
    elif spec.kind is Kind.STACKED:
        data = [_part(spec, series, colours) for series in spec.series]
        layout = _over_time(spec, colours) | {"barmode": "relative"}
    else:
        data, layout = [*_points(spec, colours), *_lanes(spec, colours)], _over_time(spec, colours)
    return {"data": data, "layout": _frame(colours) | layout, "config": CONFIG}


def hover(spec: ChartSpec, index: int) -> str:
    """Date, value with unit, n, status, annotation."""
    point = spec.points[index]
    figure = " · ".join(part for part in (point.text, point.n or point.part) if part)
    lines = (escape(point.title), figure, point.status, *map(escape, spec.notes(index)))
    return "<br>".join(line for line in lines if line)


def _points(spec: ChartSpec, colours: dict[str, str]) -> list[Json]:
    trace: Json = {
        "x": [point.label for point in spec.points],
        "y": [_short(point.value) for point in spec.points],
        "text": [hover(spec, index) for index in range(len(spec.points))],
        "hovertemplate": "%{text}<extra></extra>",
    }
    ink = colours["series-1"]
    if spec.kind in (Kind.BARS, Kind.DISTRIBUTION):
        fill = [NOWHERE if point.is_running else ink for point in spec.points]
        # The edge keeps a bar of zero visible, which a gap is not.
        marker = {"color": fill, "line": {"color": fill, "width": 1.5}}
        return [trace | {"type": "bar", "textposition": "none", "marker": marker}]
    weight = {"color": ink, "width": 1 if spec.kind is Kind.DOTS else 2}
    main = {"type": "scatter", "mode": "lines", "connectgaps": False, "hoverinfo": "skip", "line": weight}
    dots = trace | {"type": "scatter", "mode": "markers", "marker": _markers(spec.points, spec.kind, colours)}
    return [main | _settled(spec.points), *_running(spec, colours), dots]


def _settled(points: Sequence[Point]) -> Json:
    """The line through complete periods, with a gap wherever something else begins to be measured."""
    places: list[tuple[str, float | None]] = []
    for point in points:
        places += [(point.label, None)] * point.begins
        places.append((point.label, None if point.is_running else _short(point.value)))
    return {"x": [label for label, _ in places], "y": [value for _, value in places]}


def _markers(points: Sequence[Point], kind: Kind, colours: dict[str, str]) -> Json:
    ink, size = colours["series-1"], 8 if kind is Kind.DOTS else 5
    edges = [2 if point.is_signal or point.is_running else 0 for point in points]
    return {
        "color": [colours["surface"] if point.is_running else ink for point in points],
        "size": [14 if point.is_signal else 8 if point.is_running else size for point in points],
        "line": {"color": [colours["text"] if point.is_signal else ink for point in points], "width": edges},
        "opacity": 1,
    }


def _running(spec: ChartSpec, colours: dict[str, str]) -> list[Json]:
    """The last stretch, dashed while its period runs."""
    last = runs(spec.points)[-1][-2:] if runs(spec.points) else []
    if len(last) < 2 or not spec.points[last[-1]].is_running:
        return []
    line = {"color": colours["series-1"], "width": 1.5, "dash": "dash"}
    ends = {
        "x": [spec.points[index].label for index in last],
        "y": [_short(spec.points[index].value) for index in last],
    }
    return [ends | {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": line}]


def _line(spec: ChartSpec, series: Series, colours: dict[str, str]) -> Json:
    dash = {"5 4": "dash", "1 4": "dot"}.get(series.dash, "solid")
    return {
        "type": "scatter",
        "mode": "lines",
        "name": series.name,
        "x": [point.label for point in spec.points],
        "y": [_short(value) for value in series.values],
        "connectgaps": False,
        "line": {"color": colours[series.role], "width": 2, "dash": dash},
        "text": [f"{escape(point.title)}<br>{escape(series.text)}" for point in spec.points],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _part(spec: ChartSpec, part: Series, colours: dict[str, str]) -> Json:
    """Bars of one part; each says its day's total too."""
    named = zip(spec.points, part.values, strict=True)
    said = (
        "" if value is None else f"{escape(part.name)} {amount(spec.unit, value, spec.currency)}" for _, value in named
    )
    return {
        "type": "bar",
        "name": part.name,
        "x": [point.label for point in spec.points],
        "y": [_short(value) for value in part.values],
        "marker": {"color": colours[part.role]},
        "text": [f"{escape(p.title)}<br>{of}<br>{p.text} in all" for p, of in zip(spec.points, said, strict=True)],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _bullets(bullets: Sequence[Bullet], colours: dict[str, str]) -> tuple[list[Json], Json]:
    rows = bullets[::-1]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [escape(row.label) for row in rows],
        "x": [_short(row.share) for row in rows],
        "text": [f"{escape(row.label)}<br>{row.text}<br>{row.icon}" for row in rows],
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": colours["series-1"]},
    }
    limit = _segment(1, -0.5, 1, len(rows) - 0.5, colours["text"], 1.5, "solid")
    words = [f"{row.text} {row.icon[:1]} {row.note}".strip() for row in rows]
    layout = {
        "xaxis": {"tickformat": ".0%", "fixedrange": True, "zeroline": False, "gridcolor": colours["line"]},
        "yaxis": {"fixedrange": True, "automargin": True},
        "shapes": [limit],
        "margin": MARGIN | {"r": round(max(map(width, words), default=0)) + 24},
        "annotations": [BESIDE | {"y": escape(row.label), "text": text} for row, text in zip(rows, words, strict=True)],
    }
    return [trace], layout


def _over_time(spec: ChartSpec, colours: dict[str, str]) -> Json:
    axis, ends = spec.axis, parts_at_end(spec) if spec.kind is Kind.STACKED else end_labels(spec)
    return {
        "xaxis": {
            "type": "category",
            "fixedrange": True,
            "showgrid": False,
            "linecolor": colours["control"],
            **_ticks(spec.points),
            "range": [-0.5, len(spec.points) - 0.5],
        },
        "yaxis": {
            "fixedrange": True,
            "zeroline": False,
            "range": [_short(axis.low), _short(axis.high + (axis.high - axis.low) * 0.04)],
            "tickvals": [_short(tick.value) for tick in axis.ticks],
            "ticktext": [tick.text for tick in axis.ticks],
            "gridcolor": colours["line"],
            **({"domain": [0, 1 - LANE * len(spec.lanes)]} if spec.lanes else {}),
        },
        **_lane_axis(spec, colours),
        "shapes": _shapes(spec, colours),
        "bargap": 1 - 2 * HALF_BAR,
        "margin": _margin(spec, ends),
        "annotations": [*_ends(ends, colours), *_flags(spec)],
    }


def _margin(spec: ChartSpec, ends: Sequence[EndLabel]) -> Json:
    """Room for labels at the right end, flags above the plot and their words below it."""
    words = [width(end.text, bold=end.bold) for end in ends] + [width(lane.many) for lane in spec.lanes]
    below = LINE_HEIGHT * len(told(spec.marks)) + 4 * bool(spec.marks)
    return MARGIN | {"r": round(max(words, default=0)) + 16, "t": 24 if spec.marks else 16, "b": BELOW + below}


def _lanes(spec: ChartSpec, colours: dict[str, str]) -> list[Json]:
    """Counts above the plot, on an axis of their own."""
    lane: Json = {"type": "scatter", "mode": "text", "yaxis": "y2", "hoverinfo": "skip"}
    labels = [point.label for point in spec.points]
    return [
        lane
        | {"x": labels, "y": [place] * len(labels), "textfont": {"color": colours["text-2"]}}
        | {"text": ["" if count is None else units.count(count) for count in each.counts]}
        for place, each in enumerate(spec.lanes)
    ]


def _lane_axis(spec: ChartSpec, colours: dict[str, str]) -> Json:
    """The lowest lane is the last, as in the drawing."""
    lanes = len(spec.lanes)
    if not lanes:
        return {}
    named = {"tickvals": list(range(lanes)), "ticktext": [each.many for each in spec.lanes]}
    look = {"side": "right", "fixedrange": True, "showgrid": False, "zeroline": False, "color": colours["text-3"]}
    return {"yaxis2": named | look | {"domain": [1 - LANE * lanes, 1], "range": [lanes - 0.5, -0.5]}}


def _ticks(points: Sequence[Point]) -> Json:
    """At most thirteen, counted from the latest; a year stands once under its first one."""
    every = max(1, -(-len(points) // MOST_TICKS))
    shown = [point for index, point in enumerate(points) if (len(points) - 1 - index) % every == 0]
    years = [point.label[:4] if "-" in point.label else "" for point in shown]
    new = [year if year and year not in years[:index] else "" for index, year in enumerate(years)]
    texts = [f"{point.tick}<br>{year}" if year else point.tick for point, year in zip(shown, new, strict=True)]
    return {"tickvals": [point.label for point in shown], "ticktext": texts}


def _shapes(spec: ChartSpec, colours: dict[str, str]) -> list[Json]:
    shapes: list[Json] = []
    end = len(spec.points) - 0.5
    if spec.band:
        band = _segment(spec.band.since - 0.5, spec.band.low, end, spec.band.high, NOWHERE, 0, "solid")
        shapes.append(band | {"type": "rect", "layer": "below", "fillcolor": colours["surface-2"]})
    for first, last, value in spec.target_steps:
        shapes.append(_segment(first - 0.5, value, last + 0.5, value, colours["text-2"], 1.25, "dash"))
    for index, point in enumerate(spec.points):
        if spec.kind is Kind.BARS and point.is_running and point.value is not None:
            bar = (index - HALF_BAR, 0, index + HALF_BAR, point.value)
            shapes.append(_segment(*bar, colours["series-1"], 1.5, "dot") | {"type": "rect"})
    for _, mark in numbered(spec.marks):
        line = _segment(_short(mark.at), 0, _short(mark.at), 1, colours["text-3"], 1, "dot")
        shapes.append(line | {"yref": "paper"})
        if mark.until is not None:
            lasted = _segment(_short(mark.at), 1, _short(mark.until), 1, colours["text-3"], 3, "solid")
            shapes.append(lasted | {"yref": "paper"})
    return shapes


def _flags(spec: ChartSpec) -> list[Json]:
    """The number of each annotation above the plot, and below it what each says."""
    if not spec.marks:
        return []
    flag: Json = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    below: Json = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 0, "yanchor": "top"}
    lines = [f"{number} {escape(text)}" if number else escape(text) for number, text in told(spec.marks)]
    return [
        *(flag | {"x": _short(mark.at), "text": str(number)} for number, mark in numbered(spec.marks)),
        below | {"yshift": -BELOW, "align": "left", "showarrow": False, "text": "<br>".join(lines)},
    ]


def _segment(x0: Any, y0: Any, x1: Any, y1: Any, colour: str, weight: float, dash: str) -> Json:
    line = {"color": colour, "width": weight, "dash": dash}
    return {"type": "line", "x0": x0, "x1": x1, "y0": _short(y0), "y1": _short(y1), "line": line}


def _ends(ends: Sequence[EndLabel], colours: dict[str, str]) -> list[Json]:
    """Labels at the right end, at their values; the page's script, which knows its height, moves them apart."""
    return [
        BESIDE
        | {"y": _short(end.at), "align": "left", "text": "<br>".join(map(escape, wrapped(end.text, LABEL)))}
        # By the font: of a <b> Plotly makes a style attribute, which the content policy forbids.
        | {"font": {"color": colours[end.role]} | ({"weight": 700} if end.bold else {})}
        | ({"bordercolor": colours[end.swatch], "borderwidth": 2, "borderpad": 2} if end.swatch else {})
        for end in ends
    ]


def _frame(colours: dict[str, str]) -> Json:
    font = {"size": 12, "color": colours["text-2"]}
    look = {"paper_bgcolor": NOWHERE, "plot_bgcolor": NOWHERE, "font": font, "showlegend": False}
    return look | {"margin": MARGIN, "hovermode": "closest", "dragmode": False}


def _short(value: float | None) -> float | None:
    """Seven digits are more than a screen shows."""
    return None if value is None else float(f"{value:.7g}")

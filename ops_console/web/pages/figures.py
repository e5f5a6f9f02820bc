"""Any figure of a KPI's page as a file: the picture for a slide, the page for a binder, the data for a spreadsheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from sqlmodel import Session

from ops_console.core import units
from ops_console.core.errors import BadInput, NotFound
from ops_console.measures.readings import Reading
from ops_console.reporting import words
from ops_console.reporting.charts.bullets import height_of, slo_bullets
from ops_console.reporting.charts.data import COLUMNS, OBJECTIVE_COLUMNS, history_rows, objective_rows
from ops_console.reporting.charts.drawing import svg
from ops_console.reporting.charts.frame import words_room
from ops_console.reporting.charts.from_reading import spec_for
from ops_console.reporting.charts.multiples import MOST_PANELS, small_multiples
from ops_console.reporting.charts.spec import ChartSpec
from ops_console.reporting.charts.tokens import Theme
from ops_console.reporting.exhibit import Exhibit
from ops_console.reporting.render.csv import csv_name, file_name
from ops_console.scorecard.read import reading, readings_by_scope
from ops_console.web import annotating
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.detail import asked_split
from ops_console.web.exports import Shown
from ops_console.web.filters import Filters, filters
from ops_console.web.view import csv_response, workspace

pages = Pages("figures")

WIDTH, HEIGHT = 960, 340


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with the data it was made from. `name` begins the names of its files."""

    name: str
    exhibit: Exhibit
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


@pages.get("/kpis/<key>.png", access=Access.VIEWER)
def png(key: str) -> Response:
    return _file(key, "png", "image/png", Exhibit.png)


@pages.get("/kpis/<key>.pdf", access=Access.VIEWER)
def pdf(key: str) -> Response:
    return _file(key, "pdf", "application/pdf", Exhibit.pdf)


@pages.get("/kpis/<key>/chart.csv", access=Access.VIEWER)
def data(key: str) -> Response:
    """What the figure draws, in full precision; the records behind the number are another file."""
    asked = filters()
    figure = _figure(key, asked)
    return csv_response(csv_name(f"{figure.name}_chart", asked.period.label, asked.scope), figure.columns, figure.rows)


def _file(key: str, ending: str, media_type: str, made: Callable[[Exhibit], bytes]) -> Response:
    asked = filters()
    figure = _figure(key, asked)
    response = Response(made(figure.exhibit), mimetype=media_type)
    name = file_name(figure.name, asked.period.label, asked.scope, ending)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _figure(key: str, asked: Filters) -> Figure:
    shown = request.args.get("figure", Shown.HISTORY.value)
    if shown not in {*Shown}:
        raise BadInput(f"{shown!r} is no figure.", remedy=f"Write one of {', '.join(Shown)}.")
    with read() as session:
        found = reading(session, key, asked.scope, asked.period, compare=asked.compare, now=asked.now)
        return FIGURES[Shown(shown)](session, found, asked)


def _history(session: Session, found: Reading, asked: Filters) -> Figure:
    beside = annotating.chosen().beside(session, found)
    spec = spec_for(beside)
    return Figure(found.key, _exhibit(found, asked, spec, HEIGHT + words_room(spec)), COLUMNS, history_rows([beside]))


def _objectives(_: Session, found: Reading, asked: Filters) -> Figure:
    if not found.detail.get("slos"):
        raise NotFound(f"{found.definition.title} has no objectives here.", remedy="Ask for its history instead.")
    spec = slo_bullets(found)
    exhibit = _exhibit(found, asked, spec, height_of(spec))
    return Figure(f"{found.key}_objectives", exhibit, OBJECTIVE_COLUMNS, objective_rows(found))


def _split(session: Session, found: Reading, asked: Filters) -> Figure:
    kind = asked_split(found.definition)
    grained = asked.period.grain is not None
    parts = readings_by_scope(session, found.key, kind, asked.period, now=asked.now) if grained else []
    if not parts:
        raise NotFound(f"No {kind} has figures in {asked.title}.", remedy="Choose another period or another split.")
    title = f"{found.definition.title.partition(',')[0]} by {kind}, {words.period(found)}"
    many = len(parts) > MOST_PANELS
    most = f"the {MOST_PANELS} largest of {units.count(len(parts))}" if many else "the largest first"
    exhibit = Exhibit(
        title,
        f"On one scale, {most}; target dashed",
        small_multiples(parts, width=WIDTH, theme=Theme.LIGHT),
        _notes(found),
        found.as_of or asked.now,
    )
    return Figure(f"{found.key}_by_{kind}", exhibit, COLUMNS, history_rows(parts))


def _exhibit(found: Reading, asked: Filters, spec: ChartSpec, height: float) -> Exhibit:
    drawing = svg(spec, width=WIDTH, height=height, theme=Theme.LIGHT)
    return Exhibit(spec.title, spec.subtitle, drawing, _notes(found), found.as_of or asked.now)


def _notes(found: Reading) -> tuple[str, ...]:
    """The figure itself, where it comes from and how old it is, whose it is."""
    target = f" ({words.target(found)})" if found.target else ""
    reads = f"{words.period(found)}, {found.scope.title}: {words.value(found)}. {words.status(found)}{target}."
    whose = f"{workspace().name} · Ops Console" + (" · demo workspace, made-up data" if workspace().is_demo else "")
    return reads, words.source_line(found, workspace().zone), whose


FIGURES: dict[Shown, Callable[[Session, Reading, Filters], Figure]] = {
    Shown.HISTORY: _history,
    Shown.SPLIT: _split,
    Shown.OBJECTIVES: _objectives,
}

"""Which measures are off? Is this one a real change, and why?"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Response, request, url_for
from markupsafe import Markup

from ops_console.core.errors import BadInput
from ops_console.ingest.freshness import freshness
from ops_console.measures.definition import GROUPS
from ops_console.measures.readings import Reading, Status, machine
from ops_console.measures.restated import MachineRestated
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.reporting.render.csv import csv_name
from ops_console.reporting.words.judgement import STATUSES
from ops_console.scorecard.read import readings
from ops_console.web import annotation_form
from ops_console.web.access import Access, Pages
from ops_console.web.as_of import as_of
from ops_console.web.behind import records_csv
from ops_console.web.database import read
from ops_console.web.detail import detail
from ops_console.web.filters import Filters, filters, scope_choices
from ops_console.web.view import csv_response, render, url_with

pages = Pages("kpis", menu="KPIs", place=20)

TOLD = tuple(MachineRestated.__annotations__)
Errors = Sequence[tuple[str, str]]


@pages.get("/kpis", access=Access.VIEWER)
def scorecard() -> str:
    asked, status = filters(), _status()
    with read() as session:
        fresh = freshness(session, asked.now)
        found = readings(session, asked.scope, asked.period, compare=asked.compare, now=asked.now, fresh=fresh)
        scopes = scope_choices(session)
        age = as_of(session, fresh, asked.now)
    shown = [reading for reading in found if status is None or reading.status is status]
    word = STATUSES[status][1] if status else ""
    return render(
        "kpis.html",
        filters=asked,
        scopes=scopes,
        rows=_grouped(shown, asked),
        hidden={"status": status.value} if status else {},
        all_chips=[*asked.chips, *([(word, url_with(status=None))] if status else [])],
        clear=url_for("kpis.scorecard", **asked.params() | {"scope": None}),
        shown_status=word,
        csv=url_for("kpis.scorecard_csv", **asked.params()),
        as_of=age,
    )


def _status() -> Status | None:
    text = request.args.get("status")
    if text and text not in {*Status}:
        raise BadInput(f"{text!r} is no status.", remedy=f"Write one of {', '.join(Status)}.")
    return Status(text) if text else None


def _grouped(shown: list[Reading], asked: Filters) -> list[tuple[str, list[dict[str, Any]]]]:
    """Under the headings of the catalogue, then under those that KPIs of one's own name."""
    groups: dict[str, list[dict[str, Any]]] = {title: [] for title in GROUPS}
    for reading in shown:
        member = {
            "reading": reading,
            "address": url_for("kpis.kpi", key=reading.key, **asked.params()),
            "sparkline": Markup(sparkline(reading)),  # noqa: S704  (our own drawing, texts escaped)
        }
        groups.setdefault(reading.definition.heading, []).append(member)
    return [(title, members) for title, members in groups.items() if members]


@pages.get("/kpis.csv", access=Access.VIEWER)
def scorecard_csv() -> Response:
    asked = filters()
    with read() as session:
        found = readings(session, asked.scope, asked.period, compare=asked.compare, now=asked.now)
    rows = [_flat(each) for each in found]
    return csv_response(
        csv_name("scorecard", asked.period.label, asked.scope), list(rows[0]), (r.values() for r in rows)
    )


def _flat(found: Reading) -> dict[str, Any]:
    """A machine-readable reading in single cells."""
    named = dict[str, Any](machine(found))
    target, spread = named.pop("target") or {}, named.pop("spread") or {}
    told = {name: named.pop(name) or {} for name in ("restated", "previous_restated")}
    cells = {name: value for name, value in named.items() if not isinstance(value, dict | list)}
    return cells | {
        "target_low": target.get("low"),
        "target_high": target.get("high"),
        **{name: spread.get(name) for name in ("mean", "median", "p75", "p90")},
        "coverage": "/".join(str(part) for part in (named["coverage"] or {}).values()),
        "excluded": sum(found.excluded.values()),
        "sources": ", ".join(found.sources),
        **{f"{name}_{part}": said.get(part) for name, said in told.items() for part in TOLD},
    }


@pages.get("/kpis/<key>", access=Access.VIEWER)
def kpi(key: str) -> str:
    return page_of_kpi(key)


def page_of_kpi(key: str, form: Mapping[str, str] = MappingProxyType({}), errors: Errors = ()) -> str:
    """The page, with what was sent from a form on it and what was wrong with that."""
    asked = filters()
    with read() as session:
        values = detail(session, key, asked)
        scopes = scope_choices(session)
    return render(
        "kpi.html",
        filters=asked,
        scopes=scopes,
        hidden={name: request.args[name] for name in ("by", "show") if request.args.get(name)},
        note=annotation_form.filled(values["noted"], form),
        errors=errors,
        wrong_form=errors[0][0].partition("-")[0] if errors else "",
        grains=asked.grains("kpis.kpi", key=key),
        scorecard_address=url_for("kpis.scorecard", **asked.params()),
        csv=url_for("kpis.kpi_csv", key=key, **asked.params()),
        **values,
    )


@pages.get("/kpis/<key>.csv", access=Access.VIEWER)
def kpi_csv(key: str) -> Response:
    """Every record behind the number, those left out too, with the reason."""
    asked = filters()
    with read() as session:
        columns, rows = records_csv(session, key, asked)
        return csv_response(csv_name(key, asked.period.label, asked.scope), columns, rows)

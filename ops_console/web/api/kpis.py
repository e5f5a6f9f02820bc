"""Readings for other systems: `GET /api/v1/kpis` and `GET /api/v1/kpis/<key>/readings`."""

from typing import Any

from flask import Response, jsonify
from werkzeug.exceptions import NotFound

from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition
from ops_console.measures.readings import HistoryPoint, bounds, machine
from ops_console.scorecard.read import reading, readings
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filters import filters

pages = Pages("api_kpis")


@pages.get("/api/v1/kpis", access=Access.token("kpis:read"))
def kpis() -> Response:
    """Every KPI with its reading for `?period=&scope=&grain=&compare=`."""
    asked = filters()
    with read() as session:
        found = readings(session, asked.scope, asked.period, compare=asked.compare, now=asked.now)
    return jsonify(
        period=asked.period.label,
        scope=str(asked.scope),
        kpis=[_definition(each.definition) | {"reading": machine(each)} for each in found],
    )


@pages.get("/api/v1/kpis/<key>/readings", access=Access.token("kpis:read"))
def history(key: str) -> Response:
    """One KPI: its reading, and the periods before it."""
    if key not in CATALOGUE:
        raise NotFound(f"There is no KPI {key!r}. The KPIs are {', '.join(CATALOGUE)}.")
    asked = filters()
    with read() as session:
        found = reading(session, key, asked.scope, asked.period, compare=asked.compare, now=asked.now)
    return jsonify(reading=machine(found), history=[_point(point) for point in found.history])


def _definition(kpi: Definition) -> dict[str, Any]:
    return {
        "key": kpi.key,
        "number": kpi.number,
        "title": kpi.title,
        "question": kpi.question,
        "formula": kpi.formula,
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "version": kpi.version,
    }


def _point(point: HistoryPoint) -> dict[str, Any]:
    return {
        "period": point.period.label,
        "value": point.value,
        "k": None if point.k is None else format(point.k, "f"),
        "n": None if point.n is None else format(point.n, "f"),
        "target": bounds(point.target),
        "is_running": point.is_running,
    }

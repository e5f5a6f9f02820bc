"""Everything the page of one KPI shows, from one reading."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from sqlmodel import Session

from ops_console.core import units
from ops_console.core.errors import NotFound
from ops_console.ingest.freshness import Freshness, freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition, Unit
from ops_console.measures.readings import DataState, Reading
from ops_console.measures.scopes import ScopeKind
from ops_console.reporting import words
from ops_console.reporting.charts.bullets import height_of, slo_bullets
from ops_console.reporting.charts.drawing import svg
from ops_console.reporting.charts.figure import plotly
from ops_console.reporting.charts.frame import words_room
from ops_console.reporting.charts.from_reading import spec_for
from ops_console.reporting.charts.multiples import MOST_PANELS, small_multiples
from ops_console.reporting.charts.spec import ChartSpec
from ops_console.reporting.charts.tabular import table
from ops_console.reporting.charts.tokens import Theme
from ops_console.reporting.governed import KEYS
from ops_console.scorecard.read import readings, readings_by_scope
from ops_console.web import annotating
from ops_console.web.behind import behind
from ops_console.web.breakdown import breakdown
from ops_console.web.exports import exports
from ops_console.web.filters import Filters
from ops_console.web.promised_extras import promised_extras
from ops_console.web.view import url_with, workspace

WIDTH, HEIGHT = 1200, 320
NARROW, NARROW_HEIGHT = 270, 230
"""Drawn twice, so that words stay legible on a phone; the style sheet shows one of the two. Annotations add to it."""
MINUTES = 60
"""Of an hour, in which time is logged."""
MOST_ROWS = 25
MOST_ON_PHONES = 6
"""Panels of the narrow drawing; the table below has them all."""
ACTIONS = {
    DataState.NOT_CONNECTED: "/imports",
    DataState.FIRST_SYNC: "/imports",
    DataState.STALE: "/data-health",
    DataState.ESTIMATED: "#computed",
}
ON_CALL = ("Who is on call, and when it pages", "oncall.oncall")
PAGES = {
    "cost_vs_budget": ("Cost by day, model and service", "cost.cost"),
    "team_health": ON_CALL,
    **dict.fromkeys(KEYS, ("Governance, model by model", "governance.governance")),
    "alert_quality": ON_CALL,
}
SPLITS = (ScopeKind.TEAM, ScopeKind.TIER, ScopeKind.MODEL)


def detail(session: Session, key: str, asked: Filters) -> dict[str, Any]:
    """What the template needs."""
    if key not in CATALOGUE:
        raise NotFound(f"There is no KPI {key!r}.", remedy="Choose one from the list of KPIs.")
    fresh = freshness(session, asked.now)
    found, *partners = _with_partners(session, key, asked, fresh)
    chart = spec_for(annotating.chosen().beside(session, found))
    return {
        "r": found,
        "action": _action(found),
        "lines": [],
        "page_of_it": _page_of(found, asked),
        "chart": chart,
        "drawing": _drawn(svg(chart, width=WIDTH, height=HEIGHT + words_room(chart), theme=Theme.PAGE)),
        "small_drawing": _drawn(svg(chart, width=NARROW, height=NARROW_HEIGHT + words_room(chart), theme=Theme.PAGE)),
        "bullets": _bullets(found, WIDTH),
        "small_bullets": _bullets(found, NARROW),
        "table": table(chart),
        "figure": plotly_figures(chart),
        "beside": [_beside(each, asked) for each in partners],
        "breakdown": [*breakdown(found), *promised_extras(session, found, asked.now)],
        **_outcomes(found),
        "split": _split(session, found, asked, fresh),
        "records": behind(session, found),
        **annotating.section(session, found),
        "source": words.source_line(found, workspace().zone),
        "exports": exports(found, asked),
        **_method(found),
    }


def _action(found: Reading) -> tuple[str, str] | None:
    """What to do about the state of the data, and where."""
    said = words.action(found)
    return (said, ACTIONS.get(found.data_state, "#records")) if said else None


def _page_of(found: Reading, asked: Filters) -> tuple[str, str] | None:
    """Where a KPI has a page of its own that goes into it."""
    named = PAGES.get(found.key)
    return (named[0], url_for(named[1], **asked.params())) if named else None


def _drawn(drawing: str) -> Markup:
    return Markup(drawing)  # noqa: S704  (our own drawing; its texts are escaped where they are drawn)


def _bullets(found: Reading, width: float) -> Markup | None:
    """Each objective against its error budget, for the KPI that has objectives."""
    if not found.detail.get("slos"):
        return None
    spec: ChartSpec = slo_bullets(found)
    return _drawn(svg(spec, width=width, height=height_of(spec), theme=Theme.PAGE))


def plotly_figures(chart: ChartSpec) -> Markup | None:
    """The same chart for Plotly, in both themes; `<` is written so that no text can end the script element."""
    if chart.is_empty:
        return None
    both = {theme.value: plotly(chart, theme=theme) for theme in (Theme.LIGHT, Theme.DARK)}
    return Markup(json.dumps(both, separators=(",", ":")).replace("<", "\\u003c"))  # noqa: S704  (escaped above)


def _outcomes(found: Reading) -> dict[str, Any]:
    """As many as can be read; the others are a scope away."""
    told = words.outcomes(found)
    hidden = len(told) - MOST_ROWS
    more = f"{units.count(hidden)} more are not listed; choose a team or a model as scope." if hidden > 0 else ""
    return {"outcomes": told[:MOST_ROWS], "more_outcomes": more}


def _with_partners(session: Session, key: str, asked: Filters, fresh: Mapping[str, Freshness]) -> list[Reading]:
    """The KPI, then those that it is never shown without, all read at once."""
    keys = [key, *(other for other in CATALOGUE[key].read_with if other in CATALOGUE)]
    found = readings(session, asked.scope, asked.period, keys=keys, compare=asked.compare, now=asked.now, fresh=fresh)
    return sorted(found, key=lambda each: each.key != key)


def _beside(partner: Reading, asked: Filters) -> dict[str, str]:
    return {
        "title": partner.definition.title,
        "value": words.value(partner),
        "address": url_for("kpis.kpi", key=partner.key, **asked.params()),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the split."""

    reading: Reading
    address: str


def _split(session: Session, found: Reading, asked: Filters, fresh: Mapping[str, Freshness]) -> dict[str, Any]:
    """The same KPI for each team, tier or model, as far as it speaks of them."""
    choices, kind = splits(found.definition), asked_split(found.definition)
    if asked.period.grain is None or not choices:
        parts: Sequence[Reading] = []
    else:
        parts = readings_by_scope(session, found.key, kind, asked.period, now=asked.now, fresh=fresh)
    address = {each.scope: url_for("kpis.kpi", key=each.key, **_to(asked, each)) for each in parts[:MOST_ROWS]}
    hidden = len(parts) - MOST_ROWS
    return {
        "kind": kind.value,
        "choices": [(each.value.capitalize(), url_with(by=each.value), each is kind) for each in choices],
        "readings": [Part(each, address[each.scope]) for each in parts[:MOST_ROWS]],
        "drawing": _drawn(small_multiples(parts, width=WIDTH)) if parts else "",
        "small_drawing": _drawn(small_multiples(parts[:MOST_ON_PHONES], width=NARROW)) if parts else "",
        "more": f"{units.count(hidden)} smaller ones are not listed; choose one as scope." if hidden > 0 else "",
        "most": MOST_PANELS,
    }


def splits(definition: Definition) -> list[ScopeKind]:
    """What a KPI can be split by."""
    return [each for each in SPLITS if each in definition.scopes]


def asked_split(definition: Definition) -> ScopeKind:
    """Whether `?by=` asks for teams, tiers or models."""
    by = request.args.get("by", ScopeKind.TEAM.value)
    return ScopeKind(by) if by in splits(definition) else ScopeKind.TEAM


def _to(asked: Filters, part: Reading) -> dict[str, Any]:
    return asked.params() | {"scope": str(part.scope)}


def _method(found: Reading) -> dict[str, str]:
    """How the number came to be, in words."""
    zone = workspace().zone
    days = f"; {found.window_days} days ending with the period" if found.window_days else ""
    window = f"{units.instant(found.window_start, zone)} until {units.instant(found.window_end, zone)}{days}"
    return {
        "window": window,
        "counted": counted(found),
        "target_line": _target(found),
        "limits": _limits(found),
        "baseline_line": _baseline(found),
    }


def counted(found: Reading) -> str:
    """What the number was made of, in its units."""
    if found.definition.unit is Unit.MONEY and found.k is not None:
        budget = f"{units.money(found.n, found.currency)} budget" if found.n is not None else "no budget"
        return f"{units.money(found.k, found.currency)} spent, {budget}"
    if found.k is not None and found.n is not None and "hours_per_week" in found.detail:
        return f"{units.number(found.k / MINUTES)} h of {units.number(found.n / MINUTES)} h"
    return f"k = {_plain(found.k)} of n = {_plain(found.n)}" if found.k is not None else f"n = {_plain(found.n)}"


def _plain(number: Any) -> str:
    return "unknown" if number is None else units.number(number) if number % 1 else units.count(number)


def _target(found: Reading) -> str:
    if found.target is None:
        return "none in force in this period"
    since = f" since {units.day(found.target_from.astimezone(workspace().zone).date())}" if found.target_from else ""
    by = f", set by {found.target_set_by}" if found.target_set_by else ""
    return f"{words.target(found)}{since}{by}"


def _baseline(found: Reading) -> str:
    if found.baseline_from is None:
        return "the whole history; a new one may be started where the process was changed"
    since = units.day(found.baseline_from.astimezone(workspace().zone).date())
    return f"since {since}, set by {found.baseline_set_by}: {found.baseline_reason}"


def _limits(found: Reading) -> str:
    if found.lower is None or found.upper is None or found.centre is None:
        return "drawn from 6 complete periods on"
    trial = " (trial limits until there are 12)" if found.trial else ""
    side = {1: "upper", -1: "lower"}.get(found.leans)
    tail = f"; the {side} limit on cube roots, as the values have a long tail there" if side else ""
    rule = f" The latest is {found.signal_rule}." if found.signal_rule else ""
    method = f"mean ± 2.66 × moving range{tail}{trial}"
    return f"{words.usual(found)}, from {found.limit_points} complete periods, {method}.{rule}"

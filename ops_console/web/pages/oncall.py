"""Is the load bearable?"""

from collections.abc import Mapping

from flask import Response, url_for
from sqlmodel import Session

from ops_console.accounts.roles import Role
from ops_console.core import units
from ops_console.ingest.freshness import Freshness, freshness
from ops_console.measures.figures import Span
from ops_console.measures.interruptions import Hours
from ops_console.measures.oncall import LIMIT, SHIFT_HOURS, Carried
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, ScopeKind
from ops_console.reporting import words
from ops_console.reporting.render.csv import csv_name
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.on_call import LOAD, QUALITY, carried, pages_by_hour
from ops_console.scorecard.read import readings
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.breakdown import breakdown
from ops_console.web.database import read
from ops_console.web.detail import plotly_figures
from ops_console.web.drawn import card, drawn
from ops_console.web.filters import Filters, filters, scope_choices
from ops_console.web.oncall_hours import HOURS, heat
from ops_console.web.oncall_schedules import schedules
from ops_console.web.oncall_weeks import pages_by_week
from ops_console.web.reads.rotas import names
from ops_console.web.view import csv_response, render, workspace

pages = Pages("oncall", menu="On call", place=51)

KEYS = [LOAD, QUALITY, "toil"]


@pages.get("/oncall", access=Access.VIEWER)
def oncall() -> str:
    asked = filters()
    with read() as session:
        fresh = freshness(session, asked.now)
        load, quality, *beside = _readings(session, asked, fresh)
        weeks = pages_by_week(session, asked.scope, asked.period)
        hourly = pages_by_hour(session, asked.scope, _span(asked))
        rota = schedules(session, load, asked.period, asked.now)
        scopes = {"Teams": scope_choices(session)["Teams"]}
    return render(
        "oncall.html",
        filters=asked,
        scopes=scopes,
        hidden={},
        grains=asked.grains("oncall.oncall"),
        cards=[card(each, asked) for each in (load, quality, *beside)],
        load=load,
        panels=[panel for panel in breakdown(load) if panel[1]],
        top=(quality.detail.get("loudest") or {}).get("top", []),
        quality=quality,
        quality_address=url_for("kpis.kpi", key=QUALITY, **asked.params()),
        people_address=url_for("oncall.people", **asked.params()),
        source=words.source_line(load, workspace().zone),
        units=units,
        chart=drawn(weeks),
        figure=plotly_figures(weeks),
        hours=HOURS,
        week=heat(hourly),
        schedules=rota,
    )


@pages.get("/oncall/people", access=Access.VIEWER)
def people() -> str:
    """Managers see everybody, others themselves."""
    asked = filters()
    with read() as session:
        shown, unnamed = _people(session, asked)
        scopes = {"Teams": scope_choices(session)["Teams"]}
    return render(
        "oncall_people.html",
        filters=asked,
        scopes=scopes,
        hidden={},
        grains=asked.grains("oncall.people"),
        people=shown,
        unnamed=unnamed,
        is_manager=_is_manager(),
        limit=LIMIT,
        shift_hours=SHIFT_HOURS,
        hours_classes=[*Hours],
        csv=url_for("oncall.people_csv", **asked.params()),
        units=units,
    )


@pages.get("/oncall/people.csv", access=Access.VIEWER)
def people_csv() -> Response:
    """The same lines."""
    asked = filters()
    with read() as session:
        shown, _ = _people(session, asked)
    rows = (
        (name, each.who.team, each.hours, each.shifts, each.shifts_over, each.pages, *each.by_hours.values())
        for name, each in shown
    )
    columns = (
        "person",
        "team",
        "hours_on_call",
        "shifts",
        "shifts_over",
        "pages",
        *(f"pages_{kind}" for kind in Hours),
    )
    return csv_response(csv_name("on_call", asked.period.label, asked.scope), columns, rows)


def _people(session: Session, asked: Filters) -> tuple[list[tuple[str, Carried]], int]:
    """Those whom the caller may see, each by name; and how many pages name nobody."""
    called, me = names(session), setting_of(session).people.named(account().email).key
    everybody, unnamed = carried(session, _span(asked))
    shown = [
        (called.get(each.who.key, each.who.key), each)
        for each in everybody
        if _may_see(each.who.key, me) and _is_in(each.who.team, asked)
    ]
    return shown, unnamed


def _is_manager() -> bool:
    return Role(account().role).includes(Role.MANAGER)


def _may_see(who: str, me: str) -> bool:
    return who == me or _is_manager()


def _is_in(team: str | None, asked: Filters) -> bool:
    return asked.scope == WORKSPACE or (asked.scope.kind is ScopeKind.TEAM and team == asked.scope.key)


def _span(asked: Filters) -> Span:
    return Span(asked.period.start, asked.period.end)


def _readings(session: Session, asked: Filters, fresh: Mapping[str, Freshness]) -> list[Reading]:
    """The load, what the pages were worth, and toil."""
    found = readings(session, asked.scope, asked.period, keys=KEYS, compare=asked.compare, now=asked.now, fresh=fresh)
    return sorted(found, key=lambda each: KEYS.index(each.key))

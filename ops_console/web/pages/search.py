"""One box for KPIs, models, teams, incidents, deployments, reports and help."""

from collections.abc import Iterable

from flask import request, url_for

from ops_console.contracts import kind_words
from ops_console.contracts.document import Line
from ops_console.contracts.facts import KINDS
from ops_console.kpis import CATALOGUE
from ops_console.reporting.report import named
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import read
from ops_console.web.reads import search as reads
from ops_console.web.view import render

pages = Pages("search")
LONGEST = 100


@pages.get("/search", access=Access.VIEWER)
def search() -> str:
    asked = request.args.get("q", "").strip()[:LONGEST]
    found = _found(asked) if asked else {}
    return render("search.html", asked=asked, found={group: lines for group, lines in found.items() if lines})


def _found(asked: str) -> dict[str, list[Line]]:
    titles = {name: named(console().parts, name).title for name in console().parts.reports}
    with read() as session:
        return {
            "KPIs": _kpis(asked),
            "Models and services": reads.models(session, asked),
            "Teams": reads.teams(session, asked),
            "Incidents": reads.incidents(session, asked),
            "Deployments": reads.deployments(session, asked),
            "Reports": [*_reports(titles, asked), *reads.report_runs(session, titles, asked)],
            "Pages and help": _matching(_help(), asked),
        }


def _kpis(asked: str) -> list[Line]:
    return _matching(
        (
            (f"{kpi.title} {kpi.question} {kpi.key}", Line(kpi.title, link=url_for("kpis.kpi", key=kpi.key)))
            for kpi in CATALOGUE.values()
        ),
        asked,
    )


def _reports(titles: dict[str, str], asked: str) -> list[Line]:
    return _matching(
        (
            (title, Line(f"{title}, as it stands", link=url_for("reports.preview", name=name)))
            for name, title in titles.items()
        ),
        asked,
    )


def _help() -> Iterable[tuple[str, Line]]:
    """Pages of the menu, topics of the help, definitions and kinds of fact, each with the words it is found by."""
    for page in console().menu:
        yield page.menu, Line(page.menu, link=page.address)
    topics = {
        "reading": ("Reading a figure", ""),
        "status": ("Target status", "on target, at risk, off target, no status"),
        "signal": ("Change signal", "usual range, better or worse than usual, limits, XmR"),
        "states": ("State of the data", "not connected, stale, estimated, partial, too few"),
        "keys": ("Keys", "keyboard shortcuts"),
    }
    for anchor, (title, words) in topics.items():
        yield f"{title} {words}", Line(f"Help: {title}", link=url_for("help.overview", _anchor=anchor))
    yield "Saved views landing page", Line("Saved views", link=url_for("views.listed"))
    yield "Getting data in import API mapping", Line("Help: getting data in", link=url_for("help.imports"))
    for kpi in CATALOGUE.values():
        definition = Line(f"Definition: {kpi.title}", link=url_for("help.definitions", _anchor=kpi.key))
        yield f"definition of {kpi.title} {kpi.formula}", definition
    for kind in KINDS:
        words = kind_words.many(kind)
        yield f"import {words}", Line(f"Fields of {words}", link=url_for("help.imports", _anchor=kind))


def _matching(offered: Iterable[tuple[str, Line]], asked: str) -> list[Line]:
    """Those whose words hold what was asked."""
    word = asked.casefold()
    return [line for words, line in offered if word in words.casefold()][: reads.SHOWN]

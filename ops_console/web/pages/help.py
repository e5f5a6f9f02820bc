"""How is this computed, how do I get data in, which keys are there? Generated, so that it cannot be stale."""

from datetime import timedelta

from flask import request

from ops_console.chat.answering import HELP as CHAT
from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import DataState, Signal, Status
from ops_console.practices import review_rules
from ops_console.practices.verdicts import LEAST_DAYS, LEAST_RELEASES, WATCH
from ops_console.reporting.words import held_to
from ops_console.reporting.words.judgement import MAY_CHANGE, TOO_RARE
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.fact_tables import kinds
from ops_console.web.openapi import ABOUT, RULES
from ops_console.web.operation_help import operations
from ops_console.web.problems import PROBLEMS
from ops_console.web.view import render

pages = Pages("help", menu="Help", place=90)

STATUSES = {
    Status.ON_TARGET: ("good", "●", "On target", "The value meets its target."),
    Status.AT_RISK: (
        "watch",
        "▲",
        "At risk",
        "It meets the target with less than a tenth of the room left, or its latest point is worse than usual.",
    ),
    Status.OFF_TARGET: ("bad", "■", "Off target", "It misses the target."),
    Status.NONE: (
        "none",
        "○",
        "No status",
        "No target, too few data, no data, or a running period. The reason stands beside it.",
    ),
}
SIGNALS = {
    Signal.BETTER: "The latest period is outside what chance alone explains, on the good side.",
    Signal.WORSE: "The same, on the bad side.",
    Signal.HIGHER: "Above what chance explains, for a KPI without a better direction.",
    Signal.LOWER: "Below what chance explains, for a KPI without a better direction.",
    Signal.USUAL: "Within the range in which the figure moves by chance. The change is no news.",
    Signal.TOO_LITTLE: "Fewer than six complete periods: there is no range yet.",
}
WITHOUT_SIGNAL = {
    TOO_RARE: "Fewer than three a period on average: a range would be all noise.",
    MAY_CHANGE: "Some of its cases are too young to be told for good, such as releases that may still fail.",
}
STATES = {
    DataState.NOT_CONNECTED: "No source delivers the facts this needs.",
    DataState.FIRST_SYNC: "The first import is under way.",
    DataState.STALE: "The source is silent or failed; the last good value stands in grey with its day.",
    DataState.NO_CASES: "Nothing happened that could be counted, so there is no rate: never 0%.",
    DataState.REAL_ZERO: "Zero, and known to be: the source works and covers the period.",
    DataState.TOO_FEW: "Fewer cases than a status needs; the cases themselves are shown.",
    DataState.PARTIAL: "Fewer than 95% of the expected inputs are there; the gap is named.",
    DataState.ESTIMATED: "The source may still change the figure, as cloud bills do until they are final.",
    DataState.COMPLETE: "Nothing is missing.",
}

HOUR = timedelta(hours=1)
PROMISES = {
    "review_rules": list(review_rules.RULES.values()),
    "review_due": review_rules.DUE // HOUR,
    "review_late": review_rules.LATE // HOUR,
    "watch_days": WATCH.days,
    "least_releases": LEAST_RELEASES,
    "least_days": LEAST_DAYS,
}
"""The rules of what people promise, from where they are kept."""


@pages.get("/help", access=Access.VIEWER)
def overview() -> str:
    words = {
        "statuses": STATUSES,
        "signals": SIGNALS,
        "without_signal": WITHOUT_SIGNAL,
        "data_states": STATES,
        "chat_words": CHAT.items(),
    }
    return render("help.html", **words, **PROMISES)


@pages.get("/help/definitions", access=Access.VIEWER)
def definitions() -> str:
    targets = {key: _targets(key) for key in CATALOGUE}
    return render("help_definitions.html", catalogue=CATALOGUE, targets=targets)


@pages.get("/help/imports", access=Access.VIEWER)
def imports() -> str:
    return render("help_imports.html", kinds=kinds())


@pages.get("/help/api", access=Access.VIEWER)
def api() -> str:
    return render(
        "help_api.html",
        about=ABOUT,
        rules=RULES,
        operations=operations(console().routes.values(), request.host_url),
        problems=PROBLEMS,
    )


def _targets(key: str) -> list[tuple[str, str]]:
    definition = CATALOGUE[key]
    order = sorted(definition.targets.items(), key=lambda item: item[0] or 0)
    return [
        (f"Tier {tier}" if tier else "All models", held_to(definition, target, definition.per))
        for tier, target in order
    ]

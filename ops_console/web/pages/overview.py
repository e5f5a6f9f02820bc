"""Are we all right, what changed, what needs me?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.document import Tone
from ops_console.core import units
from ops_console.core.periods import LATEST, Period
from ops_console.ingest.freshness import Freshness, freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import Reading, Status
from ops_console.measures.scopes import WORKSPACE, Scope, parse
from ops_console.reporting import words
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.reporting.words.judgement import STATUSES
from ops_console.scorecard.read import readings_of
from ops_console.web.access import Access, Pages
from ops_console.web.changes import Changes, changes
from ops_console.web.database import read
from ops_console.web.filters import Choices, Filters, filters, scope_choices
from ops_console.web.needs import needs
from ops_console.web.saved_views import landing
from ops_console.web.view import render, workspace

pages = Pages("overview", menu="Overview", place=10, address=f"/?period={LATEST}")

HEADLINES = (1, 2, 12, 13, 11, 23, 19, 7)
"""The cards, by number in the catalogue; whatever else is measured follows in catalogue order."""
MOST_CARDS = 7
SAID_BESIDE = {"change_failure_rate": "change failure rate", "regression_rate": "regressions"}


@pages.get("/", access=Access.VIEWER)
def overview() -> str | AnyResponse:
    if not request.args and (chosen := landing()):
        return redirect(chosen, code=303)
    return _overview(filters())


def _overview(asked: Filters) -> str:
    with read() as session:
        fresh = freshness(session, asked.now)
        waiting = needs(session, fresh, asked.now)
        scopes = scope_choices(session)
        compared = _tiers_of(asked, scopes["Tiers"])
        # All that the page reads, at once: what the parts share is looked up and computed for all of them.
        read_for = [(asked.scope, asked.period), *_before(asked), *((tier, asked.period) for tier in compared)]
        found, *others = readings_of(session, read_for, compare=asked.compare, now=asked.now, fresh=fresh)
    tiers = _tiers(asked, dict(zip(compared, others[len(others) - len(compared) :], strict=True)))
    before = others[0] if len(others) > len(compared) else []
    return render(
        "overview.html",
        filters=asked,
        scopes=scopes,
        counts=counts(found, asked),
        changed=_changed(found, before, asked),
        needs=waiting,
        cards=_cards(found, asked),
        tiers=tiers,
        data=_data(fresh),
        as_of_line=as_of_line(fresh),
        scorecard_address=url_for("kpis.scorecard", **asked.params()),
        is_first_run=not any(kind.sources for kind in fresh.values()),
    )


def _before(asked: Filters) -> list[tuple[Scope, Period]]:
    return [(asked.scope, asked.compared)] if asked.compared else []


def _changed(found: Sequence[Reading], before: Sequence[Reading], asked: Filters) -> Changes:
    """A stretch of days that is no week, month or quarter has neither history nor neighbour."""
    if asked.period.grain is None:
        return Changes((), "")
    return changes(found, before, lambda reading: _address(reading, asked))


def _tiers_of(asked: Filters, tiers: Choices) -> list[Scope]:
    """On the whole workspace alone, where there is something to compare."""
    return [parse(scope) for scope, _ in tiers] if asked.scope == WORKSPACE else []


def _address(reading: Reading, asked: Filters) -> str:
    return url_for("kpis.kpi", key=reading.key, **asked.params())


def counts(found: Sequence[Reading], asked: Filters) -> list[tuple[str, str, int, str, str]]:
    """Tone, icon, how many, word, and the scorecard narrowed to them."""
    order = (Status.OFF_TARGET, Status.AT_RISK, Status.ON_TARGET, Status.NONE)
    counted = []
    for status in order:
        icon, word, tone = STATUSES[status]
        number = sum(reading.status is status for reading in found)
        address = url_for("kpis.scorecard", **asked.params(status=status.value))
        counted.append((tone.value, icon, number, word.lower(), address))
    return counted


def _cards(found: Sequence[Reading], asked: Filters) -> list[dict[str, Any]]:
    rank = {number: place for place, number in enumerate(HEADLINES)}
    ordered = sorted(found, key=lambda reading: rank.get(reading.definition.number, 100 + reading.definition.number))
    by_key = {reading.key: reading for reading in found}
    return [
        {
            "reading": reading,
            "address": _address(reading, asked),
            "sparkline": Markup(sparkline(reading)),  # noqa: S704  (our own drawing, texts escaped)
            "beside": _beside(reading, by_key),
        }
        for reading in ordered[:MOST_CARDS]
    ]


def _beside(reading: Reading, by_key: Mapping[str, Reading]) -> str:
    """The figures this one is never shown without."""
    partners = [by_key[key] for key in reading.definition.read_with if key in by_key]
    return ", ".join(
        f"{SAID_BESIDE.get(each.key, each.definition.title.lower())} {words.value(each)}" for each in partners
    )


@dataclass(frozen=True, slots=True)
class TierRow:
    title: str
    address: str
    readings: list[Reading]


@dataclass(frozen=True, slots=True)
class Tiers:
    columns: list[str] = field(default_factory=list)
    rows: list[TierRow] = field(default_factory=list)


def _tiers(asked: Filters, found: Mapping[Scope, Sequence[Reading]]) -> Tiers:
    """Every KPI by tier."""
    if not found:
        return Tiers()
    told = [key for place, key in enumerate(CATALOGUE) if any(each[place].value is not None for each in found.values())]
    rows = [
        TierRow(
            scope.title,
            url_for("kpis.scorecard", period=asked.period.label, scope=str(scope)),
            [reading for reading in each if reading.key in told],
        )
        for scope, each in found.items()
    ]
    return Tiers([CATALOGUE[key].title.partition(",")[0] for key in told], rows)


def _data(fresh: Mapping[str, Freshness]) -> dict[str, Any]:
    """The card about the data itself."""
    connected = [kind for kind in fresh.values() if kind.state != "not_connected"]
    broken = [kind for kind in connected if kind.state in ("stale", "failed")]
    missing = len(fresh) - len(connected)
    good = len(connected) - len(broken)
    tone, icon, word = (Tone.WATCH, "▲", "Needs a look") if broken else (Tone.GOOD, "●", "Fresh")
    if not connected:
        tone, icon, word = Tone.NONE, "○", "Not connected"
    return {
        "headline": f"{good} of {len(connected)}",
        "note": "kinds of facts fresh",
        "tone": tone,
        "icon": icon,
        "word": word,
        "detail": " · ".join(
            part
            for part in (
                f"stale: {', '.join(kind.kind.replace('_', ' ') for kind in broken)}" if broken else "",
                f"{missing} kinds not connected" if missing else "",
            )
            if part
        ),
    }


def as_of_line(fresh: Mapping[str, Freshness]) -> str:
    """`Data as of 4 Nov 2026 09:00 GMT · MLflow, GitHub`."""
    instants = [kind.last_good for kind in fresh.values() if kind.last_good is not None]
    if not instants:
        return "No facts have come in yet."
    sources = sorted({source for kind in fresh.values() for source in kind.sources}, key=str.casefold)
    named = ", ".join(sources[:4]) + (f" and {len(sources) - 4} more" if len(sources) > 4 else "")
    return f"Data as of {units.instant(max(instants), workspace().zone)} · {named}"

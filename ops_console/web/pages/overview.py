"""Are we all right, what changed, what needs me?"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts import kind_words
from ops_console.contracts.document import Tone
from ops_console.core.periods import LATEST
from ops_console.ingest.freshness import Freshness, freshness
from ops_console.measures.readings import Reading, Status
from ops_console.reporting import words
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.reporting.words.judgement import STATUSES
from ops_console.scorecard.read import readings_of
from ops_console.web.access import Access, Pages
from ops_console.web.as_of import as_of
from ops_console.web.changes import Changes, changes
from ops_console.web.database import read
from ops_console.web.filters import Filters, filters, scope_choices
from ops_console.web.needs import needs
from ops_console.web.parts import parts
from ops_console.web.saved_views import landing
from ops_console.web.view import render

pages = Pages("overview", menu="Overview", place=10, address=f"/?period={LATEST}")

HEADLINES = (1, 2, 12, 13, 11, 23, 19, 7)
"""The cards, by number in the catalogue; whatever else is measured follows in catalogue order."""
MOST_CARDS = 8
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
        now_and_before = [(asked.scope, period) for period in (asked.period, asked.compared) if period]
        # Both periods at once: what they share is looked up and computed for both of them.
        found, *before = readings_of(session, now_and_before, compare=asked.compare, now=asked.now, fresh=fresh)
        shown = _headlines(found)
        split = parts(session, asked, scopes, [reading.key for reading in shown], fresh)
        age = as_of(session, fresh, asked.now)
    return render(
        "overview.html",
        filters=asked,
        scopes=scopes,
        hidden={"by": request.args["by"]} if request.args.get("by") else {},
        counts=counts(found, asked),
        changed=_changed(found, before[0] if before else [], asked),
        needs=waiting,
        cards=_cards(shown, found, asked),
        split=split,
        data=_data(fresh) if len(shown) < MOST_CARDS else None,
        as_of=age,
        scorecard_address=url_for("kpis.scorecard", **asked.params()),
        is_first_run=not any(kind.sources for kind in fresh.values()),
    )


def _changed(found: Sequence[Reading], before: Sequence[Reading], asked: Filters) -> Changes:
    """A stretch of days that is no week, month or quarter has neither history nor neighbour."""
    if asked.period.grain is None:
        return Changes((), "")
    return changes(found, before, lambda reading: _address(reading, asked))


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


def _headlines(found: Sequence[Reading]) -> list[Reading]:
    """What has a card, in its fixed order."""
    rank = {number: place for place, number in enumerate(HEADLINES)}
    ordered = sorted(found, key=lambda reading: rank.get(reading.definition.number, 100 + reading.definition.number))
    return ordered[:MOST_CARDS]


def _cards(shown: Sequence[Reading], found: Sequence[Reading], asked: Filters) -> list[dict[str, Any]]:
    by_key = {reading.key: reading for reading in found}
    return [
        {
            "reading": reading,
            "address": _address(reading, asked),
            "sparkline": Markup(sparkline(reading)),  # noqa: S704  (our own drawing, texts escaped)
            "beside": _beside(reading, by_key),
        }
        for reading in shown
    ]


def _beside(reading: Reading, by_key: Mapping[str, Reading]) -> str:
    """The figures this one is never shown without."""
    partners = [by_key[key] for key in reading.definition.read_with if key in by_key]
    return ", ".join(
        f"{SAID_BESIDE.get(each.key, each.definition.title.lower())} {words.value(each)}" for each in partners
    )


def _data(fresh: Mapping[str, Freshness]) -> dict[str, Any]:
    """The card about the data itself, while there is room for it."""
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
                f"stale: {', '.join(kind_words.many(kind.kind) for kind in broken)}" if broken else "",
                f"{missing} kinds not connected" if missing else "",
            )
            if part
        ),
    }

"""Is this model healthy, owned, affordable, documented? One model in tabs, with everything that happened to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from markupsafe import Markup
from sqlmodel import Session

from ops_console.contracts.vocabulary import RunStatus
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.columns import FOREVER
from ops_console.core.errors import NotFound
from ops_console.core.periods import Period
from ops_console.ingest.entry_edits import changes, edits
from ops_console.ingest.mapping_names import unmapped
from ops_console.kpis import CATALOGUE
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.scorecard.read import readings
from ops_console.web import proof_words
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filters import Filters
from ops_console.web.filters import filters as asked_filters
from ops_console.web.reads import catalog, dependencies, governance, model_health
from ops_console.web.reads import deployments as deployment_reads
from ops_console.web.reads import incidents as incident_reads
from ops_console.web.reads import model as reads
from ops_console.web.reads.gaps import GAPS, gaps_of
from ops_console.web.reads.timeline import Timeline, timeline
from ops_console.web.view import render, workspace

pages = Pages("model")

TIMELINE = timedelta(days=183)
DRAWN = 80
"""Of each sort of thing, as many as one timeline can hold; a busier model gets a shorter one."""
RECENT = 15
OF_A_MODEL = [key for key, definition in CATALOGUE.items() if ScopeKind.MODEL in definition.scopes]


@dataclass(frozen=True, slots=True)
class Asked:
    """The model and the period a tab is about, and what serves production."""

    session: Session
    entry: CatalogEntry
    filters: Filters
    live: catalog.Live | None

    @property
    def entry_id(self) -> int:
        return self.entry.id or 0


@pages.get("/models/<slug>", access=Access.VIEWER)
def model(slug: str) -> str:
    tab = request.args.get("tab", "health")
    with read() as session:
        entry = reads.entry(session, slug)
        if entry is None:
            raise NotFound(f"There is no model {slug!r}.", remedy="Look for it among the models.")
        if entry.provisional:
            (found,) = unmapped(session, entry_id=entry.id)
            return render("models_stray.html", entry=entry, found=found, units=units)
        if tab not in TABS:
            raise NotFound(f"A model has no tab {tab!r}.", remedy=f"The tabs are {', '.join(TABS)}.")
        live = catalog.live_of(session, [entry.id or 0]).get(entry.id or 0)
        lacking = gaps_of(session, [entry.id or 0], now(), workspace().zone)[entry.id or 0]
        asked = Asked(session, entry, asked_filters(), live)
        return render(
            f"models_{tab}.html",
            entry=entry,
            filters=asked.filters,
            live=live,
            gaps=[GAPS[key].words for key in lacking],
            tabs=_tabs(asked, tab),
            tab=tab,
            units=units,
            **TABS[tab](asked),
        )


def _tabs(asked: Asked, here: str) -> list[tuple[str, str, bool]]:
    """Word, address and whether it is the one at hand. What the address says otherwise is carried along."""
    kept = {name: value for name, value in request.args.items() if name in ("period", "grain", "compare")}
    found = []
    for tab in TABS:
        query = urlencode(kept if tab == "health" else {**kept, "tab": tab})
        address = url_for("model.model", slug=asked.entry.slug)
        found.append((tab.capitalize(), f"{address}?{query}" if query else address, tab == here))
    return found


def _health(asked: Asked) -> dict[str, Any]:
    session, entry_id, period = asked.session, asked.entry_id, asked.filters.period
    slos = reads.slos(session, entry_id, period.start, period.end)
    episodes = model_health.latest_episodes(session, entry_id, RECENT)
    trained = model_health.latest_trainings(session, entry_id, 1)
    judged = model_health.judged(session, asked.entry, asked.live.version) if asked.live else None
    return {
        "timeline": _timeline(asked),
        "slos": slos,
        "worst": max((each for each in slos if each.budget_used is not None), key=_used, default=None),
        "episodes": episodes,
        "open_episodes": model_health.open_episodes(episodes),
        "trained": trained[0] if trained else None,
        "judged": judged,
        "gates": model_health.gates(session, entry_id, period.start, period.end),
        "cost": _cost_of(reads.cost_by_month(session, entry_id, _year_ago()), period),
        "standing": governance.standing(session, entry_id, now()),
        "cards": _cards(asked),
    }


def _used(state: reads.SloState) -> float:
    return state.budget_used or 0


def _cost_of(costs: Sequence[reads.MonthCost], period: Period) -> tuple[reads.MonthCost, reads.MonthCost | None] | None:
    """The cost of the month at hand, or of the newest before it, and that of the month before."""
    upto = [each for each in costs if each.month <= f"{period.last_day:%Y-%m}"]
    if not upto:
        return None
    return upto[0], next((each for each in upto[1:] if each.currency == upto[0].currency), None)


def _cards(asked: Asked) -> list[dict[str, Any]]:
    scope, period = Scope(ScopeKind.MODEL, asked.entry.slug), asked.filters.period
    return [
        {
            "reading": reading,
            "address": url_for("kpis.kpi", key=reading.key, period=period.label, scope=str(scope)),
            "sparkline": Markup(sparkline(reading)),  # noqa: S704  (our own drawing, texts escaped)
        }
        for reading in readings(asked.session, scope, period, keys=OF_A_MODEL, compare=asked.filters.compare)
    ]


def _timeline(asked: Asked) -> Timeline:
    end = now()
    happened = reads.happened(asked.session, asked.entry_id, end - TIMELINE, end, DRAWN)
    return timeline(happened, workspace().zone)


def _deployments(asked: Asked) -> dict[str, Any]:
    drawn = reads.happened(asked.session, asked.entry_id, now() - TIMELINE, now(), DRAWN)
    # The newest lie no earlier than the last few that are drawn; so the list need not sort all there ever were.
    since = drawn.releases[-RECENT].live_at if len(drawn.releases) >= RECENT else None
    mine = deployment_reads.Wanted(model=asked.entry.slug, start=since, end=FOREVER)
    return {
        "timeline": timeline(drawn, workspace().zone),
        "releases": deployment_reads.releases(asked.session, mine, limit=RECENT),
        "trainings": model_health.latest_trainings(asked.session, asked.entry_id, RECENT),
        "states": RUN_STATES,
    }


def _incidents(asked: Asked) -> dict[str, Any]:
    broken = incident_reads.Wanted(model=asked.entry.slug)
    return {
        "timeline": _timeline(asked),
        "incidents": incident_reads.incidents(asked.session, broken, limit=RECENT),
        "episodes": model_health.latest_episodes(asked.session, asked.entry_id, RECENT),
    }


def _cost(asked: Asked) -> dict[str, Any]:
    costs = reads.cost_by_month(asked.session, asked.entry_id, _year_ago())
    largest = max((each.billed for each in costs), default=0)
    return {"costs": costs, "largest": largest, "running": f"{_today():%Y-%m}"}


def _today() -> date:
    return now().astimezone(workspace().zone).date()


def _year_ago() -> date:
    return _today().replace(year=_today().year - 1, day=1)


def _governance(asked: Asked) -> dict[str, Any]:
    session, entry = asked.session, asked.entry
    found = governance.evidence(session, entry, workspace().zone)
    standing = governance.standing(session, asked.entry_id, now())
    return {
        "standing": standing,
        "evidence": {each.criterion.id: governance.shown(each.criterion.proof, found) for each in standing.verdicts},
        "proof_words": proof_words.words,
        "changes": changes(session, asked.entry_id),
        "edits": edits(session, asked.entry_id),
    }


def _dependencies(asked: Asked) -> dict[str, Any]:
    session, entry = asked.session, asked.entry
    aliases = reads.aliases(session, asked.entry_id)
    return {
        "aliases": aliases,
        "needed": dependencies.needed(session, entry),
        "dependents": dependencies.dependents(session, entry, aliases),
        "companions": dependencies.companions(session, entry),
    }


TABS: Mapping[str, Callable[[Asked], dict[str, Any]]] = {
    "health": _health,
    "deployments": _deployments,
    "incidents": _incidents,
    "cost": _cost,
    "governance": _governance,
    "dependencies": _dependencies,
}
"""What each tab shows, in their order."""
RUN_STATES = {
    RunStatus.SUCCEEDED: ("good", "●", "Succeeded"),
    RunStatus.FAILED: ("bad", "■", "Failed"),
    RunStatus.CANCELLED: ("none", "○", "Cancelled"),
    RunStatus.RUNNING: ("none", "○", "Running"),
}

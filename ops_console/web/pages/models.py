"""Is this model healthy, owned, affordable? The catalog, and one model with everything that happened to it."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, url_for
from markupsafe import Markup
from sqlmodel import Session

from ops_console.contracts.vocabulary import Lifecycle
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.columns import FOREVER
from ops_console.core.errors import NotFound
from ops_console.core.periods import Grain, latest_complete
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry
from ops_console.reporting.charts.sparkline import sparkline
from ops_console.scorecard.read import readings
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice, tiers, words_for
from ops_console.web.filters import Filters
from ops_console.web.filters import filters as asked_filters
from ops_console.web.reads import catalog
from ops_console.web.reads import deployments as deployment_reads
from ops_console.web.reads import incidents as incident_reads
from ops_console.web.reads import model as reads
from ops_console.web.reads.catalog import ModelRow, Wanted, gaps
from ops_console.web.reads.choices import choices
from ops_console.web.reads.listing import every
from ops_console.web.reads.model_statuses import model_statuses
from ops_console.web.reads.timeline import timeline
from ops_console.web.view import csv_response, page_of, render, sorting, workspace

pages = Pages("models", menu="Models", place=30)

TIMELINE = timedelta(days=183)
DRAWN = 80
"""Releases, and incidents, that one timeline can hold; a busier model gets a shorter one."""
RECENT = 5
GAPS = [(key, words.capitalize()) for key, (words, _) in catalog.GAPS.items()]
COLUMNS = (
    "slug",
    "name",
    "kind",
    "tier",
    "team",
    "owner",
    "on_call",
    "lifecycle",
    "live_version",
    "live_since",
    "last_incident_at",
    "slos",
    "missing",
)


@pages.get("/models", access=Access.VIEWER)
def models() -> str:
    order, period = sorting(catalog.COLUMNS, "name"), latest_complete(now(), Grain.MONTH, workspace().zone)
    with read() as session:
        filters, wanted = _asked(session)
        paging = page_of(catalog.total(session, wanted))
        rows = catalog.entries(session, wanted, order.order(catalog.COLUMNS), paging.size, paging.offset)
        strays = Wanted(provisional=True, search=wanted.search)
        return render(
            "models.html",
            filters=filters,
            rows=rows,
            paging=paging,
            sorting=order,
            statuses=model_statuses(session, [row.entry.slug for row in rows], period, now()),
            period=period,
            gaps=gaps,
            strays=catalog.entries(session, strays, limit=10),
            strays_total=catalog.total(session, strays),
            units=units,
        )


@pages.get("/models.csv", access=Access.VIEWER)
def download() -> Response:
    order = sorting(catalog.COLUMNS, "name").order(catalog.COLUMNS)
    with read() as session:
        _, wanted = _asked(session)
        rows = every(lambda limit, offset: catalog.entries(session, wanted, order, limit, offset))
        return csv_response("models", COLUMNS, map(_cells, rows))


@pages.get("/models/<slug>", access=Access.VIEWER)
def model(slug: str) -> str:
    filters = asked_filters()
    with read() as session:
        entry = reads.entry(session, slug)
        if entry is None:
            raise NotFound(f"There is no model {slug!r}.", remedy="Look for it among the models.")
        if entry.provisional:
            return _stray(session, entry)
        return render(
            "models_one.html",
            entry=entry,
            filters=filters,
            gaps=gaps(entry),
            cards=_cards(session, slug, filters),
            live=catalog.live_of(session, [entry.id or 0]).get(entry.id or 0),
            units=units,
            **_happened(session, entry),
            **_known(session, entry, filters.period.start, filters.period.end),
        )


def _cards(session: Session, slug: str, filters: Filters) -> list[dict[str, Any]]:
    scope = Scope(ScopeKind.MODEL, slug)
    return [
        {
            "reading": reading,
            "address": url_for("kpis.kpi", key=reading.key, period=filters.period.label, scope=str(scope)),
            "sparkline": Markup(sparkline(reading)),  # noqa: S704  (our own drawing, texts escaped)
        }
        for reading in readings(session, scope, filters.period, compare=filters.compare)
    ]


def _happened(session: Session, entry: CatalogEntry) -> dict[str, Any]:
    """The timeline's drawing, and the newest rows of both lists."""
    entry_id, end = entry.id or 0, now()
    start = reads.drawable_from(session, entry_id, end - TIMELINE, DRAWN)
    window = (session, entry_id, start, end)
    releases, incidents = reads.releases_between(*window), reads.incidents_between(*window)
    # The newest lie no earlier than the last few that are drawn; so the list need not sort all there ever were.
    since = releases[-RECENT].live_at if len(releases) >= RECENT else None
    mine = deployment_reads.Wanted(model=entry.slug, start=since, end=FOREVER)
    broken = incident_reads.Wanted(model=entry.slug)
    return {
        "timeline": timeline(releases, incidents, start, end, workspace().zone),
        "timeline_days": max(1, round((end - start) / timedelta(days=1))),
        "releases": deployment_reads.releases(session, mine, limit=RECENT),
        "incidents": incident_reads.incidents(session, broken, limit=RECENT),
    }


def _known(session: Session, entry: CatalogEntry, start: datetime, end: datetime) -> dict[str, Any]:
    """Objectives, cost, names and how the entry stood."""
    entry_id = entry.id or 0
    this_month = now().astimezone(workspace().zone).date().replace(day=1)
    year_ago = date(this_month.year - 1, this_month.month, 1)
    return {
        "slos": reads.slos(session, entry_id, start, end),
        "costs": reads.cost_by_month(session, entry_id, year_ago),
        "aliases": reads.aliases(session, entry_id),
        "history": reads.history(session, entry_id),
    }


def _stray(session: Session, entry: CatalogEntry) -> str:
    counts = reads.mentions(session, entry.id or 0)
    return render("models_stray.html", entry=entry, counts=counts, units=units)


def _asked(session: Session) -> tuple[FilterBar, Wanted]:
    offered = choices(session)
    filters = bar(
        choice("team", "Team", [(team, team) for team in offered.teams]),
        choice("tier", "Tier", tiers(offered.tiers)),
        choice("lifecycle", "Lifecycle", words_for(Lifecycle)),
        choice("kind", "Kind", words_for(offered.kinds)),
        choice("missing", "Missing", GAPS, every="Anything"),
        searches="Name or alias",
    )
    asked = {each.name: each.asked for each in filters.choices}
    wanted = Wanted(
        team=asked["team"],
        tier=int(asked["tier"]) if asked["tier"] else None,
        lifecycle=asked["lifecycle"],
        kind=asked["kind"],
        gap=asked["missing"],
        search=filters.search,
    )
    return filters, wanted


def _cells(row: ModelRow) -> list[Any]:
    entry, live = row.entry, row.live
    kept = [entry.slug, entry.name, entry.kind, entry.tier, entry.team, entry.owner, entry.on_call, entry.lifecycle]
    serves = [live.version, live.since] if live else [None, None]
    return [*kept, *serves, row.last_incident_at, row.slos, "; ".join(gaps(entry))]

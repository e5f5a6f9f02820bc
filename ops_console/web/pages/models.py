"""What do we run, who answers for it, and what is missing? The catalog, and what models in production lack."""

from typing import Any

from flask import Response, url_for
from sqlmodel import Session

from ops_console.contracts.vocabulary import Lifecycle
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.periods import Grain, latest_complete
from ops_console.ingest.mapping_names import unmapped
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice, tiers, words_for
from ops_console.web.reads import catalog
from ops_console.web.reads.catalog import ModelRow, Wanted
from ops_console.web.reads.choices import choices
from ops_console.web.reads.gaps import (
    GAPS,
    bottlenecks,
    by_gap,
    gaps_of,
    lacking,
    lacks,
    number_lacking,
    production_models,
)
from ops_console.web.reads.listing import every
from ops_console.web.reads.model_statuses import SHOWN, model_statuses
from ops_console.web.view import csv_response, page_of, render, sorting, workspace

pages = Pages("models", menu="Models", place=30)

STRAYS = 10
MISSING = [(key, gap.title) for key, gap in GAPS.items()]
ON_A_PAGE = 30
"""Each model with the verdicts of five KPIs."""
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
        paging = page_of(catalog.total(session, wanted), ON_A_PAGE)
        rows = catalog.entries(session, wanted, order.order(catalog.COLUMNS), paging.size, paging.offset)
        strays = catalog.total(session, Wanted(provisional=True, search=wanted.search))
        return render(
            "models.html",
            filters=filters,
            rows=rows,
            paging=paging,
            sorting=order,
            statuses=model_statuses(session, [row.entry.slug for row in rows], period, now()),
            address_of={key: url_for("kpis.kpi", key=key, period=period.label) for key in SHOWN},
            period=period,
            strays=unmapped(session, search=wanted.search, most=STRAYS) if strays else [],
            strays_total=strays,
            lacking=number_lacking(session, now(), workspace().zone),
            units=units,
        )


@pages.get("/models.csv", access=Access.VIEWER)
def download() -> Response:
    order = sorting(catalog.COLUMNS, "name").order(catalog.COLUMNS)
    with read() as session:
        _, wanted = _asked(session)
        rows = every(lambda limit, offset: _with_gaps(session, catalog.entries(session, wanted, order, limit, offset)))
        return csv_response("models", COLUMNS, (_cells(row, keys) for row, keys in rows))


@pages.get("/models/gaps", access=Access.VIEWER)
def gaps() -> str:
    with read() as session:
        found = lacking(session, now(), workspace().zone)
        return render(
            "models_gaps.html",
            gaps=GAPS,
            found=by_gap(found),
            lacking=len(found),
            production=production_models(session),
            bottlenecks=bottlenecks(session),
            units=units,
        )


def _with_gaps(session: Session, rows: list[ModelRow]) -> list[tuple[ModelRow, tuple[str, ...]]]:
    keys = gaps_of(session, [row.entry.id or 0 for row in rows], now(), workspace().zone)
    return [(row, keys[row.entry.id or 0]) for row in rows]


def _asked(session: Session) -> tuple[FilterBar, Wanted]:
    offered = choices(session)
    filters = bar(
        choice("team", "Team", [(team, team) for team in offered.teams]),
        choice("tier", "Tier", tiers(offered.tiers)),
        choice("lifecycle", "Lifecycle", words_for(Lifecycle)),
        choice("kind", "Kind", words_for(offered.kinds)),
        choice("missing", "Missing", MISSING, every="Anything"),
        searches="Name or alias",
    )
    asked = {each.name: each.asked for each in filters.choices}
    wanted = Wanted(
        team=asked["team"],
        tier=int(asked["tier"]) if asked["tier"] else None,
        lifecycle=asked["lifecycle"],
        kind=asked["kind"],
        gap=lacks(now(), workspace().zone)[asked["missing"]] if asked["missing"] else None,
        search=filters.search,
    )
    return filters, wanted


def _cells(row: ModelRow, lacks: tuple[str, ...]) -> list[Any]:
    entry, live = row.entry, row.live
    kept = [entry.slug, entry.name, entry.kind, entry.tier, entry.team, entry.owner, entry.on_call, entry.lifecycle]
    serves = [live.version, live.since] if live else [None, None]
    return [*kept, *serves, row.last_incident_at, row.slos, "; ".join(GAPS[key].words for key in lacks)]

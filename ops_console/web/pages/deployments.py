"""What shipped, and did it hurt? The list of releases, and one release with everything known of it."""

from typing import Any

from flask import Response
from sqlmodel import Session

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind
from ops_console.core import units
from ops_console.core.errors import NotFound
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice, tiers, words_for
from ops_console.web.reads import deployments as reads
from ops_console.web.reads.choices import choices
from ops_console.web.reads.deployments import ReleaseRow, Wanted
from ops_console.web.reads.listing import every
from ops_console.web.reads.release import release as read_release
from ops_console.web.view import csv_response, page_of, render, sorting
from ops_console.web.window import Window, window

pages = Pages("deployments", menu="Deployments", place=40)

COLUMNS = (
    "release_id",
    "model",
    "version",
    "environment",
    "kind",
    "kind_reason",
    "status",
    "ready_at",
    "live_at",
    "lead_seconds",
    "team",
    "tier",
    "not_counted_because",
    "failed",
    "incidents",
)


@pages.get("/deployments", access=Access.VIEWER)
def deployments() -> str:
    order = sorting(reads.COLUMNS, "-live_at")
    with read() as session:
        filters, period, wanted = _asked(session)
        tally = reads.tally(session, wanted)
        paging = page_of(tally.total)
        rows = reads.releases(session, wanted, order.order(reads.COLUMNS), paging.size, paging.offset)
        is_first_run = not rows and reads.newest(session) is None
    return render(
        "deployments.html",
        filters=filters,
        period=period,
        rows=rows,
        paging=paging,
        sorting=order,
        tally=tally,
        is_first_run=is_first_run,
        units=units,
    )


@pages.get("/deployments.csv", access=Access.VIEWER)
def download() -> Response:
    order = sorting(reads.COLUMNS, "-live_at").order(reads.COLUMNS)
    with read() as session:
        _, period, wanted = _asked(session)
        rows = every(lambda limit, offset: reads.releases(session, wanted, order, limit, offset))
        return csv_response(f"deployments_{period.file_part}", COLUMNS, map(_cells, rows))


@pages.get("/deployments/<int:release_id>", access=Access.VIEWER)
def release(release_id: int) -> str:
    with read() as session:
        found = read_release(session, release_id)
    if found is None:
        raise NotFound(f"There is no deployment {release_id}.", remedy="It may have been merged into another one.")
    return render("deployments_one.html", found=found, release=found.row.release, units=units)


def _asked(session: Session) -> tuple[FilterBar, Window, Wanted]:
    period = window(reads.newest(session))
    offered = choices(session)
    environments = [(name, name) for name in reads.environments(session)]
    filters = bar(
        choice("environment", "Environment", environments, usual=PRODUCTION),
        choice("kind", "Kind", words_for(DeploymentKind)),
        choice("team", "Team", [(team, team) for team in offered.teams]),
        choice("tier", "Tier", tiers(offered.tiers)),
        choice("outcome", "Outcome", [("failed", "Failed"), ("well", "Did not fail")]),
        searches="Model or version",
        period=period,
    )
    asked: dict[str, str | None] = {each.name: each.asked for each in filters.choices}
    return filters, period, _wanted(asked, period, filters)


def _wanted(asked: dict[str, str | None], period: Window, filters: FilterBar) -> Wanted:
    return Wanted(
        start=period.start,
        end=period.end,
        environment=asked["environment"],
        kind=asked["kind"],
        team=asked["team"],
        tier=int(asked["tier"]) if asked["tier"] else None,
        model=filters.model,
        failed={"failed": True, "well": False}.get(asked["outcome"] or ""),
        search=filters.search,
    )


def _cells(row: ReleaseRow) -> list[Any]:
    kept = row.release
    return [
        kept.id,
        row.slug,
        kept.version,
        kept.environment,
        kept.kind,
        kept.kind_reason,
        kept.status,
        kept.ready_at,
        kept.live_at,
        row.lead,
        row.team,
        row.tier,
        row.why_not_counted,
        row.failed,
        "; ".join(each.name for each in row.incidents),
    ]

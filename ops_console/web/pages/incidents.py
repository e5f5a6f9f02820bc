"""What broke, for how long, and which release caused it? The list, and one incident with what people said of it."""

from typing import Any

from flask import Response, request
from sqlmodel import Session

from ops_console.contracts.decisions import ResponseRole
from ops_console.contracts.vocabulary import IncidentKind, Mitigation, Severity
from ops_console.core import units
from ops_console.core.errors import NotFound
from ops_console.practices.promises import people
from ops_console.web import review_words
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filter_bar import FilterBar, bar, choice, tiers, words_for
from ops_console.web.reads import incidents as reads
from ops_console.web.reads.choices import choices
from ops_console.web.reads.incident import incident as read_incident
from ops_console.web.reads.incident_story import story
from ops_console.web.reads.incidents import IncidentRow, Wanted
from ops_console.web.reads.listing import every
from ops_console.web.told import local, told
from ops_console.web.view import csv_response, page_of, render, sorting
from ops_console.web.window import Window, window

pages = Pages("incidents", menu="Incidents", place=50)

DRILLS = "drills"
STATES = [("open", "Open"), ("restored", "Restored"), ("excluded", "Not counted"), (DRILLS, "Drills")]
LINKS = [("confirmed", "Confirmed release"), ("suggested", "Suspected release"), ("none", "No release")]
COLUMNS = (
    "source",
    "external_id",
    "title",
    "model",
    "team",
    "tier",
    "severity",
    "status",
    "kind",
    "mitigation",
    "began_at",
    "detected_at",
    "acknowledged_at",
    "mitigated_at",
    "restored_at",
    "reopenings",
    "restored_after_seconds",
    "not_counted_because",
    "release",
    "link_method",
    "link_confirmed",
)


@pages.get("/incidents", access=Access.VIEWER)
def incidents() -> str:
    order = sorting(reads.COLUMNS, "-began_at")
    with read() as session:
        filters, period, wanted = _asked(session)
        paging = page_of(reads.total(session, wanted))
        rows = reads.incidents(session, wanted, order.order(reads.COLUMNS), paging.size, paging.offset)
        uncounted = reads.uncounted(session, wanted)
        is_first_run = not rows and reads.newest(session) is None
    return render(
        "incidents.html",
        filters=filters,
        period=period,
        rows=rows,
        paging=paging,
        sorting=order,
        uncounted=uncounted,
        counted=paging.total - sum(uncounted.values()),
        is_first_run=is_first_run,
        shows_drills=wanted.drills,
        units=units,
    )


@pages.get("/incidents.csv", access=Access.VIEWER)
def download() -> Response:
    order = sorting(reads.COLUMNS, "-began_at").order(reads.COLUMNS)
    with read() as session:
        _, period, wanted = _asked(session)
        rows = every(lambda limit, offset: reads.incidents(session, wanted, order, limit, offset))
        return csv_response(f"incidents_{period.file_part}", COLUMNS, map(_cells, rows))


@pages.get("/incidents/<int:incident_id>", access=Access.VIEWER)
def incident(incident_id: int) -> str:
    return page_of_incident(incident_id)


def page_of_incident(incident_id: int, errors: tuple[tuple[str, str], ...] = ()) -> str:
    """The page, with what was wrong with a form that was sent from it."""
    with read() as session:
        found = read_incident(session, incident_id)
        around = story(session, found.row.incident) if found else None
        owners = people(session)
    if found is None:
        raise NotFound(f"There is no incident {incident_id}.", remedy="Its source may have deleted it.")
    return render(
        "incidents_one.html",
        found=found,
        around=around,
        row=found.row,
        incident=found.row.incident,
        severities=list(Severity),
        kinds=words_for(IncidentKind),
        mitigations=words_for(Mitigation),
        response_roles=words_for(ResponseRole),
        owners=owners,
        errors=errors,
        form=request.form,
        local=local,
        told=told,
        units=units,
        words_of=review_words,
    )


def _asked(session: Session) -> tuple[FilterBar, Window, Wanted]:
    period = window(reads.newest(session))
    offered = choices(session)
    filters = bar(
        choice("severity", "Severity", words_for(Severity)),
        choice("state", "State", STATES),
        choice("link", "Release", LINKS),
        choice("team", "Team", [(team, team) for team in offered.teams]),
        choice("tier", "Tier", tiers(offered.tiers)),
        searches="Title, id or model",
        period=period,
    )
    asked = {each.name: each.asked for each in filters.choices}
    wanted = Wanted(
        start=period.start,
        end=period.end,
        severity=asked["severity"],
        state=asked["state"],
        link=asked["link"],
        team=asked["team"],
        tier=int(asked["tier"]) if asked["tier"] else None,
        model=filters.model,
        search=filters.search,
        drills=asked["state"] == DRILLS,
    )
    return filters, period, wanted


def _cells(row: IncidentRow) -> list[Any]:
    broken = row.incident
    return [
        broken.source,
        broken.external_id,
        broken.title,
        row.slug,
        row.team,
        row.tier,
        broken.severity,
        broken.status,
        broken.kind,
        broken.mitigation,
        broken.began_at,
        broken.detected_at,
        broken.acknowledged_at,
        broken.mitigated_at,
        broken.restored_at,
        "; ".join(broken.reopenings),
        row.restored_after,
        row.excluded,
        row.release.version if row.release else None,
        row.link.method if row.link else None,
        row.link.confirmed if row.link else None,
    ]

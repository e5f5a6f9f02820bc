"""Figures for other systems: the scorecard, the history of one KPI, and the rows behind its number."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from ops_console.core.clock import iso, milliseconds
from ops_console.core.columns import instant
from ops_console.core.periods import Period, parse
from ops_console.ingest.freshness import freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import HistoryPoint, Reading, machine, machine_point
from ops_console.scorecard.read import begins, reading, readings, records
from ops_console.scorecard.record import Mark, machine_record
from ops_console.web.access import Access
from ops_console.web.api._api import Api
from ops_console.web.api._asked import Figures, Periods, Rows
from ops_console.web.api._bodies import History, Records, Scorecard, kpi
from ops_console.web.api._cursor import List, of_kpi
from ops_console.web.database import read
from ops_console.web.filters import Filters, filters
from ops_console.web.operation import Answer, Variable
from ops_console.web.view import workspace

pages = Api("api_kpis", "Figures", key=Variable("KPI", CATALOGUE))


@pages.get("/api/v1/kpis", access=Access.token("kpis:read"))
def kpis(asked: Figures) -> Answer[Scorecard]:
    """Every KPI with its reading

    The same figures as the page of KPIs and its CSV, in the order of the catalogue.
    """
    about = filters()
    with read() as session:
        found = readings(session, about.scope, about.period, window=asked.window, compare=about.compare, now=about.now)
    told = [kpi(each.definition, machine(each)) for each in found]
    return Answer({"period": about.period.label, "scope": str(about.scope), "kpis": told}, moving=_moving(*found))


def _moving(*found: Reading) -> tuple[datetime, ...]:
    """Where the windows of running periods end."""
    ends = [end for each in found if each.is_running for end in (each.window_end, each.previous_until)]
    return tuple(sorted({end for end in ends if end is not None}))


@pages.get("/api/v1/kpis/<key>/readings", access=Access.token("kpis:read"))
def kpi_readings(key: str, asked: Periods) -> Answer[History]:
    """The history of a KPI

    The history begins with the period that was asked for and goes back, a page at a time, to the first of which
    anything is known. A stretch of days that is no week, month or quarter has none.
    """
    about = filters()
    with read() as session:
        found = reading(
            session, key, about.scope, about.period, window=asked.window, compare=about.compare, now=about.now
        )
        listed = of_kpi("history", key, about)
        until = parse(listed.place(asked.cursor), workspace().zone) if asked.cursor else about.period
        points, following = _past(session, found, until, asked.limit, about)
    body: History = {
        "reading": machine(found),
        "history": [machine_point(point, found.definition.unit) for point in points],
        "next": listed.next(following),
    }
    return Answer(body, moving=_moving(found), next=body["next"])


def _past(
    session: Session, found: Reading, until: Period, limit: int, about: Filters
) -> tuple[Sequence[HistoryPoint], str | None]:
    """The periods of a page, the latest first, and the period that the next page begins with."""
    if until.grain is None:
        return (), None
    fresh = freshness(session, about.now)
    if until != found.period:
        found = reading(session, found.key, found.scope, until, now=about.now, fresh=fresh)
    first = begins(session, found.key, found.scope, until.grain, fresh)
    known = [point for point in reversed(found.history) if first is not None and point.period.end > first]
    shown = known[:limit]
    goes_on = bool(shown) and first is not None and first < shown[-1].period.start
    return shown, shown[-1].period.previous().label if goes_on else None


@pages.get("/api/v1/kpis/<key>/records", access=Access.token("kpis:read"))
def kpi_records(key: str, asked: Rows) -> Answer[Records]:
    """The rows behind a number

    The very rows that the page of the KPI and its CSV list, those left out too, with the reason.
    """
    about = filters()
    with read() as session:
        found = reading(session, key, about.scope, about.period, window=asked.window, now=about.now)
        listed = of_kpi(f"rows by {asked.window}", key, about)
        start, after = _place(listed, asked.cursor, found)
        page = records(session, key, found.scope, start, found.window_end, limit=asked.limit, after=after)
    body: Records = {
        "key": key,
        "period": about.period.label,
        "scope": str(about.scope),
        "unit": found.definition.unit,
        "window_start": iso(start),
        "window_end": iso(found.window_end),
        "total": page.total,
        "counted": page.counted,
        "excluded": page.excluded,
        "rows": [machine_record(row) for row in page.rows],
        "next": listed.next([milliseconds(start), *page.last] if page.last else None),
    }
    return Answer(body, moving=_moving(found), next=body["next"])


def _place(listed: List, cursor: str | None, found: Reading) -> tuple[datetime, Mark | None]:
    """Where the page begins. The window stays that of the first page: it may shrink when rows are added."""
    if cursor is None:
        return found.window_start, None
    start, *mark = listed.place(cursor)
    return instant(start), tuple(mark)

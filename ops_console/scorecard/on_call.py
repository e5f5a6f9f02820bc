"""On-call load where it is not told of a team: by person, and by the hour of the week."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from sqlalchemy import BigInteger, func, or_, select, type_coerce
from sqlmodel import Session

from ops_console.core.columns import instant
from ops_console.kpis import CATALOGUE
from ops_console.kpis.alert_quality import NOT_JUDGED
from ops_console.measures.duties import LONGEST
from ops_console.measures.figures import Span
from ops_console.measures.oncall import Carried, Load, OnCall
from ops_console.measures.scopes import WORKSPACE, Scope
from ops_console.scorecard.candidates import candidates, cells_of, reduced
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.placed import place

LOAD, QUALITY = "team_health", "alert_quality"
QUARTER = 900_000
"""Milliseconds; zones differ by whole ones."""
Hourly = dict[tuple[int, int], int]
"""How many by weekday (0 is Monday) and hour."""


def carried(session: Session, span: Span) -> tuple[list[Carried], int]:
    """By person, from the rows of the KPI, and how many pages name nobody."""
    aggregate = _of_a_stretch()
    setting = setting_of(session)
    load = reduced(session, aggregate, cells_of(session, [aggregate], [span])[0], setting)
    assert isinstance(load, Load)  # noqa: S101  (what that aggregate makes)
    return load.carried(span), load.unnamed(span)


def pages_by_hour(session: Session, scope: Scope, span: Span) -> Hourly:
    """Pages of the KPI, those that nobody judged too, by the hour of the week in the workspace's zone."""
    found = candidates(session, CATALOGUE[QUALITY].aggregate, [span])
    placed, within = place(session, found, scope)
    quarter = type_coerce(found.c.anchor, BigInteger) // QUARTER
    counted = or_(found.c.excluded.is_(None), found.c.excluded == NOT_JUDGED)
    rows = select(quarter, func.count()).select_from(found if scope == WORKSPACE else placed)
    zone = setting_of(session, people=()).zone
    hourly: Hourly = {}
    for begun, count in session.execute(rows.where(within, counted).group_by(quarter)):
        local = instant(begun * QUARTER).astimezone(zone)
        key = local.weekday(), local.hour
        hourly[key] = hourly.get(key, 0) + count
    return hourly


@cache
def _of_a_stretch() -> OnCall:
    """Statements are kept by the measure they were built for."""
    aggregate = CATALOGUE[LOAD].aggregate
    assert isinstance(aggregate, OnCall)  # noqa: S101  (as the KPI says)
    return replace(aggregate, reach=timedelta(milliseconds=LONGEST))

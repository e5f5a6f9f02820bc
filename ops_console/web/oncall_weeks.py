"""Pages week by week, by the hours of the day in which they found a person."""

from sqlmodel import Session

from ops_console.core import units
from ops_console.core.periods import Grain, Period, containing, sequence
from ops_console.measures.definition import Unit
from ops_console.measures.figures import Figure
from ops_console.measures.interruptions import Hours
from ops_console.measures.scopes import Scope
from ops_console.reporting.charts.days import Place
from ops_console.reporting.charts.spec import ChartSpec
from ops_console.reporting.charts.stacked import stacked
from ops_console.scorecard.on_call import LOAD
from ops_console.scorecard.points import load
from ops_console.scorecard.wanted import of_grain, of_scope
from ops_console.web.view import workspace

WEEKS = 13


def pages_by_week(session: Session, scope: Scope, period: Period) -> ChartSpec:
    """The weeks up to the one in which the period ends; a week that protects people is a gap."""
    last = containing(period.end - (period.end - period.start) / 1000, Grain.WEEK, workspace().zone)
    weeks = sequence(last, WEEKS)
    wanted = of_grain(Grain.WEEK, [LOAD], weeks[0].start, last.end) & of_scope(scope)
    told = {starts_at: point.figure for (_, _, _, starts_at), point in load(session, wanted).items()}
    figures = [told.get(week.start, Figure()) for week in weeks]
    parts = {str(kind): [_pages(figure, kind) for figure in figures] for kind in Hours}
    places = [Place(w.label, units.period_title(w.label), units.period_name(w.label)) for w in weeks]
    return stacked(
        f"{LOAD}_by_week",
        _finding([*parts[Hours.SLEEP]], weeks[-1]),
        f"Pages by week and hours of the person's own day, {'all teams' if not scope.key else scope.title}",
        places,
        parts,
        unit=Unit.COUNT,
        first="Week",
        empty="No pages of people on call in these weeks",
    )


def _pages(figure: Figure, kind: Hours) -> int | None:
    by_hours = figure.detail.get("by_hours")
    return None if by_hours is None else int(by_hours[kind])


def _finding(asleep: list[int | None], last: Period) -> str:
    """`9 pages in sleep hours in 13 weeks, 2 of them in Week 44, 2026`"""
    known = [count for count in asleep if count is not None]
    if not known:
        return "Pages by week"
    latest = "" if asleep[-1] is None else f", {units.count(asleep[-1])} of them in {units.period_title(last.label)}"
    return f"{units.counted(sum(known), 'pages')} in sleep hours in {len(known)} weeks{latest}"

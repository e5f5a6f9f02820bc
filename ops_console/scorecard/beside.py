"""What stands beside a figure and depends on the moment it is read: therefore never kept in a point."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_console.measures.attainment import attained
from ops_console.measures.definition import Unit
from ops_console.measures.figures import Figure
from ops_console.measures.pace import per_week
from ops_console.scorecard.compute import nothing
from ops_console.scorecard.judge import Case
from ops_console.scorecard.moving import Standing, stood
from ops_console.scorecard.moving_cases import as_it_is, so_far, still_young
from ops_console.scorecard.points import Point
from ops_console.scorecard.reached import with_reached
from ops_console.scorecard.silent import with_silent
from ops_console.scorecard.spending import spending
from ops_console.scorecard.waves import with_other_waves


def completed(session: Session, cases: Sequence[Case], *, details: bool) -> list[Case]:
    """Running periods compared with as much of the other one, and what else is known today; `details` adds what a
    split by scope has no room for. What cases of several scopes share is looked up and computed once.
    """
    cases = with_reached(session, cases)
    standing = _standing(session, cases, details=details)
    found = [_compared(_as_of_now(case, standing), standing) for case in cases]
    found = [_so_far(case) if case.is_running else case for case in found]
    found = with_other_waves(session, with_silent(session, found))
    return [_with_more(session, case, standing) for case in found] if details else found


def _standing(session: Session, cases: Sequence[Case], *, details: bool) -> Standing:
    aspects = (as_it_is, so_far, still_young) if details else (as_it_is, so_far)
    wanted = [*dict.fromkeys(moving for case in cases for aspect in aspects if (moving := aspect(case)))]
    return stood(session, wanted, {case.scope for case in cases}, cases[0].now) if wanted else {}


def _as_of_now(case: Case, standing: Standing) -> Case:
    moving = as_it_is(case)
    if moving is None:
        return case
    found = standing[moving].figures.get(case.scope)
    point = Point(found, case.span.days, case.definition.version) if found else None
    figure = found or nothing(case.definition, case.scope)
    *past, own = case.history
    own = replace(own, value=figure.value, k=figure.k, n=figure.n, spread=figure.spread)
    return replace(case, point=point, history=(*past, own))


def _compared(case: Case, standing: Standing) -> Case:
    as_much = so_far(case)
    if as_much is None or case.previous is None:
        return case
    found = standing[as_much]
    figure = found.figures.get(case.scope) or nothing(case.definition, case.scope)
    return replace(case, previous=figure, previous_until=found.span.end)


def _so_far(case: Case) -> Case:
    """Objectives and paces are told of the time that has passed, not of the whole period."""
    if case.point is None or not {"slos", "pace"} & case.point.figure.detail.keys():
        return case
    until = min(case.now, case.coverage.covers_until or case.now)
    passed = max(0, int((until - case.period.start).total_seconds()))
    figure, detail = case.point.figure, case.point.figure.detail
    if "slos" in detail:
        figure = attained(detail["slos"], passed, tier=detail["tier"])
    if pace := detail.get("pace"):
        figure = replace(figure, detail={**figure.detail, "pace": {**pace, "value": per_week(pace["n"], passed)}})
    return replace(case, point=replace(case.point, figure=figure))


def _with_more(session: Session, case: Case, standing: Standing) -> Case:
    more = dict(case.more)
    if young := still_young(case):
        more |= _maturing(case, standing[young].figures.get(case.scope))
    if case.figure.k is not None and case.definition.unit is Unit.MONEY and case.period.grain is not None:
        more |= spending(session, case)
    if last := case.figure.detail.get("last_at"):
        more["days_since_last"] = (case.now - datetime.fromisoformat(last)).days
    return replace(case, more=more)


def _maturing(case: Case, young: Figure | None) -> dict[str, Any]:
    undecided = _undecided(young) if young else 0
    return {"maturing": undecided, "matures_days": case.definition.matures_days} if undecided else {}


def _undecided(figure: Figure) -> int:
    """Cases that are no hits yet, those nobody judged so far among them."""
    cases = figure.n if figure.coverage_expected is None else figure.coverage_expected
    return int((cases or 0) - (figure.k or 0))

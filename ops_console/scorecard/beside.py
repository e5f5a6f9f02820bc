"""What stands beside a figure and depends on the moment it is read: therefore never kept in a point."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, select
from sqlmodel import Session, col

from ops_console.core.columns import exact_sum
from ops_console.core.periods import Grain, Period, containing
from ops_console.measures.attainment import attained
from ops_console.measures.definition import Unit
from ops_console.measures.figures import Figure, Span
from ops_console.measures.forecast import by_stream, forecast
from ops_console.measures.pace import per_week
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.scorecard import ScorecardPoint
from ops_console.records.slos import SliSlice, Slo
from ops_console.scorecard.compute import PERIOD, candidates, nothing
from ops_console.scorecard.judge import Case
from ops_console.scorecard.moving import Aspect, Moving, Standing, stood, stood_in_models
from ops_console.scorecard.points import Key, Point, beginning, load, of_grain, of_kind, of_scopes
from ops_console.scorecard.rows import place

MOST_MOVERS = 5
HISTORY = timedelta(days=130)
"""Three earlier months and four weeks before them, to tell how far off a forecast was."""


def completed(session: Session, cases: Sequence[Case], *, details: bool) -> list[Case]:
    """Running periods compared with as much of the other one, and what else is known today; `details` adds what a
    split by scope has no room for. What cases of several scopes share is looked up and computed once.
    """
    standing = _standing(session, cases, details=details)
    found = [_compared(_as_of_now(case, standing), standing) for case in cases]
    found = [_so_far(case) if case.is_running else case for case in found]
    found = _with_other_waves(session, _with_silent(session, found))
    return [_with_more(session, case, standing) for case in found] if details else found


def _standing(session: Session, cases: Sequence[Case], *, details: bool) -> Standing:
    asked = {aspect(case): case.now for case in cases for aspect in (_now, _as_much, *([_young] if details else []))}
    wanted = [moving for moving in asked if moving is not None]
    return stood(session, wanted, {case.scope for case in cases}, cases[0].now) if wanted else {}


def _now(case: Case) -> Moving | None:
    """How things stand now, in place of how they will stand at the end of a running period if nothing happens."""
    stands = case.is_running and (case.definition.snapshot or case.definition.so_far)
    return Moving(case.definition, Aspect.NOW, case.period) if stands else None


def _as_of_now(case: Case, standing: Standing) -> Case:
    moving = _now(case)
    if moving is None:
        return case
    found = standing[moving].figures.get(case.scope)
    point = Point(found, case.span, case.definition.version) if found else None
    figure = found or nothing(case.definition, case.scope)
    *past, own = case.history
    own = replace(own, value=figure.value, k=figure.k, n=figure.n, spread=figure.spread)
    return replace(case, point=point, history=(*past, own))


def _as_much(case: Case) -> Moving | None:
    """As much of the period compared with as has passed of a running one; a trailing window is as long at any time."""
    if case.previous_period is None or not case.is_running or case.span.days is not None:
        return None
    return Moving(case.definition, Aspect.SO_FAR, case.period, case.previous_period)


def _compared(case: Case, standing: Standing) -> Case:
    as_much = _as_much(case)
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
    if young := _young(case):
        more |= _maturing(case, standing[young].figures.get(case.scope))
    if case.figure.k is not None and case.definition.unit is Unit.MONEY and case.period.grain is not None:
        more |= _money(session, case)
    if last := case.figure.detail.get("last_at"):
        more["days_since_last"] = (case.now - datetime.fromisoformat(last)).days
    return replace(case, more=more)


Waves = tuple[str, timedelta, Period]
"""The waves of one KPI that lie so far back from the end of a period."""


def _with_other_waves(session: Session, cases: Sequence[Case]) -> list[Case]:
    """A survey is compared with its wave before, wherever that lies, or with that of a year ago: never with itself."""
    asked: defaultdict[Waves, set[Scope]] = defaultdict(set)
    for case in cases:
        if waves := _waves_of(case):
            asked[waves].add(case.scope)
    found = {waves: _wave_points(session, *waves, scopes) for waves, scopes in asked.items()}
    return [_with_other_wave(case, found[waves]) if (waves := _waves_of(case)) else case for case in cases]


def _waves_of(case: Case) -> Waves | None:
    if not case.definition.lasting or case.point is None or case.previous_period is None:
        return None
    return case.definition.key, timedelta(days=3 * (case.definition.window_days or 0)), case.previous_period


def _wave_points(session: Session, key: str, back: timedelta, until: Period, scopes: set[Scope]) -> Mapping[Key, Point]:
    wanted = of_grain(until.grain, [key], until.end - back, until.end) & of_scopes(scopes)
    return load(session, wanted & (col(ScorecardPoint.window) == PERIOD))


def _with_other_wave(case: Case, points: Mapping[Key, Point]) -> Case:
    waves = [
        (starts_at, point.figure)
        for (_, scope, _, starts_at), point in points.items()
        if scope == case.scope
        and point.figure.detail.get("wave") != case.figure.detail.get("wave")
        and point.figure.value is not None
    ]
    if not waves:
        return replace(case, previous=None)
    starts_at, figure = max(waves, key=lambda wave: wave[0])
    wave = containing(starts_at, case.period.grain or Grain.MONTH, ZoneInfo(case.period.zone))
    return replace(case, previous=figure, previous_period=wave, previous_until=wave.end)


# ---- releases that may still turn out to have failed


def _young(case: Case) -> Moving | None:
    aspect = Aspect.YOUNG if case.span.days is None else Aspect.YOUNG_OF_WINDOW
    return Moving(case.definition, aspect, case.period) if case.is_unripe else None


def _maturing(case: Case, young: Figure | None) -> dict[str, Any]:
    undecided = _undecided(young) if young else 0
    return {"maturing": undecided, "matures_days": case.definition.matures_days} if undecided else {}


def _undecided(figure: Figure) -> int:
    """Cases that are no hits yet, those nobody judged so far among them."""
    cases = figure.n if figure.coverage_expected is None else figure.coverage_expected
    return int((cases or 0) - (figure.k or 0))


# ---- money: what moved, and where a running month will end


def _money(session: Session, case: Case) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if case.scope == WORKSPACE and case.previous_period is not None:
        more["movers"] = _movers(session, case, case.previous_period)
    if case.is_running and case.period.grain is Grain.MONTH and (ahead := _forecast(session, case)):
        more["forecast"] = ahead
    return more


def _movers(session: Session, case: Case, before: Period) -> list[dict[str, str]]:
    """The models whose cost changed most since the period it is compared with."""
    wanted = beginning(case.period.grain, [case.definition.key], [before.start, case.period.start])
    columns = (col(ScorecardPoint.scope_key), col(ScorecardPoint.starts_at), col(ScorecardPoint.k))
    now: dict[str, Decimal] = {}
    then: dict[str, Decimal] = {}
    for slug, starts_at, amount in session.execute(select(*columns).where(wanted, of_kind(ScopeKind.MODEL))):
        (now if starts_at == case.period.start else then)[slug] = amount or Decimal(0)
    if as_much := _as_much(case):
        figures = stood_in_models(session, as_much, case.now).figures
        then = {scope.key: figure.k or Decimal(0) for scope, figure in figures.items()}
    changes = {slug: now.get(slug, Decimal(0)) - then.get(slug, Decimal(0)) for slug in now | then}
    return [
        {"subject": slug, "amount": format(now.get(slug, Decimal(0)), "f"), "change": format(changes[slug], "f")}
        for slug in sorted(changes, key=lambda slug: (-abs(changes[slug]), slug))[:MOST_MOVERS]
        if changes[slug]
    ]


def _forecast(session: Session, case: Case) -> dict[str, Any] | None:
    found = candidates(session, case.definition.aggregate, [Span(case.period.start - HISTORY, case.now)])
    placed, within = place(session, found, case.scope)
    keys = (found.c.purpose, found.c.category, found.c.day)
    daily = by_stream(
        session.execute(
            select(*keys, exact_sum(found.c.billed))
            .select_from(placed)
            .where(within, found.c.currency == case.figure.detail["currency"])
            .group_by(*keys)
        )
    )
    today = case.now.astimezone(ZoneInfo(case.period.zone)).date()
    ahead = forecast(daily, case.period.first_day, case.period.last_day, today)
    if ahead is None:
        return None
    budget = case.figure.n
    return {
        "amount": format(ahead.amount, "f"),
        "low": None if ahead.low is None else format(ahead.low, "f"),
        "high": None if ahead.high is None else format(ahead.high, "f"),
        "share": float(ahead.amount / budget) if budget else None,
        "complete_through": ahead.complete_through.isoformat(),
    }


# ---- objectives that fell silent


def _with_silent(session: Session, cases: Sequence[Case]) -> list[Case]:
    """Objectives that had slices before the period and have none in it: missing, and so part of what was expected."""
    spans = {case.span for case in cases if _has_objectives(case)}
    found = {span: session.execute(_silent_in(span)).all() for span in spans}
    return [_missing(case, found[case.span]) if _has_objectives(case) else case for case in cases]


def _has_objectives(case: Case) -> bool:
    return "slos" in case.figure.detail


def _silent_in(span: Span) -> Any:
    within = exists().where(
        col(SliSlice.slo_id) == col(Slo.id),
        col(SliSlice.started_at) >= span.start,
        col(SliSlice.started_at) < span.end,
    )
    before = exists().where(col(SliSlice.slo_id) == col(Slo.id), col(SliSlice.started_at) < span.start)
    as_it_was = and_(
        col(CatalogInterval.entry_id) == col(Slo.entry_id),
        col(CatalogInterval.valid_from) < span.end,
        col(CatalogInterval.valid_to) >= span.end,
    )
    return (
        select(col(Slo.name), col(CatalogEntry.slug), col(CatalogInterval.team), col(CatalogInterval.tier))
        .select_from(Slo)
        .join(CatalogEntry, col(CatalogEntry.id) == col(Slo.entry_id))
        .outerjoin(CatalogInterval, as_it_was)
        .where(col(Slo.deleted_at).is_(None), before, ~within)
        .order_by(col(Slo.name))
    )


def _missing(case: Case, rows: Sequence[Any]) -> Case:
    detail = case.figure.detail
    silent = [row.name for row in rows if _belongs(case.scope, row, detail["tier"])]
    if not silent or case.point is None:
        return case
    expected = (case.figure.coverage_expected or 0) + len(silent)
    figure = replace(case.figure, detail={**detail, "silent": silent}, coverage_expected=expected)
    return replace(case, point=replace(case.point, figure=figure))


def _belongs(scope: Scope, slo: Any, only_tier: int | None) -> bool:
    if only_tier is not None and slo.tier != only_tier:
        return False
    mine = {ScopeKind.TEAM: slo.team, ScopeKind.TIER: str(slo.tier), ScopeKind.MODEL: slo.slug}
    return scope == WORKSPACE or mine.get(scope.kind) == scope.key

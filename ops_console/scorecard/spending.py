"""Money: what moved, and where a running month will end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.periods import Grain, Period
from ops_console.measures.forecast import by_stream, forecast
from ops_console.measures.scopes import WORKSPACE, ScopeKind
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.charges import Charges
from ops_console.scorecard.judge import Case
from ops_console.scorecard.moving import stood_in_models
from ops_console.scorecard.moving_cases import so_far
from ops_console.scorecard.wanted import beginning, of_kind

MOST_MOVERS = 5
SPENT = select(col(ScorecardPoint.scope_key), col(ScorecardPoint.starts_at), col(ScorecardPoint.k))
HISTORY = timedelta(days=130)
"""Three earlier months and four weeks before them, to tell how far off a forecast was."""


def spending(session: Session, case: Case) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if case.scope == WORKSPACE and case.previous_period is not None and case.previous is not None:
        more["movers"] = _movers(session, case, case.previous_period)
    if case.is_running and case.period.grain is Grain.MONTH and (ahead := _forecast(session, case)):
        more["forecast"] = ahead
    return more


def _movers(session: Session, case: Case, before: Period) -> list[dict[str, str]]:
    """The models whose cost changed most since the period it is compared with."""
    wanted = beginning(case.period.grain, [case.definition.key], [before.start, case.period.start])
    now: dict[str, Decimal] = {}
    then: dict[str, Decimal] = {}
    for slug, starts_at, amount in session.connection().execute(SPENT.where(wanted, of_kind(ScopeKind.MODEL))):
        (now if starts_at == case.period.start else then)[slug] = amount or Decimal(0)
    if as_much := so_far(case):
        figures = stood_in_models(session, as_much, case.now).figures
        then = {scope.key: figure.k or Decimal(0) for scope, figure in figures.items()}
    changes = {slug: now.get(slug, Decimal(0)) - then.get(slug, Decimal(0)) for slug in now | then}
    return [
        {"subject": slug, "amount": format(now.get(slug, Decimal(0)), "f"), "change": format(changes[slug], "f")}
        for slug in sorted(changes, key=lambda slug: (-abs(changes[slug]), slug))[:MOST_MOVERS]
        if changes[slug]
    ]


def _forecast(session: Session, case: Case) -> dict[str, Any] | None:
    charges = Charges(session, case.scope, case.figure.detail["currency"])
    daily = by_stream(charges.sums(case.period.start - HISTORY, case.now, "purpose", "category", "day"))
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

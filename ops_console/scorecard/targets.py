"""Targets people set: from a date on, with a reason; and what a new one would change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ops_console.core.clock import now as the_time
from ops_console.core.errors import BadInput
from ops_console.core.periods import Grain, Period, latest_complete
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import Status
from ops_console.measures.scopes import Scope
from ops_console.records import audit, workspace
from ops_console.records.audit import Decision
from ops_console.records.targets import Target
from ops_console.scorecard.in_force import InForce, target_in_force
from ops_console.scorecard.read import judged_periods, targets

__all__ = ["Effect", "InForce", "effect_preview", "set_target", "target_in_force", "targets", "withdraw"]

SUBJECT = "target"
TOLD = ("kpi", "scope_kind", "scope_key", "from_at", "low", "high", "withdrawn")
PREVIEWED = 12


def set_target(
    session: Session, key: str, scope: Scope, bounds: Bounds, from_at: datetime, by: str, reason: str = ""
) -> Target:
    """From `from_at` on; earlier periods keep what they had."""
    _check(key, bounds)
    return _add(session, key, scope, from_at, by, reason, low=bounds.low, high=bounds.high)


def withdraw(session: Session, key: str, scope: Scope, from_at: datetime, by: str, reason: str = "") -> Target:
    """From `from_at` on this scope has no target for the KPI."""
    if key not in CATALOGUE:
        raise BadInput(f"{key!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    return _add(session, key, scope, from_at, by, reason, withdrawn=True)


def _add(
    session: Session,
    key: str,
    scope: Scope,
    from_at: datetime,
    by: str,
    reason: str,
    *,
    low: float | None = None,
    high: float | None = None,
    withdrawn: bool = False,
) -> Target:
    target = Target(
        kpi=key,
        scope_kind=scope.kind.value,
        scope_key=scope.key,
        from_at=from_at,
        low=low,
        high=high,
        withdrawn=withdrawn,
        set_by=by,
        set_at=the_time(),
        reason=reason,
    )
    before = _standing(session, target)
    session.add(target)
    session.flush()  # the page that follows reads it in the same transaction
    did = "target withdrawn" if withdrawn else "target set"
    after = audit.some(target, TOLD)
    audit.record(session, Decision(did, SUBJECT, audit.number(target), by, before, after, reason))
    return target


def _standing(session: Session, target: Target) -> dict[str, Any] | None:
    """The target that the scope had until this one begins."""
    same = (Target.kpi == target.kpi, Target.scope_kind == target.scope_kind, Target.scope_key == target.scope_key)
    begun = select(Target).where(*same, col(Target.from_at) <= target.from_at)
    newest = session.exec(begun.order_by(col(Target.from_at).desc(), col(Target.id).desc())).first()
    return audit.some(newest, TOLD) if newest else None


def _check(key: str, bounds: Bounds) -> None:
    if key not in CATALOGUE:
        raise BadInput(f"{key!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    if bounds.low is None and bounds.high is None:
        raise BadInput("A target needs a lower or an upper bound.", remedy="Give at least one number.")
    if bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
        raise BadInput("The lower bound lies above the upper bound.", remedy="Swap the two numbers.")


@dataclass(frozen=True, slots=True)
class Effect:
    """One complete period whose status a new target would change."""

    period: Period
    before: Status
    after: Status


def effect_preview(
    session: Session, key: str, scope: Scope, bounds: Bounds, from_at: datetime, *, grain: Grain = Grain.MONTH
) -> list[Effect]:
    """The periods (of the last twelve complete ones) that would change status; nothing is written."""
    _check(key, bounds)
    now = the_time()
    until = latest_complete(now, grain, workspace.current(session).zone)
    proposed = Target(
        kpi=key,
        scope_kind=scope.kind.value,
        scope_key=scope.key,
        from_at=from_at,
        low=bounds.low,
        high=bounds.high,
        set_by="preview",
        set_at=now,
    )
    before = judged_periods(session, key, scope, until, PREVIEWED, now=now)
    after = judged_periods(session, key, scope, until, PREVIEWED, now=now, proposed=proposed)
    return [
        Effect(old.period, old.status, new.status)
        for old, new in zip(before, after, strict=True)
        if old.status is not new.status
    ]

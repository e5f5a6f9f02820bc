"""Which target judges a period.

The most specific wins: a model's own, its team's, its tier's, the default of its tier, the workspace's, the default.
The past keeps the target it had: a period is judged by what was in force at its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ops_console.core.periods import Grain, Period
from ops_console.measures.definition import Bounds, Definition
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.targets import Target

MOMENT = timedelta(milliseconds=1)
PER_QUARTER = 3


@dataclass(frozen=True, slots=True)
class InForce:
    """A target and whose it is. `from_at` and `set_by` are empty for a default."""

    bounds: Bounds
    from_at: datetime | None = None
    set_by: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a scope stands in the order of targets: a model knows its team and tier."""

    scope: Scope
    team: str | None = None
    tier: int | None = None

    @property
    def widening(self) -> list[Scope]:
        """From the scope itself to the workspace."""
        found = [self.scope]
        if self.team and self.scope.kind is ScopeKind.MODEL:
            found.append(Scope(ScopeKind.TEAM, self.team))
        if self.tier is not None and self.scope.kind is ScopeKind.MODEL:
            found.append(Scope(ScopeKind.TIER, str(self.tier)))
        return found


def standing_of(scope: Scope) -> Standing:
    """The standing of a scope that is no model."""
    return Standing(scope, tier=int(scope.key) if scope.kind is ScopeKind.TIER and scope.key.isdigit() else None)


def target_in_force(
    definition: Definition, standing: Standing, period: Period, kept: Sequence[Target]
) -> InForce | None:
    """The target that judges a period; `kept` is what `targets` returned."""
    found = set_by_a_person(definition, standing, period.end - MOMENT, kept) if kept else None
    if found is not None:
        return judging(found, definition, period)
    if standing.tier is not None and standing.tier in definition.targets:
        return _scaled(InForce(definition.targets[standing.tier]), definition, period)
    default = definition.targets.get(None)
    if default is None or (definition.portfolio and standing.scope != WORKSPACE):
        return None
    return _scaled(InForce(default), definition, period)


def set_by_a_person(definition: Definition, standing: Standing, at: datetime, kept: Iterable[Target]) -> Target | None:
    """The row that decides at an instant, a withdrawal included; None where a default does."""
    mine = [target for target in kept if target.kpi == definition.key and target.from_at <= at]
    own_tier = standing.tier is not None and standing.tier in definition.targets
    widest = [] if own_tier or definition.portfolio else [WORKSPACE]
    found = (_newest(mine, scope) for scope in (*standing.widening, *widest))
    return next(filter(None, found), None)


def _newest(mine: Sequence[Target], scope: Scope) -> Target | None:
    """The newest for exactly this scope."""
    return next((each for each in mine if (each.scope_kind, each.scope_key) == (scope.kind.value, scope.key)), None)


def judging(target: Target, definition: Definition, period: Period) -> InForce | None:
    """A person's target as it judges a period; None where it says that there is none from then on."""
    if target.withdrawn:
        return None
    bounds = Bounds(target.low, target.high, is_strict(definition))
    return _scaled(InForce(bounds, target.from_at, target.set_by), definition, period)


def _scaled(found: InForce, definition: Definition, period: Period) -> InForce | None:
    """A target per month is three times as much for a quarter, and none for a shorter period."""
    if definition.per is None or period.grain is definition.per:
        return found
    if definition.per is not Grain.MONTH or period.grain is not Grain.QUARTER:
        return None
    low, high = (None if end is None else end * PER_QUARTER for end in (found.bounds.low, found.bounds.high))
    return replace(found, bounds=replace(found.bounds, low=low, high=high))


def is_strict(definition: Definition) -> bool:
    """A person's target is read as the default is: `<` 10% for a failure rate, `≤` 100% for cost."""
    return all(bounds.strict for bounds in definition.targets.values())

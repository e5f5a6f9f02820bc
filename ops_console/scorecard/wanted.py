"""Which points are wanted, as conditions that their indexes answer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col

from ops_console.core.periods import Grain
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.scorecard import ScorecardPoint

P = ScorecardPoint


def of_grain(grain: Grain | None, keys: Iterable[str], start: datetime, end: datetime) -> ColumnElement[bool]:
    """Points of some KPIs whose period begins in `[start, end)`."""
    return col(P.kpi).in_(list(keys)) & (col(P.grain) == grain) & (col(P.starts_at) >= start) & (col(P.starts_at) < end)


def beginning(grain: Grain | None, keys: Iterable[str], starts: Iterable[datetime]) -> ColumnElement[bool]:
    """Points of some KPIs whose period begins at one of these instants."""
    return col(P.kpi).in_(list(keys)) & (col(P.grain) == grain) & col(P.starts_at).in_(list(starts))


def of_scope(scope: Scope) -> ColumnElement[bool]:
    return (col(P.scope_kind) == scope.kind.value) & (col(P.scope_key) == scope.key)


def of_scopes(scopes: Iterable[Scope]) -> ColumnElement[bool]:
    """By kind: a list of keys is looked up in the index, a list of conditions is not."""
    keys: defaultdict[ScopeKind, list[str]] = defaultdict(list)
    for scope in scopes:
        keys[scope.kind].append(scope.key)
    return or_(false(), *(of_kind(kind) & col(P.scope_key).in_(sorted(mine)) for kind, mine in sorted(keys.items())))


def of_kind(kind: ScopeKind) -> ColumnElement[bool]:
    return col(P.scope_kind) == kind.value

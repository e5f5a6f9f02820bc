"""Candidates with how their entries stood."""

from sqlalchemy import (
    ColumnElement,
    FromClause,
    select,
    true,
)
from sqlmodel import Session, col

from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry
from ops_console.scorecard.candidates import standing


def place(session: Session, found: FromClause, scope: Scope) -> tuple[FromClause, ColumnElement[bool]]:
    """The candidates with how their entries stood, and the condition that keeps those of one scope."""
    entry, team, tier, placed = standing(found)
    if scope.kind is ScopeKind.MODEL:
        mine = session.scalar(select(col(CatalogEntry.id)).where(col(CatalogEntry.slug) == scope.key))
        return placed, entry == mine
    if scope.kind is ScopeKind.TEAM:
        return placed, team == scope.key
    if scope.kind is ScopeKind.TIER:
        return placed, tier == int(scope.key)
    return placed, true()

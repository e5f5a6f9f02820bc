"""Objectives that fell silent: missing, and so part of what was expected."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, select
from sqlmodel import Session, col

from ops_console.core.columns import Instant
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.slos import SliSlice, Slo
from ops_console.scorecard.judge import Case


def with_silent(session: Session, cases: Sequence[Case]) -> list[Case]:
    """Objectives that had slices before the period and have none in it: missing, and so part of what was expected."""
    spans = {case.span for case in cases if _has_objectives(case)}
    found = {span: session.execute(_silent(), {"start": span.start, "end": span.end}).all() for span in spans}
    return [_missing(case, found[case.span]) if _has_objectives(case) else case for case in cases]


def _has_objectives(case: Case) -> bool:
    return "slos" in case.figure.detail


@lru_cache(maxsize=1)
def _silent() -> Any:
    start, end = bindparam("start", type_=Instant()), bindparam("end", type_=Instant())
    within = exists().where(
        col(SliSlice.slo_id) == col(Slo.id),
        col(SliSlice.started_at) >= start,
        col(SliSlice.started_at) < end,
    )
    before = exists().where(col(SliSlice.slo_id) == col(Slo.id), col(SliSlice.started_at) < start)
    as_it_was = and_(
        col(CatalogInterval.entry_id) == col(Slo.entry_id),
        col(CatalogInterval.valid_from) < end,
        col(CatalogInterval.valid_to) >= end,
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

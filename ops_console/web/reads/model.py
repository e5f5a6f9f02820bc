"""One model: what happened to it, its objectives, its cost by month, and the names it goes by."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION, Flow
from ops_console.core.columns import exact_sum
from ops_console.records.catalog import Alias, CatalogEntry
from ops_console.records.costs import Cost
from ops_console.records.degradations import Degradation
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.pipelines import PipelineRun
from ops_console.records.slos import SliSlice, Slo
from ops_console.web.reads.timeline import Happened, Training


@dataclass(frozen=True, slots=True)
class SloState:
    """An objective and how much of its error budget the period used; counts are in micro-units."""

    slo: Slo
    good: int | None
    total: int | None

    @property
    def attained(self) -> float | None:
        return self.good / self.total if self.good is not None and self.total else None

    @property
    def met(self) -> bool | None:
        """Compared on whole numbers, because a budget used up exactly is still met."""
        if self.good is None or not self.total:
            return None
        return (self.total - self.good) * 1_000_000 <= self.total * (1_000_000 - self.slo.objective_ppm)

    @property
    def budget_used(self) -> float | None:
        if self.good is None or not self.total:
            return None
        return (self.total - self.good) * 1_000_000 / (self.total * (1_000_000 - self.slo.objective_ppm))


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What one month cost in one currency."""

    month: str
    billed: Decimal
    currency: str


def entry(session: Session, slug: str) -> CatalogEntry | None:
    """The entry with this slug."""
    return session.scalars(
        select(CatalogEntry).where(col(CatalogEntry.slug) == slug, col(CatalogEntry.deleted_at).is_(None))
    ).first()


def slos(session: Session, entry_id: int, start: datetime, end: datetime) -> list[SloState]:
    """The entry's objectives with what `[start, end)` brought."""
    sums = (
        select(
            col(SliSlice.slo_id),
            func.sum(col(SliSlice.good_micro)).label("good"),
            func.sum(col(SliSlice.total_micro)).label("total"),
        )
        .join(Slo, col(Slo.id) == col(SliSlice.slo_id))
        .where(col(Slo.entry_id) == entry_id, col(SliSlice.deleted_at).is_(None))
        .where(col(SliSlice.started_at) >= start, col(SliSlice.started_at) < end)
        .group_by(col(SliSlice.slo_id))
        .subquery()
    )
    found = session.execute(
        select(Slo, sums.c.good, sums.c.total)
        .outerjoin(sums, sums.c.slo_id == col(Slo.id))
        .where(col(Slo.entry_id) == entry_id, col(Slo.deleted_at).is_(None))
        .order_by(col(Slo.name))
    )
    return [
        SloState(slo, None if good is None else int(good), None if total is None else int(total))
        for slo, good, total in found
    ]


def cost_by_month(session: Session, entry_id: int, since: date) -> list[MonthCost]:
    """Billed cost per billing month, newest first; a month in two currencies is two lines."""
    month = func.substr(col(Cost.billing_period), 1, 7)
    found = session.execute(
        select(month, exact_sum(col(Cost.billed)), col(Cost.currency))
        .where(col(Cost.entry_id) == entry_id, col(Cost.charge_day) >= since)
        .group_by(month, col(Cost.currency))
        .order_by(month.desc(), col(Cost.currency))
    )
    return [MonthCost(*row) for row in found]


def aliases(session: Session, entry_id: int) -> list[Alias]:
    """The names sources know it by."""
    return list(session.scalars(select(Alias).where(col(Alias.entry_id) == entry_id).order_by(col(Alias.name))))


def happened(session: Session, entry_id: int, earliest: datetime, end: datetime, most: int) -> Happened:
    """What a drawing that ends at `end` shows: from `earliest` on, or later where there is more than `most` of one."""
    lists = (_released(entry_id), _broken(entry_id), _degraded(entry_id))
    crowded = [session.scalar(_crowd(each, earliest, end, most)) for each in lists]
    start = max(earliest, *(at for at in crowded if at is not None), earliest)
    found = (session.scalars(rows.where(at >= start, at < end).order_by(at)).all() for rows, at in lists)
    releases, incidents, degradations = found
    trained, ended = trainings(entry_id), col(PipelineRun.finished_at)
    rows = trained.with_only_columns(ended, col(PipelineRun.status)).where(ended >= start, ended < end)
    trained_at = [Training(*row) for row in session.execute(rows.order_by(ended))]
    return Happened(start, end, releases, incidents, degradations, trained_at)


Rows = tuple[Any, Any]
"""A select of records, and the column by which they stand in time."""


def _released(entry_id: int) -> Rows:
    here = col(Release.environment) == PRODUCTION
    return select(Release).where(col(Release.entry_id) == entry_id, here), col(Release.live_at)


def _broken(entry_id: int) -> Rows:
    kept = select(Incident).where(col(Incident.entry_id) == entry_id, col(Incident.deleted_at).is_(None))
    return kept.where(col(Incident.drill).is_(False)), col(Incident.began_at)


def _degraded(entry_id: int) -> Rows:
    return episodes(entry_id), col(Degradation.detected_at)


def _crowd(rows: Rows, earliest: datetime, end: datetime, most: int) -> Any:
    """The instant before which there would be more than `most`."""
    kept, at = rows
    return kept.with_only_columns(at).where(at >= earliest, at < end).order_by(at.desc()).offset(most - 1).limit(1)


def episodes(entry_id: int) -> Any:
    """Drift and other degradations: one row per episode, without those dismissed."""
    kept = select(Degradation).where(col(Degradation.entry_id) == entry_id, col(Degradation.deleted_at).is_(None))
    return kept.where(col(Degradation.dismissed).is_(False), col(Degradation.repeat_of).is_(None))


def trainings(entry_id: int) -> Any:
    """Runs of the training flow that ended."""
    kept = select(PipelineRun).where(col(PipelineRun.entry_id) == entry_id, col(PipelineRun.flow) == Flow.TRAIN)
    return kept.where(col(PipelineRun.deleted_at).is_(None), col(PipelineRun.finished_at).is_not(None))

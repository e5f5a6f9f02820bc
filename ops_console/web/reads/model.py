"""One model: what is live, what happened to it, its objectives, its cost by month, and who had it when."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.core.columns import exact_sum
from ops_console.records.catalog import Alias, CatalogEntry, CatalogInterval
from ops_console.records.costs import Cost
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.slos import SliSlice, Slo


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


def history(session: Session, entry_id: int) -> list[CatalogInterval]:
    """How the entry stood, newest first."""
    kept = select(CatalogInterval).where(col(CatalogInterval.entry_id) == entry_id)
    return list(session.scalars(kept.order_by(col(CatalogInterval.valid_from).desc())))


def drawable_from(session: Session, entry_id: int, earliest: datetime, most: int) -> datetime:
    """From when on at most `most` releases and as many incidents stand on a drawing that begins at `earliest`."""
    live = select(col(Release.live_at)).where(col(Release.entry_id) == entry_id, col(Release.environment) == PRODUCTION)
    live = live.where(col(Release.live_at) >= earliest).order_by(col(Release.live_at).desc())
    began = select(col(Incident.began_at)).where(col(Incident.entry_id) == entry_id, col(Incident.deleted_at).is_(None))
    began = began.where(col(Incident.began_at) >= earliest).order_by(col(Incident.began_at).desc())
    crowded = [session.scalar(each.offset(most - 1).limit(1)) for each in (live, began)]
    return max(earliest, *(at for at in crowded if at is not None), earliest)


def releases_between(session: Session, entry_id: int, start: datetime, end: datetime) -> list[Release]:
    """What went live in production, oldest first."""
    kept = select(Release).where(col(Release.entry_id) == entry_id, col(Release.environment) == PRODUCTION)
    return list(
        session.scalars(
            kept.where(col(Release.live_at) >= start, col(Release.live_at) < end).order_by(col(Release.live_at))
        )
    )


def incidents_between(session: Session, entry_id: int, start: datetime, end: datetime) -> list[Incident]:
    """What broke, oldest first."""
    kept = select(Incident).where(col(Incident.entry_id) == entry_id, col(Incident.deleted_at).is_(None))
    return list(
        session.scalars(
            kept.where(col(Incident.began_at) >= start, col(Incident.began_at) < end).order_by(col(Incident.began_at))
        )
    )


@dataclass(frozen=True, slots=True)
class Mentions:
    """How much is known of an entry nobody registered."""

    releases: int
    incidents: int


def mentions(session: Session, entry_id: int) -> Mentions:
    """Counted for the page of a provisional entry."""
    releases = select(func.count(col(Release.id))).where(col(Release.entry_id) == entry_id).scalar_subquery()
    incidents = select(func.count(col(Incident.id))).where(col(Incident.entry_id) == entry_id).scalar_subquery()
    found = session.execute(select(releases, incidents)).one()
    return Mentions(*found)

"""Releases of a period that somebody should watch."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import LinkMethod
from ops_console.core.periods import Period
from ops_console.kpis.model_deployments import new_in_production
from ops_console.records.catalog import CatalogEntry
from ops_console.records.criteria import ROLLBACK_DAYS
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.reporting.hazards import Risky, RiskyRelease

MOST_RELEASES = 10
TOP = 1


@dataclass(slots=True)
class _Found:
    """A release with the incidents it caused, and those that it may have."""

    row: Any
    caused: list[str] = field(default_factory=list)
    suspected: list[str] = field(default_factory=list)

    @property
    def order(self) -> tuple[bool, bool, datetime]:
        return not self.caused, not self.suspected, self.row.live_at

    @property
    def why(self) -> tuple[str, ...]:
        tested = self.row.rollback_tested_on
        untested = f"rollback last tested on {tested:%-d %b %Y}" if tested else "rollback never tested"
        said = (
            f"caused {', '.join(self.caused)}" if self.caused else "",
            f"may have caused {', '.join(self.suspected)}" if self.suspected else "",
            f"tier 1, {untested}" if self.row.is_untested else "",
        )
        return tuple(filter(None, said))


def risky(session: Session, period: Period, now: datetime) -> Risky:
    """Those that broke something or may have come first; then those of tier 1 whose way back was not tested lately."""
    live = (new_in_production(), col(Release.live_at) >= period.start, col(Release.live_at) < period.end)
    released = session.scalar(select(func.count()).select_from(Release).where(*live)) or 0
    found = sorted(_found(_rows(session, live, now, period)), key=lambda each: each.order)
    rows = tuple(
        RiskyRelease(each.row.slug, each.row.version, each.row.live_at, each.why) for each in found[:MOST_RELEASES]
    )
    return Risky(rows, len(found), released)


def _rows(session: Session, live: Iterable[Any], now: datetime, period: Period) -> Iterable[Any]:
    """One for each incident of a release, or one without."""
    since = (now - timedelta(days=ROLLBACK_DAYS)).astimezone(ZoneInfo(period.zone)).date()
    tested = col(CatalogEntry.rollback_tested_on)
    is_untested = and_(col(CatalogEntry.tier) == TOP, or_(tested.is_(None), tested < since))
    suspected = col(IncidentLink.method) == LinkMethod.SUGGESTION.value
    linked = and_(col(IncidentLink.release_id) == Release.id, or_(col(IncidentLink.confirmed), suspected))
    told = (col(Release.id), col(Release.version), col(Release.live_at), col(CatalogEntry.slug), tested)
    return session.execute(
        select(
            *told, func.coalesce(is_untested, False).label("is_untested"), Incident.external_id, IncidentLink.confirmed
        )  # type: ignore[call-overload]
        .join(CatalogEntry, col(CatalogEntry.id) == Release.entry_id)
        .outerjoin(IncidentLink, linked)
        .outerjoin(Incident, col(Incident.id) == IncidentLink.incident_id)
        .where(*live, or_(is_untested, col(IncidentLink.id).is_not(None)))
        .order_by(col(Release.live_at), col(Release.id), col(Incident.external_id))
    )


def _found(rows: Iterable[Any]) -> list[_Found]:
    found: dict[int, _Found] = {}
    for row in rows:
        mine = found.setdefault(row.id, _Found(row))
        if row.external_id is not None:
            (mine.caused if row.confirmed else mine.suspected).append(row.external_id)
    return list(found.values())

"""One release: the witnesses it was merged from, what it shipped, what it broke, what undid it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.records.catalog import CatalogEntry, CatalogInterval, stood
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.web.reads.deployments import COLUMNS_BESIDES, ReleaseRow, happened
from ops_console.web.reads.links import incidents_of


@dataclass(frozen=True, slots=True)
class ReleaseDetail:
    """One release, the witnesses it was merged from, what it shipped and what it broke."""

    row: ReleaseRow
    entry: CatalogEntry
    witnesses: list[Deployment]
    changes: list[Change]
    changes_total: int
    undoes: Release | None = None
    undone_by: list[Release] = field(default_factory=list)


def release(session: Session, release_id: int, changes_shown: int = 50) -> ReleaseDetail | None:
    """Everything the release page shows; `None` where there is no such release."""
    found: Any = session.execute(
        select(Release, *COLUMNS_BESIDES, CatalogEntry)
        .join(CatalogEntry, col(CatalogEntry.id) == Release.entry_id)
        .outerjoin(CatalogInterval, stood(Release.entry_id, happened()))
        .where(col(Release.id) == release_id)
    ).first()
    if found is None:
        return None
    *columns, entry = found
    kept = columns[0]
    incidents = tuple(incidents_of(session, [release_id]).get(release_id, ()))
    shipped = select(Change).where(col(Change.release_id) == release_id, col(Change.deleted_at).is_(None))
    return ReleaseDetail(
        row=ReleaseRow(*(*columns, incidents)),
        entry=entry,
        witnesses=list(_witnesses(session, release_id)),
        changes=list(
            session.scalars(shipped.order_by(col(Change.first_commit_at), col(Change.id)).limit(changes_shown))
        ),
        changes_total=session.scalar(select(func.count()).select_from(shipped.subquery())) or 0,
        undoes=session.get(Release, kept.rolls_back_id) if kept.rolls_back_id else None,
        undone_by=list(session.scalars(select(Release).where(col(Release.rolls_back_id) == release_id))),
    )


def _witnesses(session: Session, release_id: int) -> Sequence[Deployment]:
    return session.scalars(
        select(Deployment)
        .where(col(Deployment.release_id) == release_id)
        .order_by(func.coalesce(col(Deployment.finished_at), col(Deployment.started_at)), col(Deployment.id))
    ).all()

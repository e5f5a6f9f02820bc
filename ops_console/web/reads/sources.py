"""Sources: their runs, what they sent, and what came of it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.core.errors import NotFound
from ops_console.records.imports import Import
from ops_console.records.sources import InboxDelivery, Source, SyncRun

D = InboxDelivery
LISTED = (col(D.id), col(D.delivery_id), col(D.event), col(D.received_at), col(D.state), col(D.reason), col(D.facts))
"""Bodies stay where they are: they may be large."""


def runs(session: Session, source: Source, limit: int) -> list[SyncRun]:
    """The latest runs, the newest first."""
    mine = select(SyncRun).where(col(SyncRun.source_id) == source.id)
    return list(session.scalars(mine.order_by(col(SyncRun.began_at).desc(), col(SyncRun.id).desc()).limit(limit)))


def rows(session: Session) -> dict[str, int]:
    """How many facts each source brought; one that was told again counts once."""
    summed = select(col(Import.source), func.sum(col(Import.new))).group_by(col(Import.source))
    return {name: int(count or 0) for name, count in session.execute(summed)}


def heard(session: Session) -> dict[int, datetime]:
    """When each source delivered last, by its number."""
    newest = select(col(D.source_id), func.max(col(D.received_at))).group_by(col(D.source_id))
    return {row[0]: row[1] for row in session.execute(newest)}


def deliveries_kept(session: Session, source: Source) -> dict[str, int]:
    """How many deliveries are kept, by what became of them."""
    counted = select(col(D.state), func.count()).where(col(D.source_id) == source.id).group_by(col(D.state))
    return {row[0]: row[1] for row in session.execute(counted)}


def deliveries(session: Session, source: Source, limit: int, offset: int) -> list[InboxDelivery]:
    """One page of deliveries, the newest first, without their bodies."""
    mine = select(*LISTED).where(col(D.source_id) == source.id).order_by(col(D.received_at).desc(), col(D.id).desc())
    return [InboxDelivery(**row._mapping) for row in session.execute(mine.limit(limit).offset(offset))]


def delivery(session: Session, source: Source, number: int) -> InboxDelivery:
    found = session.get(InboxDelivery, number)
    if found is None or found.source_id != source.id:
        raise NotFound(f"There is no delivery {number}.", remedy="It may be too old: bodies are kept for some weeks.")
    return found

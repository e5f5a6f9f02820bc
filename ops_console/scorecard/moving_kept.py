"""Keeping the figures that move with the clock: each is made anew when facts touch it, and every few minutes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlmodel import Session, SQLModel, col

from ops_console.ingest.bulk import Stored
from ops_console.measures.figures import Figure
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.scorecard import MovingPoint
from ops_console.scorecard.moving import NAME, M, Moving, Name, Standing, Stood, of, of_scope
from ops_console.scorecard.points import measured
from ops_console.scorecard.replacing import replaced

KEPT_FOR = timedelta(minutes=10)
MOVING_POINTS = SQLModel.metadata.tables[str(MovingPoint.__tablename__)]


def old(session: Session, wanted: Sequence[Moving], now: datetime) -> list[Moving]:
    """Those that were not kept yet, or too long ago."""
    kept_at = _kept_at(session)
    return [each for each in wanted if not _is_fresh(kept_at.get(each.name), now)]


def forget(session: Session, wanted: Sequence[Moving]) -> None:
    """What nobody wants any longer."""
    there, stay = _kept_at(session).keys(), {each.name for each in wanted}
    if names := there - stay:
        everything = delete(M)
        session.connection().execute(everything.where(of(names)) if there & stay else everything)


def rows_of(stood: Standing, at: datetime) -> list[dict[str, Any]]:
    return [row for each, found in stood.items() for row in _rows(each, found, at)]


def replace_moving(session: Session, key: str, due: Collection[Moving], points: Stored) -> None:
    """Figures of one KPI that were made anew take the place of what stood there; those that came out the same stay."""
    if due:
        these = tuple_(col(M.aspect), col(M.grain), col(M.starts_at)).in_({each.name[2:] for each in due})
        standing = select(col(M.id), col(M.fingerprint)).where(col(M.kpi) == key, these)
        replaced(session, MOVING_POINTS, session.connection().execute(standing).all(), points)


def _kept_at(session: Session) -> Mapping[Name, datetime]:
    """By the workspace's figure, which every one has."""
    rows = session.execute(select(*map(col, (*NAME, M.at))).where(of_scope(WORKSPACE)))
    return {tuple(name): at for *name, at in rows}


def _is_fresh(kept_at: datetime | None, now: datetime) -> bool:
    return kept_at is not None and timedelta() <= now - kept_at < KEPT_FOR


def _rows(each: Moving, found: Stood, at: datetime) -> Iterator[dict[str, Any]]:
    """One for the workspace in any case: it says when, and that what is not there had nothing."""
    for scope, figure in {WORKSPACE: Figure(), **found.figures}.items():
        looked_at = at if scope == WORKSPACE else None
        yield {"aspect": each.aspect.value, "at": looked_at, **measured(each.definition, scope, each.place, figure)}

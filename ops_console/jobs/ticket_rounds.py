"""Which tickets are to be looked at, and by whom: one process at a time for each source."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from ops_console.contracts.parts import Parts
from ops_console.contracts.tracker import ACTIONS_IN, Tracker
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.ingest.sources import every
from ops_console.practices.tickets import LINKED, LINKING, OPENING
from ops_console.records.actions import Action
from ops_console.records.sources import InboxDelivery, Source
from ops_console.records.trackers import ActionLink, TrackerRound

LEASE = timedelta(minutes=10)
SWEEP, SWEPT = timedelta(days=1), 50
"""Each ticket is read once a day even if no search tells of it: labels get lost, and issues are moved."""
L = ActionLink


def boards(session: Session, parts: Parts) -> list[Source]:
    """Sources that take actions."""
    able = [each for each in every(session) if each.integration in parts.trackers and not each.paused]
    return [each for each in able if each.settings.get(ACTIONS_IN)]


@contextmanager
def claimed(engine: Engine, source: str) -> Iterator[TrackerRound | None]:
    """Where the last round stopped; nothing where somebody else is at it, or it must wait, or has nothing to keep."""
    with transaction(engine) as session:
        taken = _claim(session, source)
    try:
        yield taken
    finally:
        if taken is not None:
            with transaction(engine) as session:
                mine = update(TrackerRound).where(col(TrackerRound.id) == taken.id)
                session.execute(mine.values(claimed_until=None))


def _claim(session: Session, source: str) -> TrackerRound | None:
    if not session.scalar(select(func.count()).where(col(L.source) == source)):
        return None
    at, mine = now(), select(TrackerRound).where(col(TrackerRound.source) == source).with_for_update()
    row = session.scalars(mine).one_or_none() or _begun(session, source, at, mine)
    if row.due_at > at or (row.claimed_until is not None and row.claimed_until > at):
        return None
    row.claimed_until = at + LEASE
    session.add(row)
    session.flush()
    return row


def _begun(session: Session, source: str, at: datetime, mine: Select[TrackerRound]) -> TrackerRound:
    """The first round; of two processes that begin it, one waits for the other."""
    insert = insert_postgres if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    row = TrackerRound(source=source, due_at=at).model_dump(exclude={"id"})
    session.execute(insert(TrackerRound).values(row).on_conflict_do_nothing(index_elements=["source"]))
    return session.scalars(mine).one()


def waiting(session: Session, source: str) -> list[ActionLink]:
    """Tickets to be opened or found, and those whose action changed; then those not looked at for a day."""
    at = now()
    mine = (col(L.source) == source, or_(col(L.due_at).is_(None), col(L.due_at) <= at))
    joined = select(L).join(Action, col(Action.id) == col(L.action_id)).where(*mine).order_by(col(L.id))
    changed = (col(L.state) == LINKED) & (col(Action.revision) != col(L.action_revision))
    found = list(session.scalars(joined.where(or_(col(L.state).in_((OPENING, LINKING)), changed))))
    old = (col(L.state) == LINKED) & (col(L.seen_at) < at - SWEEP)
    return found + [each for each in session.scalars(joined.where(old).limit(SWEPT)) if each not in found]


def numbered(session: Session, source: str, numbers: set[str]) -> list[ActionLink]:
    """The linked ones among these tickets."""
    mine: list[ColumnElement[bool]] = [col(L.source) == source, col(L.state) == LINKED]
    return list(session.scalars(select(L).where(*mine, col(L.number).in_(numbers)).order_by(col(L.id))))


def hinted(session: Session, tracker: Tracker, source_id: int, after: int) -> tuple[set[str], int]:
    """Tickets that verified deliveries tell of, and up to where they were looked through."""
    told = select(InboxDelivery).where(col(InboxDelivery.source_id) == source_id, col(InboxDelivery.id) > after)
    rows = list(session.scalars(told.order_by(col(InboxDelivery.id)).limit(500)))
    found = {number for row in rows if (number := tracker.touched(row.event, row.body)) is not None}
    return found, max((row.id or 0 for row in rows), default=after)


def is_taken(session: Session, source: str, number: str) -> bool:
    """Whether another action has this ticket."""
    return bool(session.scalar(select(func.count()).where(col(L.source) == source, col(L.number) == number)))

"""The delivery ledger: one row per run × channel × recipient, so that nothing is sent twice and nothing is lost.

A row is claimed by compare-and-swap before the send and settled after it, each in its own transaction. A row whose
claimer died in between is unknown: it is never blindly repeated.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from ops_console.records.envelope import Keyed
from ops_console.records.reports import Delivery, OptOut, ReportRun

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""Pauses before the second to the fifth attempt."""
STUCK = timedelta(minutes=15)
"""After this time a claimer is taken for dead."""


class State(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one delivery, once."""

    row: int
    run: int
    channel: str
    recipient: str
    delivery_id: str
    attempt: int
    claimed_at: datetime


def run_label(run: ReportRun) -> str:
    """`r-2026-10-1`: how people and vendors name a run."""
    return f"r-{run.period}-{run.revision}"


def key_of(row: Keyed) -> int:
    """The number of a row that has been stored."""
    if row.id is None:
        raise ValueError(f"{type(row).__name__} has not been stored")
    return row.id


def delivery_id(run: ReportRun, row: Delivery) -> str:
    return f"{run_label(run)}.{row.token}"


def plan(session: Session, run: ReportRun, recipients: Mapping[str, Iterable[str]]) -> None:
    """A pending row for every recipient who has none and asked for nothing else."""
    rows = session.exec(select(Delivery.channel, Delivery.recipient).where(Delivery.run_id == run.id))
    stopped = session.exec(select(OptOut.channel, OptOut.recipient))
    skipped = {*rows, *stopped}
    for channel, names in recipients.items():
        for name in names:
            if (channel, name) not in skipped:
                skipped.add((channel, name))
                session.add(_pending(run, channel, name))
    session.flush()


def _pending(run: ReportRun, channel: str, recipient: str) -> Delivery:
    token = secrets.token_hex(12)
    return Delivery(run_id=key_of(run), channel=channel, recipient=recipient, state=State.PENDING, token=token)


def due(session: Session, now: datetime, run_id: int | None = None) -> list[int]:
    """Rows to send now, oldest first."""
    query = select(Delivery.id).where(Delivery.state == State.PENDING, _is_due(now)).order_by(col(Delivery.id))
    if run_id is not None:
        query = query.where(Delivery.run_id == run_id)
    return [row for row in session.exec(query) if row is not None]


def claim(session: Session, row_id: int, now: datetime) -> Claim | None:
    """Take one due row; None if somebody else was faster. The caller commits before it sends."""
    taken = session.execute(
        update(Delivery)
        .where(col(Delivery.id) == row_id, col(Delivery.state) == State.PENDING, _is_due(now))
        .values(state=State.SENDING, claimed_at=now, attempts=col(Delivery.attempts) + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an update yields a cursor result
        return None
    row = session.get_one(Delivery, row_id, populate_existing=True)
    run = session.get_one(ReportRun, row.run_id)
    return Claim(row_id, row.run_id, row.channel, row.recipient, delivery_id(run, row), row.attempts, now)


def delivered(session: Session, claimed: Claim, now: datetime, receipt: str, note: str = "") -> None:
    _settle(session, claimed, state=State.DELIVERED, settled_at=now, receipt=receipt, error=note or None)


def postponed(session: Session, claimed: Claim, now: datetime, reason: str, retry_after: float | None) -> None:
    """Try again later, or give up after the last attempt."""
    if claimed.attempt > len(BACKOFF):
        return failed(session, claimed, now, reason)
    pause = max(BACKOFF[claimed.attempt - 1], timedelta(seconds=retry_after or 0))
    return _settle(session, claimed, state=State.PENDING, next_attempt_at=now + pause, error=reason)


def failed(session: Session, claimed: Claim, now: datetime, reason: str) -> None:
    """A person must act."""
    _settle(session, claimed, state=State.FAILED, settled_at=now, error=reason)


def unclear(session: Session, claimed: Claim, now: datetime, reason: str) -> None:
    """Ask the vendor in a minute, when its history has caught up."""
    _settle(session, claimed, state=State.UNKNOWN, next_attempt_at=now + BACKOFF[0], error=reason)


def release_stuck(session: Session, now: datetime) -> int:
    """Rows whose claimer died between claim and settlement become unknown."""
    released = session.execute(
        update(Delivery)
        .where(col(Delivery.state) == State.SENDING, col(Delivery.claimed_at) <= now - STUCK)
        .values(state=State.UNKNOWN, next_attempt_at=now, error="The console stopped while it was sending.")
    )
    return int(released.rowcount)  # type: ignore[attr-defined]


def unknown(session: Session, now: datetime) -> list[Delivery]:
    """Rows whose fate the vendor may know."""
    return list(
        session.exec(
            select(Delivery).where(Delivery.state == State.UNKNOWN, col(Delivery.settled_at).is_(None), _is_due(now))
        )
    )


def resolve(session: Session, row: Delivery, changes: Mapping[str, object]) -> None:
    """Write what the vendor said about an unknown row, unless somebody settled it meanwhile."""
    session.execute(
        update(Delivery)
        .where(col(Delivery.id) == row.id, col(Delivery.state) == State.UNKNOWN, col(Delivery.settled_at).is_(None))
        .values(**changes)
    )


def reopen(session: Session, run: ReportRun, now: datetime) -> None:
    """A person asks again: failed rows and rows that wait for their next attempt are due now."""
    session.execute(
        update(Delivery)
        .where(col(Delivery.run_id) == run.id, col(Delivery.state).in_([State.FAILED, State.PENDING]))
        .values(state=State.PENDING, next_attempt_at=now, attempts=0, settled_at=None, told_at=None)
    )


def rows(session: Session, run: ReportRun) -> list[Delivery]:
    """Every delivery of a run, in the order it was planned."""
    return list(session.exec(select(Delivery).where(Delivery.run_id == run.id).order_by(col(Delivery.id))))


def run_state(deliveries: Iterable[Delivery]) -> str:
    """What the rows together say about their run."""
    rows = list(deliveries)
    if not rows:
        return "skipped"
    if any(_is_open(row) for row in rows):
        return "sending"
    arrived = sum(row.state == State.DELIVERED for row in rows)
    return "sent" if arrived == len(rows) else "partly_sent" if arrived else "failed"


def _is_open(row: Delivery) -> bool:
    """Still to be sent, or to be asked about."""
    return row.state in {State.PENDING, State.SENDING} or (row.state == State.UNKNOWN and row.settled_at is None)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(col(Delivery.next_attempt_at).is_(None), col(Delivery.next_attempt_at) <= now)


def _settle(session: Session, claimed: Claim, **values: object) -> None:
    # Whoever took over a dead claim has another claimed_at; the dead one's late word no longer counts.
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.id) == claimed.row,
            col(Delivery.claimed_at) == claimed.claimed_at,
            col(Delivery.state).in_([State.SENDING, State.UNKNOWN]),
        )
        .values(**values)
    )

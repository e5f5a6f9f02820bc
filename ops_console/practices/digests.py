"""The ledger of reminders: one message per person and day, claimed before it is sent and settled after it.

Whoever inserts the row of a person's day makes the message; what it tells is written down in the same transaction. A
row whose sender died between claim and settlement is unknown: it is looked for, and never blindly repeated.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from ops_console.practices.owed import Owed, People, owed
from ops_console.records.reminders import Digest, Reminder

PENDING, SENDING, DELIVERED, FAILED, UNKNOWN = "pending", "sending", "delivered", "failed", "unknown"
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120))
STUCK = timedelta(minutes=15)

Reach = Callable[[str], tuple[str, str] | None]
"""The channel that reaches a person, and what it calls the person; None where none does."""


def plan(session: Session, at: datetime, reach: Reach) -> list[int]:
    """A pending message for everyone who must hear of something today and has heard of nothing yet."""
    people, planned = People(session), []
    _carry_over(session, at, people)
    for (recipient, day), occasions in sorted(owed(session, at, people).items()):
        reached = reach(recipient)
        number = _inserted(session, recipient, day, *reached, at) if reached else None
        if number is not None:
            session.add_all(_reminder(each, number) for each in occasions)
            planned.append(number)
    session.flush()
    return planned


def due(session: Session, at: datetime) -> list[int]:
    """Messages of today to send now, the oldest first, to those for whom it is day."""
    wanted = select(Digest).where(col(Digest.state) == PENDING, _is_due(at)).order_by(col(Digest.id))
    waiting = session.scalars(wanted).all()
    if not waiting:
        return []
    people = People(session)
    return [
        digest.id or 0
        for digest in waiting
        if people.is_awake(digest.recipient, at) and digest.day == people.local(digest.recipient, at).date()
    ]


def claim(session: Session, number: int, at: datetime) -> Digest | None:
    """Take one due message; None if somebody else was faster. The caller commits before it sends."""
    taken = session.execute(
        update(Digest)
        .where(col(Digest.id) == number, col(Digest.state) == PENDING, _is_due(at))
        .values(state=SENDING, claimed_at=at, attempts=col(Digest.attempts) + 1)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # an update yields a cursor result
        return None
    return session.get_one(Digest, number, populate_existing=True)


def settle(session: Session, claimed: Digest, **values: Any) -> None:
    """Write how it went, unless somebody took the message over meanwhile."""
    session.execute(
        update(Digest)
        .where(col(Digest.id) == claimed.id, col(Digest.claimed_at) == claimed.claimed_at)
        .where(col(Digest.state).in_((SENDING, UNKNOWN)))
        .values(**values)
    )


def later(claimed: Digest, at: datetime, reason: str, after: float | None) -> dict[str, Any]:
    """Another attempt after a pause, or none after the last."""
    if claimed.attempts > len(PAUSES):
        return {"state": FAILED, "settled_at": at, "error": reason}
    pause = max(PAUSES[claimed.attempts - 1], timedelta(seconds=after or 0))
    return {"state": PENDING, "next_attempt_at": at + pause, "error": reason}


def lost(session: Session, at: datetime) -> list[Digest]:
    """Messages whose fate nobody has settled; those of a sender that died are among them from now on."""
    session.execute(
        update(Digest)
        .where(col(Digest.state) == SENDING, col(Digest.claimed_at) <= at - STUCK)
        .values(state=UNKNOWN, next_attempt_at=at, error="The console stopped while it was sending.")
    )
    wanted = select(Digest).where(col(Digest.state) == UNKNOWN, col(Digest.settled_at).is_(None), _is_due(at))
    return list(session.scalars(wanted))


def told_by(session: Session, number: int) -> Sequence[Reminder]:
    """What a message tells, in the order in which it was derived."""
    return session.scalars(
        select(Reminder).where(col(Reminder.digest_id) == number).order_by(col(Reminder.day), col(Reminder.id))
    ).all()


def _carry_over(session: Session, at: datetime, people: People) -> None:
    """A message that did not get out on its day is the one of today, so that nobody gets two."""
    for digest in list(session.scalars(select(Digest).where(col(Digest.state) == PENDING))):
        today = people.local(digest.recipient, at).date()
        taken = exists().where(col(Digest.recipient) == digest.recipient, col(Digest.day) == today)
        if digest.day < today and not session.scalar(select(taken)):
            digest.day = today
            session.add(digest)
            session.flush()


def _inserted(session: Session, recipient: str, day: date, channel: str, address: str, at: datetime) -> int | None:
    insert = insert_postgres if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    row = {"recipient": recipient, "day": day, "channel": channel, "address": address, "state": PENDING}
    row |= {"made_at": at, "attempts": 0, "token": secrets.token_hex(12)}
    unless_there = insert(Digest).values(row).on_conflict_do_nothing(index_elements=["recipient", "day"])
    return session.execute(unless_there.returning(col(Digest.id))).scalar()


def _reminder(each: Owed, number: int) -> Reminder:
    return Reminder(
        subject=each.subject,
        number=each.number,
        mark=each.occasion.mark,
        recipient=each.recipient,
        day=each.occasion.day,
        digest_id=number,
    )


def _is_due(at: datetime) -> Any:
    return or_(col(Digest.next_attempt_at).is_(None), col(Digest.next_attempt_at) <= at)

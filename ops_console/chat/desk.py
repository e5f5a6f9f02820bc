"""Calls wait in a table until they are answered: a repetition is known, and a crash loses none and does none twice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from ops_console.contracts.commands import Call, Line, What
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.records.chat import ChatCall

WAITING, TAKEN, ANSWERED, FAILED = "waiting", "taken", "answered", "failed"
STUCK = timedelta(minutes=2)
"""Whoever took a call and has not answered it by then has died."""
C = ChatCall


@dataclass(frozen=True, slots=True)
class Taken:
    """A call that is ours to answer; `outcome` where it was done already and only has to be told."""

    number: int
    integration: str
    call: Call
    received_at: datetime
    outcome: Sequence[Line] | None


def keep(session: Session, integration: str, call: Call, at: datetime) -> bool:
    """Keep a call as it came; whether it is new."""
    insert = insert_postgres if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    row: dict[str, Any] = {"integration": integration, "call_id": call.call_id[:100], "what": call.what.value}
    row |= {"received_at": at, "asked": asdict(call), "state": WAITING}
    unless_there = insert(C).values(row).on_conflict_do_nothing(index_elements=["integration", "call_id"])
    return session.execute(unless_there.returning(col(C.id))).first() is not None


def take(engine: Engine) -> Taken | None:
    """The oldest call that nobody is answering."""
    moment = now()
    with transaction(engine) as session:
        died = (col(C.state) == TAKEN) & (col(C.taken_at) <= moment - STUCK)
        free = or_(col(C.state) == WAITING, died)
        wanted = select(C).where(free).order_by(col(C.id)).limit(1).with_for_update(skip_locked=True)
        row = session.scalars(wanted).first()
        if row is None or row.id is None or row.asked is None:
            return None
        row.state, row.taken_at = TAKEN, moment
        session.add(row)
        outcome = None if row.outcome is None else [Line(*each) for each in row.outcome]
        return Taken(row.id, row.integration, _call(row.asked), row.received_at, outcome)


def done(session: Session, number: int, lines: Sequence[Line]) -> Sequence[Line]:
    """Write down what is to be said, in the transaction of what was done."""
    said = [[line.text, line.link] for line in lines]
    session.execute(update(C).where(col(C.id) == number).values(outcome=said))
    return lines


def end(engine: Engine, number: int, state: str, reason: str | None = None) -> None:
    """It is over: what was asked is forgotten, for it holds addresses that anybody could answer to."""
    values = {"state": state, "reason": reason, "ended_at": now(), "asked": None, "outcome": None}
    with transaction(engine) as session:
        session.execute(update(C).where(col(C.id) == number).values(**values))


def tidy(session: Session, before: datetime) -> None:
    """Forget calls that nobody repeats any more."""
    session.execute(delete(C).where(col(C.received_at) < before))


def _call(asked: Mapping[str, Any]) -> Call:
    return Call(**{**asked, "what": What(asked["what"])})

"""Decisions that were asked: those that wait, the most urgent first, then what became of the others."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import AskState
from ops_console.records.decisions import AskedDecision

A = AskedDecision
WAITS = col(A.state) == AskState.ASKED.value


def waiting(session: Session) -> Sequence[AskedDecision]:
    return session.scalars(select(A).where(WAITS).order_by(col(A.due_on), col(A.id))).all()


def closed_total(session: Session) -> int:
    return session.scalar(select(func.count(col(A.id))).where(~WAITS)) or 0


def closed(session: Session, limit: int, offset: int) -> Sequence[AskedDecision]:
    """The newest answers first."""
    order = (col(A.closed_at).desc(), col(A.id).desc())
    return session.scalars(select(A).where(~WAITS).order_by(*order).limit(limit).offset(offset)).all()


def overdue(session: Session, today: date) -> tuple[int, date | None]:
    """How many wait longer than they were meant to, and the day of the oldest."""
    late = (WAITS, col(A.due_on) < today)
    count, oldest = session.execute(select(func.count(), func.min(col(A.due_on))).where(*late)).one()
    return count, oldest

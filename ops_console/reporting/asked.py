"""Decisions that a report asks for, and those that came since its period began."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import AskState
from ops_console.core.periods import Period
from ops_console.practices.promises import people
from ops_console.records.decisions import AskedDecision
from ops_console.reporting.efforts import Asked, AskedRow, DecidedRow

MOST = 8
A = AskedDecision


def asked(session: Session, period: Period, now: datetime) -> Asked:
    """As they stood when the report was made; of one made long after, as they stood when it would have been: before the
    period after it ended.
    """
    at = min(now, period.shifted(1).end)
    were_asked = col(A.made_at) < at
    if not session.scalar(select(exists().where(were_asked))):
        return Asked()
    names, today = people(session), at.astimezone(ZoneInfo(period.zone)).date()
    waited = (were_asked, or_(col(A.closed_at).is_(None), col(A.closed_at) >= at))
    decided = (were_asked, col(A.state) == AskState.DECIDED.value, _within(period.start, at))
    rows = session.scalars(select(A).where(*waited).order_by(col(A.due_on), col(A.id)).limit(MOST))
    answers = select(A).where(*decided).order_by(col(A.closed_at), col(A.id)).limit(MOST)
    return Asked(
        rows=tuple(
            AskedRow(row.question, row.why, names.get(row.owner, row.owner), row.due_on, (today - row.due_on).days)
            for row in rows
        ),
        total=_count(session, waited),
        decided=tuple(
            DecidedRow(row.question, row.answer, names.get(row.owner, row.owner), row.closed_at)
            for row in session.scalars(answers)
            if row.closed_at is not None
        ),
        answers=_count(session, decided),
        began=True,
    )


def _within(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(col(A.closed_at) >= start, col(A.closed_at) < end)


def _count(session: Session, wanted: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(A).where(*wanted)) or 0

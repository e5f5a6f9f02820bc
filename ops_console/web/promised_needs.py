"""What waits for a person of what was decided: reviews to write or approve, actions overdue. One statement."""

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select, true
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED, ReviewState
from ops_console.contracts.document import Line, Tone
from ops_console.core import units
from ops_console.records.actions import Action
from ops_console.records.reviews import IncidentReview
from ops_console.web.reads.reviews import UNWRITTEN
from ops_console.web.view import workspace

R = IncidentReview


def promised_needs(session: Session, now: datetime) -> list[Line]:
    """The late first."""
    today = now.astimezone(workspace().zone).date()
    row = session.execute(_counted(), {"now": now, "today": today}).one()
    return [*_overdue(row[3], row[4], today), *_to_write(row[0], row[1]), *_to_approve(row[2])]


@cache
def _counted() -> Select[Any]:
    unwritten = col(R.state).in_(UNWRITTEN) & col(R.held_at).is_(None)
    late = case((unwritten & (col(R.late_at) < bindparam("now")), 1))
    to_write, to_approve = case((unwritten, 1)), case((col(R.state) == ReviewState.IN_REVIEW, 1))
    overdue = (col(Action.state).in_(PROMISED), col(Action.due_on) < bindparam("today"))
    counts = select(func.count(late), func.count(to_write), func.count(to_approve)).select_from(R).subquery()
    worst = select(func.count(), func.min(col(Action.due_on))).where(*overdue).subquery()
    return select(*counts.c, *worst.c).select_from(counts.join(worst, true()))


def _overdue(count: int, oldest: date | None, today: date) -> list[Line]:
    if oldest is None:
        return []
    days = (today - oldest).days
    text = f"{_n(count, 'action')} overdue, worst {_n(days, 'day')}"
    return [Line(text, "■", Tone.BAD, "/actions?state=overdue")]


def _to_write(late: int, count: int) -> list[Line]:
    if not count:
        return []
    icon, tone = ("■", Tone.BAD) if late else ("▲", Tone.WATCH)
    text = f"{_n(count, 'review')} to write" + (f", {units.count(late)} late" if late else "")
    return [Line(text, icon, tone, "/reviews?state=waiting")]


def _to_approve(count: int) -> list[Line]:
    text = f"{_n(count, 'review')} to approve"
    return [Line(text, "▲", Tone.WATCH, "/reviews?state=in_review")] if count else []


def _n(count: int, word: str) -> str:
    return f"{units.count(count)} {word if count == 1 else f'{word}s'}"

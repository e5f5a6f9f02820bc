"""What people do so that it does not happen again, as a report tells it: reviews and actions of a period."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED, ActionState, Effect
from ops_console.core.periods import Period
from ops_console.measures.scopes import WORKSPACE
from ops_console.practices.kept import timeliness
from ops_console.practices.promises import people
from ops_console.practices.verdicts import WATCH, verdicts
from ops_console.records.actions import Action
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.reporting.efforts import Actions, OverdueAction, Reviews

MOST_OVERDUE = 8


def reviews(session: Session, period: Period, now: datetime) -> Reviews:
    """Of incidents restored in the period."""
    found = timeliness(session, WORKSPACE, period.start, period.end, now)
    late = tuple(name for _, name in found.late)
    return Reviews(found.due, found.in_time, late, waiting=found.waiting, waived=found.waived)


def actions(session: Session, period: Period, now: datetime) -> Actions:
    """What was promised and done in the period, and what is owed at this moment."""
    today = now.astimezone(ZoneInfo(period.zone)).date()
    is_owed = col(Action.state).in_(PROMISED)
    is_overdue = is_owed & (col(Action.due_on) < today)
    counted = select(
        func.count().filter(_within(col(Action.made_at), period)),
        func.count().filter(_within(col(Action.done_at), period), col(Action.state) == ActionState.DONE),
        func.count().filter(is_owed),
        func.count().filter(is_overdue),
        func.min(col(Action.due_on)).filter(is_overdue),
    ).select_from(Action)
    made, done, owed, overdue, oldest = session.execute(counted).one()
    effects = _effects(session, period, now)
    return Actions(
        made=made,
        done=done,
        owed=owed,
        overdue=overdue,
        oldest_days=(today - oldest).days if oldest else 0,
        rows=_overdue(session, today) if overdue else (),
        effective=effects.count(Effect.EFFECTIVE),
        recurred=effects.count(Effect.RECURRED),
        unproven=effects.count(Effect.UNPROVEN),
    )


def _within(column: Any, period: Period) -> ColumnElement[bool]:
    return and_(column >= period.start, column < period.end)


def _overdue(session: Session, today: date) -> tuple[OverdueAction, ...]:
    """Those that wait longest."""
    wanted = (
        select(Action, col(Incident.external_id), col(CatalogEntry.slug))
        .outerjoin(Incident, col(Incident.id) == Action.incident_id)
        .outerjoin(CatalogEntry, col(CatalogEntry.id) == Action.entry_id)
        .where(col(Action.state).in_(PROMISED), col(Action.due_on) < today)
        .order_by(col(Action.due_on), col(Action.id))
        .limit(MOST_OVERDUE)
    )
    names = people(session)
    return tuple(
        OverdueAction(
            title=action.title,
            owner=names.get(action.owner) or action.owner,
            due_on=action.due_on,
            about=" ".join(filter(None, (incident, slug))),
        )
        for action, incident, slug in session.execute(wanted)
    )


def _effects(session: Session, period: Period, now: datetime) -> list[Effect]:
    """Verdicts on the actions whose watch ended in the period."""
    ended = min(period.end, now)
    watched = select(Action).where(
        col(Action.state) == ActionState.DONE,
        col(Action.done_at) >= period.start - WATCH,
        col(Action.done_at) < ended - WATCH,
    )
    return [each.effect for each in verdicts(session, session.scalars(watched).all(), now).values()]

"""Actions as their pages list them: overdue first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, or_, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED, ActionState
from ops_console.core.clock import now
from ops_console.practices.verdicts import Verdict, verdicts
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.records.trackers import ActionLink
from ops_console.web.reads.listing import containing

OWED, OVERDUE = "owed", "overdue"
SHOWN = (Action, Incident, col(CatalogEntry.slug), ActionLink)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`state` is one of the action's, or owed or overdue; `today` is the workspace's day."""

    today: date
    state: str | None = None
    owner: str | None = None
    kind: str | None = None
    priority: str | None = None
    model: str | None = None
    search: str = ""
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action, where it belongs, its ticket elsewhere, and whether it worked."""

    action: Action
    incident: Incident | None
    slug: str | None
    ticket: ActionLink | None
    verdict: Verdict | None

    def is_overdue(self, today: date) -> bool:
        return self.action.state in PROMISED and self.action.due_on < today


def total(session: Session, wanted: Wanted) -> int:
    return session.scalar(_filtered(select(func.count(col(Action.id))), wanted)) or 0


def actions(session: Session, wanted: Wanted, limit: int = 50, offset: int = 0) -> list[ActionRow]:
    """What is owed first, by its day: the overdue stand on top. Then what is over, the newest first."""
    owed = case((col(Action.state).in_(PROMISED), 0), else_=1)
    order = (owed, case((owed == 0, col(Action.due_on))), col(Action.due_on).desc(), col(Action.id))
    shown = _filtered(select(*SHOWN), wanted)
    rows = session.execute(shown.order_by(*order).limit(limit).offset(offset)).all()
    judged = verdicts(session, [row[0] for row in rows], now())
    return [_row(row, judged) for row in rows]


def listed(session: Session, wanted: Wanted, limit: int, before: int | None) -> list[ActionRow]:
    """By number, the newest first, of those before a number: what is promised meanwhile moves nothing."""
    shown = _filtered(select(*SHOWN), wanted)
    if before is not None:
        shown = shown.where(col(Action.id) < before)
    rows = session.execute(shown.order_by(col(Action.id).desc()).limit(limit)).all()
    judged = verdicts(session, [row[0] for row in rows], now())
    return [_row(row, judged) for row in rows]


def action(session: Session, action_id: int) -> ActionRow | None:
    shown = _joined(select(*SHOWN))
    row = session.execute(shown.where(col(Action.id) == action_id)).first()
    return _row(row, verdicts(session, [row[0]], now())) if row else None


def _row(row: Row[*tuple[Any, ...]], judged: dict[int, Verdict]) -> ActionRow:
    return ActionRow(row[0], row[1], row[2], row[3], judged.get(audit.number(row[0])))


def counts(session: Session, wanted: Wanted) -> dict[str, int]:
    """How many are overdue, owed, done and dropped, whatever state is asked for."""
    standing = case((_is_overdue(wanted.today), OVERDUE), else_=col(Action.state)).label("standing")
    grouped = _filtered(select(standing, func.count(col(Action.id)).label("count")), wanted, any_state=True)
    return {row.standing: row[1] for row in session.execute(grouped.group_by("standing"))}


def _filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted, any_state: bool = False) -> Select[*tuple[Any, ...]]:
    return _joined(statement).where(*_conditions(wanted, any_state))


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    statement = statement.select_from(Action).outerjoin(Incident, col(Incident.id) == Action.incident_id)
    statement = statement.outerjoin(ActionLink, col(ActionLink.action_id) == Action.id)
    return statement.outerjoin(CatalogEntry, col(CatalogEntry.id) == Action.entry_id)


def _conditions(wanted: Wanted, any_state: bool) -> list[ColumnElement[bool]]:
    asked: list[tuple[str | int | None, Any]] = [
        (wanted.owner, col(Action.owner)),
        (wanted.kind, col(Action.kind)),
        (wanted.priority, col(Action.priority)),
        (wanted.model, col(CatalogEntry.slug)),
        (wanted.incident_id, col(Action.incident_id)),
    ]
    conditions: list[ColumnElement[bool]] = [column == value for value, column in asked if value is not None]
    if wanted.state and not any_state:
        conditions.append(_in_state(wanted))
    if wanted.search:
        words = (col(Action.title), col(Action.done_when), col(Incident.title), col(Action.owner))
        conditions.append(or_(*(containing(column, wanted.search) for column in words)))
    return conditions


def _in_state(wanted: Wanted) -> ColumnElement[bool]:
    if wanted.state == OVERDUE:
        return _is_overdue(wanted.today)
    states = PROMISED if wanted.state == OWED else (ActionState(wanted.state or ""),)
    return col(Action.state).in_(states)


def _is_overdue(today: date) -> ColumnElement[bool]:
    return col(Action.state).in_(PROMISED) & (col(Action.due_on) < today)

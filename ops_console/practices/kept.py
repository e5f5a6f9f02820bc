"""Whether people kept their promises in a stretch of time: reviews within 72 h, actions by their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED, ActionState, ReviewState
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.actions import Action
from ops_console.records.catalog import CatalogEntry, CatalogInterval, stood
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Reviews that a rule demanded. `late` are ids and external ids of their incidents; `waiting` still have
    time."""

    in_time: int
    late: Sequence[tuple[int, str]]
    waiting: int
    waived: int

    @property
    def due(self) -> int:
        return self.in_time + len(self.late)


@dataclass(frozen=True, slots=True)
class Closure:
    """Actions whose day has come: each is exactly one of these."""

    on_time: int
    late: int
    open_overdue: int
    dropped: int
    slips: int

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.open_overdue + self.dropped


def timeliness(session: Session, scope: Scope, start: datetime, end: datetime, now: datetime) -> Timeliness:
    """By the first restoration of the incident."""
    wanted = (
        select(IncidentReview, col(Incident.external_id))
        .join(Incident, col(Incident.id) == IncidentReview.incident_id)
        .join(CatalogEntry, col(CatalogEntry.id) == Incident.entry_id)
        .outerjoin(CatalogInterval, stood(Incident.entry_id, Incident.began_at))
        .where(col(IncidentReview.restored_at) >= start, col(IncidentReview.restored_at) < end)
        .where(is_real(), *_within(scope))
        .order_by(col(IncidentReview.restored_at), col(IncidentReview.id))
    )
    found = [(row[0], row[1]) for row in session.execute(wanted) if row[0].required_because]
    owed = [(review, name) for review, name in found if review.state != ReviewState.WAIVED]
    return Timeliness(
        in_time=sum(review.held_at is not None and review.held_at <= review.late_at for review, _ in owed),
        late=[(review.incident_id, name) for review, name in owed if (review.held_at or now) > review.late_at],
        waiting=sum(review.held_at is None and now <= review.late_at for review, _ in owed),
        waived=len(found) - len(owed),
    )


def closure(session: Session, scope: Scope, first: date, last: date, zone: ZoneInfo, today: date) -> Closure:
    """By the day they were promised for; one that is owed and whose day is not over is not due yet."""
    wanted = (
        select(Action)
        .outerjoin(CatalogEntry, col(CatalogEntry.id) == Action.entry_id)
        .outerjoin(CatalogInterval, stood(Action.entry_id, Action.made_at))
        .where(col(Action.due_on) >= first, col(Action.due_on) <= last, *_within(scope))
    )
    actions = session.scalars(wanted).all()
    done_on = [
        (each.done_at.astimezone(zone).date(), each.due_on)
        for each in actions
        if each.state == ActionState.DONE and each.done_at is not None
    ]
    overdue = [each for each in actions if each.state in PROMISED and each.due_on < today]
    dropped = [each for each in actions if each.state == ActionState.DROPPED]
    return Closure(
        on_time=sum(done <= due for done, due in done_on),
        late=sum(done > due for done, due in done_on),
        open_overdue=len(overdue),
        dropped=len(dropped),
        slips=sum(each.slips for each in actions),
    )


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    columns: dict[ScopeKind, Any] = {
        ScopeKind.TEAM: CatalogInterval.team,
        ScopeKind.MODEL: CatalogEntry.slug,
        ScopeKind.TIER: CatalogInterval.tier,
    }
    if scope.kind not in columns:
        return []
    return [col(columns[scope.kind]) == (int(scope.key) if scope.kind is ScopeKind.TIER else scope.key)]

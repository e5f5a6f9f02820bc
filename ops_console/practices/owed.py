"""Who must hear of what by now and has not: computed from what is owed and from what was told."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED, ReviewState
from ops_console.practices.occasions import MANAGER, Occasion, of_action, of_review
from ops_console.records import audit
from ops_console.records.access import Account
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident, is_real
from ops_console.records.people import Person
from ops_console.records.reminders import Reminder
from ops_console.records.reports import OptOut
from ops_console.records.reviews import IncidentReview
from ops_console.records.workspace import current

MORNING, EVENING = time(9), time(18)
"""Between these hours of a person's own day messages go out; the rest is quiet."""
TELLS = timedelta(days=1)
"""A message of the day may have gone out before something became due: then the next one tells of it."""
SUBJECTS = ("action", "review")
MANAGERS = ("manager", "admin")


@dataclass(frozen=True, slots=True)
class Owed:
    """One occasion that one person must hear of."""

    subject: str
    number: int
    recipient: str
    occasion: Occasion


class People:
    """Zones and managers, read once."""

    def __init__(self, session: Session) -> None:
        self._home = current(session).zone
        known = select(col(Person.email), col(Person.time_zone)).where(col(Person.time_zone).is_not(None))
        self._zones = {row.email: ZoneInfo(row.time_zone) for row in session.execute(known) if row.email}
        able = select(col(Account.email), col(Account.role)).where(col(Account.disabled_at).is_(None))
        by_role: dict[str, list[str]] = defaultdict(list)
        for email, role in session.execute(able.order_by(col(Account.email))):
            by_role[role].append(email)
        self.managers = next((by_role[role] for role in MANAGERS if by_role[role]), [])

    def local(self, address: str, at: datetime) -> datetime:
        return at.astimezone(self._zones.get(address, self._home))

    def is_awake(self, address: str, at: datetime) -> bool:
        return MORNING <= self.local(address, at).time() < EVENING


def owed(session: Session, at: datetime, people: People) -> dict[tuple[str, date], list[Owed]]:
    """By person and the person's day: what is to be told now, to those for whom it is day."""
    found: dict[tuple[str, date], list[Owed]] = defaultdict(list)
    for each in _untold(session, at, people):
        if people.is_awake(each.recipient, at):
            found[each.recipient, people.local(each.recipient, at).date()].append(each)
    return found


def overdue(session: Session, at: datetime, people: People) -> list[Owed]:
    """What should have been told by now, whatever the hour."""
    return [
        each
        for each in _untold(session, at, people)
        if each.occasion.day + TELLS < people.local(each.recipient, at).date()
    ]


def _untold(session: Session, at: datetime, people: People) -> Iterator[Owed]:
    told, silenced = _told(session), _silenced(session)
    for each in _every(session, at, people):
        if (silence(each.subject), each.recipient) in silenced:
            continue
        if (each.subject, each.number, each.occasion.mark, each.recipient) not in told:
            yield each


def silence(subject: str) -> str:
    """How the ledger of those who want no more messages calls reminders of one kind."""
    return f"reminders of {subject}s"


def _silenced(session: Session) -> set[tuple[str, str]]:
    """Who wants to hear no more of what."""
    words = [silence(subject) for subject in SUBJECTS]
    wanted = select(col(OptOut.channel), col(OptOut.recipient)).where(col(OptOut.channel).in_(words))
    return {(row[0], row[1]) for row in session.execute(wanted)}


def _every(session: Session, at: datetime, people: People) -> Iterator[Owed]:
    for action in session.scalars(select(Action).where(col(Action.state).in_(PROMISED)).order_by(col(Action.id))):
        today = people.local(action.owner, at).date()
        promised_on = people.local(action.owner, action.made_at).date()
        for occasion in of_action(promised_on, action.due_on, today):
            yield from _to("action", audit.number(action), occasion, action.owner, people)
    for review in session.scalars(select(IncidentReview).where(_unwritten()).order_by(col(IncidentReview.id))):
        yield from _of_review(review, at, people)


def _of_review(review: IncidentReview, at: datetime, people: People) -> Iterator[Owed]:
    """Its author hears of it; before there is one, and once it is late, the managers do."""
    if review.restored_at is None or review.due_at is None or review.late_at is None:
        return
    whom = [review.author] if review.author else people.managers
    for address in whom:
        restored, due, late = (
            people.local(address, each).date() for each in (review.restored_at, review.due_at, review.late_at)
        )
        for occasion in of_review(restored, due, late, people.local(address, at).date()):
            yield from _to("review", audit.number(review), occasion, address, people)


def _to(subject: str, number: int, occasion: Occasion, address: str, people: People) -> Iterator[Owed]:
    if occasion.whom != MANAGER:
        yield Owed(subject, number, address, occasion)
        return
    for manager in people.managers:
        yield Owed(subject, number, manager, occasion)


def _told(session: Session) -> set[tuple[str, int, str, str]]:
    """What was told of things that are still owed."""
    columns = (col(Reminder.subject), col(Reminder.number), col(Reminder.mark), col(Reminder.recipient))
    actions = select(col(Action.id)).where(col(Action.state).in_(PROMISED))
    reviews = select(col(IncidentReview.id)).where(_unwritten())
    of_action = (col(Reminder.subject) == "action") & col(Reminder.number).in_(actions)
    of_review = (col(Reminder.subject) == "review") & col(Reminder.number).in_(reviews)
    rows = session.execute(select(*columns).where(of_action | of_review))
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def _unwritten() -> ColumnElement[bool]:
    """Reviews that somebody must write: not of an incident that turned out to be told twice, or to be none at all, nor
    of one that was planned or played. What a drill taught may be written down, but no rule demands it by a day.
    """
    states = (ReviewState.DUE, ReviewState.DRAFT)
    stands = exists().where(col(Incident.id) == col(IncidentReview.incident_id), is_real())
    return col(IncidentReview.state).in_(states) & col(IncidentReview.held_at).is_(None) & stands

"""What one look at an action and its ticket comes to, written down in one transaction."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.tracker import OWNER, STATE, Ticket, Values, Written
from ops_console.core.clock import now
from ops_console.practices.action_changes import SUBJECT
from ops_console.practices.clashes import Clash, clash
from ops_console.practices.in_step import Plan, said_by
from ops_console.practices.promises import Faulty
from ops_console.practices.ticket_values import take_state, take_value
from ops_console.practices.tickets import GONE, kept
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import Decision
from ops_console.records.trackers import ActionLink


@dataclass(frozen=True, slots=True)
class Look:
    """Both sides as they were read, what was planned, and what was written there."""

    link: ActionLink
    revision: int
    here: Values
    ticket: Ticket
    address: str
    plan: Plan
    written: Written


def held(session: Session, link: ActionLink) -> ActionLink | None:
    """The link, held until the end of the transaction; nothing where a person parted with it or decided meanwhile."""
    found = session.scalars(select(ActionLink).where(col(ActionLink.id) == link.id).with_for_update()).one_or_none()
    return found if found is not None and found.revision == link.revision else None


def keep(session: Session, look: Look) -> None:
    """What was written there stands; what is taken from there is taken unless the action changed meanwhile, and is
    looked at again then.
    """
    link = held(session, look.link)
    if link is None:
        return
    action = session.scalars(select(Action).where(col(Action.id) == link.action_id).with_for_update()).one()
    is_unchanged = action.revision == look.revision
    clashes, link.here, link.there = dict(look.plan.clashes), dict(link.here), dict(link.there)
    _push(look, link, clashes)
    for name in look.plan.agreed:
        link.here[name], link.there[name] = look.here[name], look.ticket.values.get(name)
    decisions = _sent(look, link)
    for name in look.plan.pull if is_unchanged else ():
        _pull(session, action, link, look, name, clashes)
    decisions += _asked(link, clashes)
    link.clashes = kept(clashes)
    link.key, link.url, link.updated_at = look.ticket.key, look.ticket.url, look.ticket.updated_at
    link.action_revision = action.revision if is_unchanged else 0
    link.seen_at, link.due_at, link.trouble, link.remedy = now(), None, None, None
    link.revision += 1
    if decisions:
        audit.record(session, *decisions)


def gone(session: Session, link: ActionLink) -> None:
    """It was deleted there, or taken out of sight."""
    found = held(session, link)
    if found is not None:
        found.state, found.seen_at, found.revision = GONE, now(), found.revision + 1
        said = {"ticket": found.key, "source": found.source}
        audit.record(session, Decision("ticket gone", SUBJECT, found.action_id, found.source, before=said))


def troubled(session: Session, link: ActionLink, told: tuple[str, str]) -> None:
    """What stands in the way, and what to do about it."""
    found = held(session, link)
    if found is not None:
        found.trouble, found.remedy = told
        found.due_at, found.asked_at, found.action_revision = link.due_at, link.asked_at, 0


def _push(look: Look, link: ActionLink, clashes: dict[str, Clash]) -> None:
    for name, value in look.written.values.items():
        link.here[name], link.there[name] = look.here[name], value
    for name, why in look.written.refused.items():
        clashes[name] = clash(name, look.here[name], look.ticket, look.address, why)


def _pull(session: Session, action: Action, link: ActionLink, look: Look, name: str, clashes: dict[str, Clash]) -> None:
    theirs, ticket = look.ticket.values.get(name), look.ticket
    try:
        if name == STATE:
            take_state(session, action, theirs or "", link.source, proof=ticket.url, done_at=ticket.done_at)
        else:
            value = look.address if name == OWNER else theirs
            take_value(session, action, name, value, link.source, f"As in {ticket.key}.")
    except Faulty as error:
        clashes[name] = clash(name, look.here[name], ticket, look.address, str(error))
    else:
        link.here[name], link.there[name] = said_by(action)[name], theirs


def _sent(look: Look, link: ActionLink) -> list[Decision]:
    if not look.written.values:
        return []
    before = {name: look.ticket.values.get(name) for name in look.written.values}
    after = {name: look.here[name] for name in look.written.values}
    did = f"sent to {look.ticket.key}"[:50]
    return [Decision(did, SUBJECT, link.action_id, link.source, before, after)]


def _asked(link: ActionLink, clashes: dict[str, Clash]) -> list[Decision]:
    """Each question is put on the trail once."""
    new = {name: each for name, each in clashes.items() if kept({name: each})[name] != link.clashes.get(name)}
    return [
        Decision(
            "differs", SUBJECT, link.action_id, link.source, {name: each.there}, {name: each.here}, reason=each.why
        )
        for name, each in new.items()
    ]

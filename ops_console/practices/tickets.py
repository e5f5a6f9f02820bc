"""Tickets of actions, as people ask for them: open one, link one, part with it, and decide where both sides differ."""

import secrets as randomness
from dataclasses import asdict

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.tracker import DUE_ON, OWNER, SHARED, STATE, Values
from ops_console.core.clock import now
from ops_console.practices.action_changes import SUBJECT
from ops_console.practices.clashes import Clash
from ops_console.practices.in_step import said_by
from ops_console.practices.promises import Faulty
from ops_console.practices.ticket_values import take_state, take_value
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import Decision
from ops_console.records.trackers import ActionLink

OPENING, LINKING, LINKED, GONE = "opening", "linking", "linked", "gone"
"""Asked for; named by a person, to be looked for; in step; deleted there."""
HERE, THERE = "here", "there"
LONGEST_KEY = 300


def of(session: Session, action_id: int) -> ActionLink | None:
    return session.scalars(select(ActionLink).where(col(ActionLink.action_id) == action_id)).one_or_none()


def ask(session: Session, action: Action, source: str, by: str) -> ActionLink:
    """A ticket is to be opened; it happens within minutes, or as soon as the tracker can be reached."""
    return _begin(session, action, source, by, OPENING, "")


def link(session: Session, action: Action, source: str, key: str, by: str) -> ActionLink:
    """A ticket that people opened is to be kept in step; its address will do as its key."""
    name = key.strip().rstrip("/").rpartition("/")[2].partition("?")[0]
    if not 0 < len(name) <= LONGEST_KEY:
        raise Faulty([("key", "Write its key or its address, such as OPS-12.")])
    return _begin(session, action, source, by, LINKING, name)


def part(session: Session, link: ActionLink, by: str) -> None:
    """Keep them in step no longer; both stay as they are."""
    session.delete(link)
    session.flush()
    said = {"ticket": link.key or None, "source": link.source}
    audit.record(session, Decision("ticket parted with", SUBJECT, link.action_id, by, before=said))


def choose(session: Session, link: ActionLink, name: str, side: str, seen: Values, by: str, reason: str = "") -> None:
    """A person decides where both sides differ, on what was `seen`. What is kept here is sent there; what stands there
    is taken over at once, under the rules for whoever decides.
    """
    clash = Clash(**link.clashes[name]) if name in link.clashes else None
    if clash is None or (clash.here, clash.there) != (seen[HERE], seen[THERE]):
        raise Faulty([("side", "It changed meanwhile: look at what stands there now.")])
    if side not in (HERE, THERE):
        raise Faulty([("side", "Choose which of both holds.")])
    action = session.get_one(Action, link.action_id)
    if side == THERE:
        _take(session, action, link, name, clash, by, reason)
        link.here = link.here | {name: said_by(action)[name]}
    else:
        link.here = {each: value for each, value in link.here.items() if each != name}
    link.there = link.there | {name: clash.there}
    link.clashes = {each: value for each, value in link.clashes.items() if each != name}
    link.action_revision, link.due_at, link.revision = 0, None, link.revision + 1
    session.add(link)
    decided = Decision("decided", SUBJECT, link.action_id, by, {name: clash.there}, {name: clash.here}, reason)
    if side == HERE:
        audit.record(session, decided)


def differing(link: ActionLink) -> list[tuple[str, Clash]]:
    """What waits for a person, in the order in which values are told."""
    return [(name, Clash(**link.clashes[name])) for name in SHARED if name in link.clashes]


def kept(clashes: dict[str, Clash]) -> dict[str, dict[str, str | None]]:
    """Clashes as a link keeps them."""
    return {name: asdict(each) for name, each in clashes.items()}


def _take(session: Session, action: Action, link: ActionLink, name: str, clash: Clash, by: str, reason: str) -> None:
    if said_by(action)[name] != clash.here:
        raise Faulty([("side", "The action changed meanwhile: look at what stands here now.")])
    if name == STATE:
        take_state(session, action, clash.there or "", by, proof=link.url, reason=reason)
    elif name in (OWNER, DUE_ON):
        value = clash.address if name == OWNER else clash.there
        take_value(session, action, name, value, by, reason or f"As in {link.key}.")


def _begin(session: Session, action: Action, source: str, by: str, state: str, key: str) -> ActionLink:
    number = audit.number(action)
    if of(session, number) is not None:
        raise Faulty([("source", "It has a ticket already.")])
    marker = f"ops-console-{randomness.token_hex(8)}"
    made = ActionLink(action_id=number, source=source, marker=marker, state=state, key=key, made_by=by, made_at=now())
    session.add(made)
    session.flush()
    said = {"ticket": key or None, "source": source}
    did = "ticket asked for" if state == OPENING else "ticket linked"
    audit.record(session, Decision(did, SUBJECT, number, by, after=said))
    return made

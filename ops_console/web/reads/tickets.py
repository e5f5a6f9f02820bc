"""The ticket of an action as its page shows it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.jobs import ticket_rounds
from ops_console.practices import tickets
from ops_console.practices.clashes import Clash
from ops_console.records.trackers import ActionLink, TrackerRound
from ops_console.web.console import console


@dataclass(frozen=True, slots=True)
class ShownTicket:
    """Its link, what waits for a person, and how the last round of its source went."""

    link: ActionLink
    differing: list[tuple[str, Clash]]
    round: TrackerRound | None


def boards(session: Session) -> list[str]:
    """Sources in which tickets may be opened."""
    return [source.name for source in ticket_rounds.boards(session, console().parts)]


def ticket(session: Session, action_id: int) -> ShownTicket | None:
    link = tickets.of(session, action_id)
    if link is None:
        return None
    mine = select(TrackerRound).where(col(TrackerRound.source) == link.source)
    return ShownTicket(link, tickets.differing(link), session.scalars(mine).one_or_none())

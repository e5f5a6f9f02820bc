"""Where an action and its ticket differ and a person must decide."""

from dataclasses import dataclass

from ops_console.contracts.tracker import OWNER, Ticket

BOTH = "Both sides changed it."


@dataclass(frozen=True, slots=True)
class Clash:
    """What a person must decide: the values of both sides as they were seen, and why it is asked."""

    here: str | None
    there: str | None
    why: str
    shown: str = ""
    address: str = ""


def clash(name: str, mine: str | None, ticket: Ticket, address: str, why: str = BOTH) -> Clash:
    theirs = ticket.values.get(name)
    if name != OWNER:
        return Clash(mine, theirs, why, shown=theirs or "")
    return Clash(mine, theirs, why, shown=address or ticket.owner_name, address=address)

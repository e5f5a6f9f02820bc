"""What is to be done so that an action and its ticket say the same: compared with what both said last time, value by
value. Of what only one side changed, the other is told; what both changed waits for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ops_console.contracts.decisions import ActionState
from ops_console.contracts.tracker import DUE_ON, OWNER, SHARED, STATE, Standing, Ticket, Values
from ops_console.practices.clashes import Clash, clash
from ops_console.records.actions import Action

STANDINGS = {ActionState.BLOCKED: Standing.IN_PROGRESS}
"""Trackers have no word for it."""


@dataclass
class Plan:
    """Names of values: those on which both agree, those to be told there, those to be taken from there."""

    agreed: list[str] = field(default_factory=list)
    push: list[str] = field(default_factory=list)
    pull: list[str] = field(default_factory=list)
    clashes: dict[str, Clash] = field(default_factory=dict)


def said_by(action: Action) -> dict[str, str | None]:
    """The values of an action."""
    standing = STANDINGS.get(ActionState(action.state)) or Standing(action.state)
    return {STATE: standing.value, OWNER: action.owner, DUE_ON: action.due_on.isoformat()}


def plan(
    here: Values, ticket: Ticket, seen_here: Values, seen_there: Values, clashes: Mapping[str, Any], address: str
) -> Plan:
    """`address` is that of the ticket's owner, as far as it is known; a value that was never seen counts as changed."""
    made = Plan()
    for name in SHARED:
        mine, theirs = here[name], ticket.values.get(name)
        standing = Clash(**clashes[name]) if name in clashes else None
        if _is_same(name, mine, theirs, address):
            made.agreed.append(name)
        elif standing and (standing.here, standing.there) == (mine, theirs):
            made.clashes[name] = standing
        else:
            _place(made, name, mine, ticket, (seen_here, seen_there), address)
    return made


def _place(made: Plan, name: str, mine: str | None, ticket: Ticket, seen: tuple[Values, Values], address: str) -> None:
    theirs = ticket.values.get(name)
    is_mine = name not in seen[0] or seen[0][name] != mine
    is_theirs = name not in seen[1] or seen[1][name] != theirs
    if is_mine and is_theirs and (theirs is not None or name in seen[1]):
        made.clashes[name] = clash(name, mine, ticket, address)
    elif is_mine:
        made.push.append(name)
    elif is_theirs:
        made.pull.append(name)


def _is_same(name: str, mine: str | None, theirs: str | None, address: str) -> bool:
    return (address == mine and bool(theirs)) if name == OWNER else mine == theirs

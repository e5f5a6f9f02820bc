"""What a ticket says, taken over by its action: under the rules that hold for everybody."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from ops_console.contracts.decisions import ActionState
from ops_console.contracts.tracker import DUE_ON, OWNER, STATE, Standing
from ops_console.practices import actions
from ops_console.practices.promises import Faulty, Promise
from ops_console.records.actions import Action

STATES = {
    Standing.OPEN: ActionState.OPEN,
    Standing.IN_PROGRESS: ActionState.IN_PROGRESS,
    Standing.DONE: ActionState.DONE,
    Standing.DROPPED: ActionState.DROPPED,
}
AGREED = "It was dropped there. Somebody other than its owner must agree, and say why."
UNSAID = {OWNER: "Nobody whose address is known owns it there.", DUE_ON: "It has no day there."}


def take_state(
    session: Session,
    action: Action,
    standing: str,
    by: str,
    *,
    proof: str,
    reason: str = "",
    done_at: datetime | None = None,
) -> None:
    """The address of the ticket proves that it is done, unless somebody gave a better proof. To drop it a person must
    give the reason.
    """
    state = STATES[Standing(standing)]
    if state is ActionState.DROPPED and not reason:
        raise Faulty([(STATE, AGREED)])
    evidence = action.evidence or proof if state is ActionState.DONE else ""
    actions.move(session, action, state, by, evidence=evidence, reason=reason, at=done_at)


def take_value(session: Session, action: Action, name: str, value: str | None, by: str, reason: str) -> None:
    """An owner by address, or a day."""
    if not value:
        raise Faulty([(name, UNSAID[name])])
    changed: Any = date.fromisoformat(value) if name == DUE_ON else value
    promise = {each: getattr(action, each) for each in Promise.__dataclass_fields__}
    wanted = Promise(**promise | {name: changed})
    if asdict(wanted) != promise:
        actions.change(session, action, wanted, action.revision, by, reason)

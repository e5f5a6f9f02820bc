"""Actions: promised by a person until a day, kept, moved, done or dropped; every step on the trail."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_console.contracts.decisions import PROMISED, ActionState
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.practices.action_changes import SUBJECT, updated
from ops_console.practices.promises import LONGEST_TEXT, Errors, Faulty, Promise, check
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident


def add(session: Session, promise: Promise, by: str, incident_id: int | None = None) -> Action:
    """A new action, about an incident or about none."""
    check(session, promise)
    incident = session.get_one(Incident, incident_id) if incident_id is not None else None
    action = Action(
        **asdict(promise),
        incident_id=incident_id,
        entry_id=incident.entry_id if incident else None,
        first_due_on=promise.due_on,
        state=ActionState.OPEN,
        made_by=by,
        made_at=now(),
    )
    session.add(action)
    session.flush()
    audit.record(session, Decision("promised", SUBJECT, audit.number(action), by, after=audit.plain(action)))
    return action


def get(session: Session, action_id: int) -> Action:
    found = session.get(Action, action_id)
    if found is None:
        raise NotFound(f"There is no action {action_id}.")
    return found


def change(session: Session, action: Action, promise: Promise, revision: int, by: str, reason: str = "") -> Action:
    """What is agreed now. A later day is a slip: it is counted, and needs a reason."""
    check(session, promise)
    later = promise.due_on > action.due_on
    if later and not reason.strip():
        raise Faulty([("reason", "Say why it takes longer; the day before stays on record.")])
    values = asdict(promise) | {"slips": action.slips + later}
    return _write(session, action, "moved" if later else "changed", values, by, reason, revision)


def move(
    session: Session,
    action: Action,
    state: ActionState,
    by: str,
    *,
    evidence: str = "",
    reason: str = "",
    at: datetime | None = None,
) -> Action:
    """Begin, block, finish or open again. Done needs evidence and keeps its day when it is edited later; `at` tells
    since when it is done, where that is not now.
    """
    if state is ActionState.DROPPED:
        return drop(session, action, by, reason)
    if state is ActionState.DONE and not evidence.strip():
        raise Faulty([("evidence", "Say what proves that it is done: a link, a test, a figure.")])
    if state == action.state:
        raise Faulty([("state", f"It is {action.state.replace('_', ' ')} already.")])
    values: dict[str, Any] = {"state": state.value, "evidence": evidence.strip()[:LONGEST_TEXT] or action.evidence}
    values["done_at"] = (at or now()) if state is ActionState.DONE else None
    values |= {"dropped_at": None, "dropped_by": None, "dropped_reason": ""}
    return _write(session, action, state.value.replace("_", " "), values, by, reason)


def drop(session: Session, action: Action, by: str, reason: str) -> Action:
    """It will not be done: somebody other than its owner agrees, and says why."""
    errors: Errors = []
    if by == action.owner:
        errors.append(("reason", "Somebody else must agree to drop it: you own it."))
    if not reason.strip():
        errors.append(("reason", "Say why it will not be done."))
    if action.state not in PROMISED:
        errors.append(("state", f"It is {action.state} already."))
    if errors:
        raise Faulty(errors)
    why = reason.strip()[:LONGEST_TEXT]
    values = {"state": ActionState.DROPPED.value, "dropped_at": now(), "dropped_by": by, "dropped_reason": why}
    return _write(session, action, "dropped", values, by, why)


def _write(
    session: Session,
    action: Action,
    did: str,
    values: Mapping[str, Any],
    by: str,
    reason: str,
    revision: int | None = None,
) -> Action:
    audit.record(session, updated(session, action, did, values, by, reason, revision))
    return action

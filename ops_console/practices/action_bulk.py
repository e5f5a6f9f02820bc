"""Several actions at once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED
from ops_console.practices.action_changes import updated
from ops_console.practices.promises import Faulty, Promise, check
from ops_console.records import audit
from ops_console.records.actions import Action


def edit_many(session: Session, action_ids: Iterable[int], changes: Mapping[str, Any], by: str, reason: str) -> int:
    """The same owner, priority or day for several that are still owed; returns how many changed. All or none."""
    found = session.scalars(
        select(Action)
        .where(col(Action.id).in_(list(action_ids)), col(Action.state).in_(PROMISED))
        .order_by(col(Action.id))
    )
    decisions = []
    for action in list(found):
        promise = _promise(action, changes)
        if promise == _promise(action, {}):
            continue
        check(session, promise)
        later = promise.due_on > action.due_on
        if later and not reason.strip():
            raise Faulty([("reason", "Say why they take longer; the days before stay on record.")])
        values = asdict(promise) | {"slips": action.slips + later}
        decisions.append(updated(session, action, "moved" if later else "changed", values, by, reason))
    if decisions:
        audit.record(session, *decisions)
    return len(decisions)


def _promise(action: Action, changes: Mapping[str, Any]) -> Promise:
    names = Promise.__dataclass_fields__
    return Promise(**{name: getattr(action, name) for name in names} | {k: v for k, v in changes.items() if k in names})

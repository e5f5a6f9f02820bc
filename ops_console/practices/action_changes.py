"""A change of an action, only from the revision that was seen; the caller writes the decision down."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from ops_console.practices.promises import LONGEST_TEXT, Faulty
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import Decision

SUBJECT = "action"


def updated(
    session: Session,
    action: Action,
    did: str,
    values: Mapping[str, Any],
    by: str,
    reason: str,
    revision: int | None = None,
) -> Decision:
    """Only from the revision that was seen: of two people who change at once, one is told."""
    before, seen = audit.plain(action), action.revision if revision is None else revision
    done = session.execute(
        update(Action)
        .where(col(Action.id) == action.id, col(Action.revision) == seen)
        .values(**values, revision=seen + 1)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an update yields a cursor result
        session.refresh(action)
        raise Faulty([("title", "Somebody changed it meanwhile: what they said stands below, yours is in the fields.")])
    session.refresh(action)
    was, is_now = audit.changes(before, audit.plain(action))
    return Decision(did, SUBJECT, audit.number(action), by, was, is_now, reason.strip()[:LONGEST_TEXT])

"""A change of an action, only from the revision that was seen; the caller writes the decision down."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from ops_console.practices.promises import LONGEST_TEXT, Faulty
from ops_console.practices.revisions import revise
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
    if not revise(session, action, seen, **values):
        raise Faulty([("title", "Somebody changed it meanwhile: what they said stands below, yours is in the fields.")])
    was, is_now = audit.changes(before, audit.plain(action))
    return Decision(did, SUBJECT, audit.number(action), by, was, is_now, reason.strip()[:LONGEST_TEXT])

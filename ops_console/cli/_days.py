"""Days as words of a call."""

from datetime import date, datetime

from sqlmodel import Session

from ops_console.core.errors import BadInput
from ops_console.core.periods import midnight
from ops_console.records import workspace


def begin_of(session: Session, text: str | None) -> datetime | None:
    """The midnight that begins a day in the workspace's zone; nothing for nothing."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day.", remedy="Write it as 2026-10-01.") from None
    return midnight(day, workspace.current(session).zone)

"""A shift as a fact. Who, where and when are all there is to it, so that they are its name, too."""

from datetime import datetime

from integrations.ical.events import Shift
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

LONGEST = 300


def name_of(schedule: str, shift: Shift) -> str:
    """A calendar may give an event another UID each time it is asked; it seldom says something else by that."""
    return f"{schedule}/{shift.person}/{_written(shift.began)}"[-LONGEST:]


def fact(schedule: str, shift: Shift) -> Told:
    return Told(
        "shifts",
        {
            "external_id": name_of(schedule, shift),
            "schedule": schedule,
            "person": shift.person,
            "started_at": _written(shift.began),
            "ended_at": _written(shift.ended),
        },
    )


def gone(schedule: str, shift: Shift) -> Told:
    """The calendar says that it never was."""
    return Told("shifts", {"external_id": name_of(schedule, shift), "deleted": True})


def _written(at: datetime) -> str:
    """Without a zone as it was written: whoever imports it says which."""
    return iso(at) if at.tzinfo else at.isoformat()

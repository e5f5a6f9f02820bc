"""An incident that broke again: every stretch of trouble is kept, and the first restoration stays the first."""

from dataclasses import dataclass
from datetime import datetime

from ops_console.core.clock import iso, now
from ops_console.core.errors import BadInput
from ops_console.records.incidents import Incident


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when it was broken to when it was restored; open where it still is, or nobody knows."""

    began_at: datetime | None
    restored_at: datetime | None


def stretches(incident: Incident) -> list[Stretch]:
    """Each stretch of trouble, the first of them first."""
    return [Stretch(incident.began_at, incident.restored_at), *reopenings(incident)]


def reopenings(incident: Incident) -> list[Stretch]:
    """The stretches after the first restoration."""
    parts = (span.partition("/") for span in incident.reopenings)
    return [
        Stretch(datetime.fromisoformat(began), datetime.fromisoformat(ended) if ended else None)
        for began, _, ended in parts
    ]


def with_reopening(incident: Incident, at: datetime) -> list[str]:
    """Its reopenings, with one that began then and is not over."""
    last = stretches(incident)[-1]
    if last.restored_at is None:
        raise BadInput("It is not restored, so that it cannot break again.", remedy="Say first when it was restored.")
    if at < last.restored_at:
        raise BadInput("It broke again after its restoration: choose a later time.")
    _past(at)
    return [*incident.reopenings, f"{iso(at)}/"]


def with_restoration(incident: Incident, at: datetime) -> list[str]:
    """Its reopenings, with the last of them over since then."""
    again = reopenings(incident)
    if not again or again[-1].restored_at is not None:
        raise BadInput("It is not open again.", remedy="Reload the page to see how it stands.")
    began = again[-1].began_at
    if began is not None and at <= began:
        raise BadInput("It was restored after it broke again: choose a later time.")
    _past(at)
    return [*incident.reopenings[:-1], f"{incident.reopenings[-1]}{iso(at)}"]


def _past(at: datetime) -> None:
    if at > now():
        raise BadInput("This lies in the future: write what has happened.")

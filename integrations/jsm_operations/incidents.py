"""An incident of Opsgenie and its timeline as a fact."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.jsm_operations.account import LONGEST_TEXT, SEVERITIES, Item, instant
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

OPEN = "open"
NOWHERE = "no impacted service"
OPENED, RESOLVED, CLOSED, ACKED = "IncidentOpened", "IncidentResolved", "IncidentClosed", "ResponderAlertAcked"


def is_open(incident: Item) -> bool:
    return incident.get("status") == OPEN


def fact(incident: Item, entries: Sequence[Item], services: Sequence[str]) -> Told:
    """Impact began when somebody says so: by itself it is when the incident was made, and that is not known of impact.
    Whoever resolves an incident acknowledges all its alerts with it, so that only what a person took on before counts.
    """
    created_at, is_over = instant(incident["createdAt"]), not is_open(incident)
    ends = _times(entries, RESOLVED) or _times(entries, CLOSED)
    restored_at = _time(incident.get("impactEndDate")) or min(ends, default=None)
    acked = [at for at in _times(entries, ACKED, by="user") if not ends or at < min(ends)]
    began = _time(incident.get("impactStartDate"))
    values = {
        "external_id": str(incident["id"]),
        "url": (incident.get("links") or {}).get("web"),
        "updated_at": iso(instant(incident.get("updatedAt") or incident["createdAt"])),
        "service": next(iter(services), NOWHERE),
        "title": str(incident.get("message") or incident["id"])[:LONGEST_TEXT],
        "severity": SEVERITIES.get(str(incident.get("priority"))),
        "status": "resolved" if is_over else "acknowledged" if acked else "open",
        "impact_started_at": iso(began) if began != created_at else None,
        "detected_at": iso(created_at),
        "acknowledged_at": iso(min(acked, default=None)),
        "restored_at": iso(restored_at) if is_over else None,
        "resolved_at": iso(max(_times(entries, RESOLVED, CLOSED), default=restored_at)) if is_over else None,
    }
    return Told("incidents", {name: value for name, value in values.items() if value is not None})


def gone(number: str, at: datetime) -> Told:
    return Told("incidents", {"external_id": number, "deleted": True, "updated_at": iso(at)})


def _times(entries: Sequence[Item], *kinds: str, by: str = "") -> list[datetime]:
    found = [each for each in entries if each.get("type") in kinds and not each.get("hidden")]
    return [instant(each["eventTime"]) for each in found if not by or _actor(each) == by]


def _actor(entry: Item) -> Any:
    return (entry.get("actor") or {}).get("type")


def _time(text: str | None) -> datetime | None:
    return instant(text) if text else None

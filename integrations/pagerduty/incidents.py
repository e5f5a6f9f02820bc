"""An incident and its log, as facts: the incident itself, and the pages it sent.

Deliveries know one event, the log knows all. What is read from the log says that it changed some seconds later than it
did, so that it stands against every delivery of the same events: their clocks do not agree to the second. Within a
second the longer log stands.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from integrations.pagerduty import pages
from integrations.pagerduty.account import Account, name_of
from integrations.pagerduty.history import Item, instant, whole
from integrations.pagerduty.log import ACKNOWLEDGE, RESOLVE, Entry, times
from integrations.pagerduty.told import RESOLVED, fact, title
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso, now

FULLER, MOST_COUNTED = timedelta(seconds=5), 999
STATUSES = {"triggered": "open", "acknowledged": "acknowledged", RESOLVED: "resolved"}
MERGED = "merge_resolve_reason"
TROUBLE = ("trigger", "reopen", "assign", "notify", ACKNOWLEDGE, "unacknowledge", "escalate")
"""What the log says of an incident that is not resolved: the first such entry after a resolution shows it is back."""


def from_log(incident: Item, entries: Sequence[Entry], account: Account) -> list[Told]:
    """What the log says. Older incidents lack entries that their own fields make up for."""
    given = {each["at"] for each in incident.get("acknowledgements") or ()}
    known = [*entries, *(Entry(instant(at), ACKNOWLEDGE) for at in given)]
    changed = [incident.get(name) for name in ("created_at", "updated_at", "last_status_change_at", "resolved_at")]
    changed_at = whole(max([*(each.at for each in known), *(instant(at) for at in changed if at)]))
    updated_at = changed_at + FULLER + timedelta(milliseconds=min(len(entries), MOST_COUNTED))
    if incident.get("status") == RESOLVED and not any(each.kind == RESOLVE for each in known):
        ended_at = incident.get("resolved_at") or incident.get("last_status_change_at") or incident["created_at"]
        known.append(Entry(instant(ended_at), RESOLVE))
    return [*told(incident, known, updated_at, account), *pages.others(incident, known, updated_at, account)]


def told(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> list[Told]:
    """The incident, and the page it sent first."""
    return [_incident(incident, known, updated_at, account), pages.first_page(incident, known, updated_at, account)]


def gone(number: str) -> list[Told]:
    """It is not there any more."""
    values = {"external_id": number, "deleted": True, "updated_at": iso(now())}
    return [Told("incidents", values), Told("alerts", values)]


def _incident(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> Told:
    """Restored is when it was first resolved, and stays that if it was reopened; resolved is when it was last."""
    resolved = times(known, RESOLVE)
    reason = incident.get("resolve_reason") or {}
    merged_into = (reason.get("incident") or {}).get("id") if reason.get("type") == MERGED else None
    return fact(
        "incidents",
        external_id=str(incident["id"]),
        url=incident.get("html_url"),
        updated_at=iso(updated_at),
        service=name_of(incident.get("service")) or None,
        title=title(incident),
        severity=account.severity(incident.get("priority")),
        status=STATUSES.get(str(incident.get("status"))),
        detected_at=iso(instant(incident["created_at"])),
        acknowledged_at=iso(min(times(known, ACKNOWLEDGE), default=None)),
        restored_at=iso(min(resolved, default=None)),
        resolved_at=iso(max(resolved)) if resolved and incident.get("status") == RESOLVED else None,
        reopenings=_reopenings(known, is_resolved=incident.get("status") == RESOLVED) or None,
        duplicate_of=merged_into,
    )


def _reopenings(known: Sequence[Entry], *, is_resolved: bool) -> list[str]:
    """Each stretch of trouble after the first resolution; the last is open where the incident is."""
    spans: list[str] = []
    began: datetime | None = None
    was_resolved = False
    for each in sorted(known):
        if each.kind == RESOLVE:
            if began is not None and each.at > began:
                spans.append(f"{iso(began)}/{iso(each.at)}")
            began, was_resolved = None, True
        elif was_resolved and began is None and each.kind in TROUBLE:
            began = each.at
    return spans if began is None or is_resolved else [*spans, f"{iso(began)}/"]

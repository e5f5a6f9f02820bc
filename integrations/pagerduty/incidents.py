"""An incident and its log, as facts: the incident itself, and the pages it sent.

Deliveries know one event, the log knows all. What is read from the log says that it changed some seconds later than it
did, so that it stands against every delivery of the same events: their clocks do not agree to the second. Within a
second the longer log stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from integrations.pagerduty.account import Account, name_of
from integrations.pagerduty.history import Item, instant, whole
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso, now

FULLER, MOST_COUNTED = timedelta(seconds=5), 999
STATUSES = {"triggered": "open", "acknowledged": "acknowledged", "resolved": "resolved"}
RESOLVED = "resolved"
ACKNOWLEDGE, RESOLVE, NOTIFY = "acknowledge", "resolve", "notify"
MERGED = "merge_resolve_reason"
QUIET = ("email", "short_email")
"""E-mail interrupts nobody."""
LONGEST_NAME = 300


class Entry(NamedTuple):
    """One line of an incident's log."""

    at: datetime
    kind: str
    by_person: bool = False
    notified: str = ""


def entry(said: Item) -> Entry:
    kind = str(said.get("type") or "").removesuffix("_reference").removesuffix("_log_entry")
    is_quiet = ((said.get("channel") or {}).get("notification") or {}).get("type") in QUIET
    notified = "" if is_quiet or kind != NOTIFY else name_of(said.get("user"))
    return Entry(instant(said["created_at"]), kind, is_person(said.get("agent")), notified)


def is_person(agent: Mapping[str, Any] | None) -> bool:
    return str((agent or {}).get("type") or "").startswith("user")


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
    return [*told(incident, known, updated_at, account), *_others_paged(incident, known, updated_at, account)]


def told(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> list[Told]:
    """The incident, and the page it sent first."""
    return [_incident(incident, known, updated_at, account), _page(incident, known, updated_at, account)]


def gone(number: str) -> list[Told]:
    """It is not there any more."""
    values = {"external_id": number, "deleted": True, "updated_at": iso(now())}
    return [Told("incidents", values), Told("alerts", values)]


def _incident(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> Told:
    """Restored is when it was first resolved, and stays that if it was reopened; resolved is when it was last."""
    resolved = _times(known, RESOLVE)
    reason = incident.get("resolve_reason") or {}
    merged_into = (reason.get("incident") or {}).get("id") if reason.get("type") == MERGED else None
    return _fact(
        "incidents",
        external_id=str(incident["id"]),
        url=incident.get("html_url"),
        updated_at=iso(updated_at),
        service=name_of(incident.get("service")) or None,
        title=_title(incident),
        severity=account.severity(incident.get("priority")),
        status=STATUSES.get(str(incident.get("status"))),
        detected_at=iso(instant(incident["created_at"])),
        acknowledged_at=iso(min(_times(known, ACKNOWLEDGE), default=None)),
        restored_at=iso(min(resolved, default=None)),
        resolved_at=iso(max(resolved)) if resolved and incident.get("status") == RESOLVED else None,
        duplicate_of=merged_into,
    )


def _page(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> Told:
    first = min((each for each in known if each.notified), default=None)
    began = instant(incident["created_at"])
    return _alert(
        incident,
        known,
        updated_at,
        account,
        external_id=str(incident["id"]),
        fingerprint=str(incident.get("incident_key") or "")[:LONGEST_NAME] or None,
        started_at=iso(began),
        acknowledged_at=iso(min(_times(known, ACKNOWLEDGE), default=None)),
        person=first.notified if first else None,
        notified_at=iso(first.at) if first else None,
    )


def _others_paged(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> Iterator[Told]:
    """Whom else the incident interrupted: a page of its own, from when it was sent."""
    seen: dict[str, datetime] = {}
    for each in sorted(known):
        if each.notified:
            seen.setdefault(each.notified, each.at)
    for person, at in list(seen.items())[1:]:
        acknowledged = [each for each in _times(known, ACKNOWLEDGE) if each >= at]
        yield _alert(
            incident,
            known,
            updated_at,
            account,
            external_id=f"{incident['id']}/{person}"[:LONGEST_NAME],
            started_at=iso(at),
            acknowledged_at=iso(min(acknowledged, default=None)),
            person=person,
            notified_at=iso(at),
        )


def _alert(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account, **said: str | None) -> Told:
    """PagerDuty makes an incident of every page, so that alone says nothing: it is one that somebody took on."""
    ended_at = max(_times(known, RESOLVE), default=None) if incident.get("status") == RESOLVED else None
    taken = any(each.kind == ACKNOWLEDGE or (each.kind == RESOLVE and each.by_person) for each in known)
    return _fact(
        "alerts",
        url=incident.get("html_url"),
        updated_at=iso(updated_at),
        name=_title(incident)[:LONGEST_NAME],
        service=name_of(incident.get("service")) or None,
        ended_at=iso(ended_at),
        incident=str(incident["id"]) if taken or account.severity(incident.get("priority")) else None,
        **{"class": "ticket" if incident.get("urgency") == "low" else "page"},
        **said,
    )


def _title(incident: Item) -> str:
    return str(incident.get("title") or incident.get("summary") or incident["id"])[:2000]


def _times(known: Sequence[Entry], kind: str) -> list[datetime]:
    return [each.at for each in known if each.kind == kind]


def _fact(kind: str, **values: str | None) -> Told:
    return Told(kind, {name: value for name, value in values.items() if value is not None})

"""The pages an incident sent, as alerts: one for each person it interrupted."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from integrations.pagerduty.account import Account, name_of
from integrations.pagerduty.history import Item, instant
from integrations.pagerduty.log import ACKNOWLEDGE, RESOLVE, Entry, times
from integrations.pagerduty.told import RESOLVED, fact, title
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

LONGEST_NAME = 300


def first_page(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> Told:
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
        acknowledged_at=iso(min(times(known, ACKNOWLEDGE), default=None)),
        person=first.notified if first else None,
        notified_at=iso(first.at) if first else None,
    )


def others(incident: Item, known: Sequence[Entry], updated_at: datetime, account: Account) -> Iterator[Told]:
    """Whom else the incident interrupted: a page of its own, from when it was sent."""
    seen: dict[str, datetime] = {}
    for each in sorted(known):
        if each.notified:
            seen.setdefault(each.notified, each.at)
    for person, at in list(seen.items())[1:]:
        acknowledged = [each for each in times(known, ACKNOWLEDGE) if each >= at]
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
    ended_at = max(times(known, RESOLVE), default=None) if incident.get("status") == RESOLVED else None
    taken = any(each.kind == ACKNOWLEDGE or (each.kind == RESOLVE and each.by_person) for each in known)
    return fact(
        "alerts",
        url=incident.get("html_url"),
        updated_at=iso(updated_at),
        name=title(incident)[:LONGEST_NAME],
        service=name_of(incident.get("service")) or None,
        ended_at=iso(ended_at),
        incident=str(incident["id"]) if taken or account.severity(incident.get("priority")) else None,
        **{"class": "ticket" if incident.get("urgency") == "low" else "page"},
        **said,
    )

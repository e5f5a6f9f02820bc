"""An alert as a fact, as the API and as the webhook tell it.

The API's word says that it is a little younger than the change it tells of, so that it stands against every delivery of
the same change.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.jsm_operations.account import LONGEST_NAME, Account, Item, instant
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

FULLER = timedelta(seconds=1)
CLOSED = "closed"
MILLISECONDS = timedelta(milliseconds=1)


def is_open(alert: Item) -> bool:
    return alert.get("status") != CLOSED


def from_poll(alert: Item, account: Account) -> Told:
    created_at, updated_at = instant(alert["createdAt"]), instant(alert["updatedAt"])
    report = alert.get("report") or {}
    acknowledged_at = _after(created_at, alert, report, "ackTime")
    if acknowledged_at is None and alert.get("acknowledged"):
        acknowledged_at = updated_at  # somebody took it; the change that says so is the nearest time that is told
    ended_at = None if is_open(alert) else _after(created_at, alert, report, "closeTime") or updated_at
    who = report.get("acknowledgedBy") or alert.get("acknowledgedBy")
    return _fact(
        str(alert["id"]),
        alert,
        account,
        updated_at=iso(updated_at + FULLER),
        started_at=iso(created_at),
        acknowledged_at=iso(acknowledged_at),
        ended_at=iso(ended_at),
        person=account.person(who),
    )


def from_webhook(alert: Item, account: Account, *, acknowledged: bool = False, closed: bool = False) -> Told:
    """A delivery tells when an alert fired in milliseconds, and when it changed in nanoseconds."""
    changed_at = _nanoseconds(alert["updatedAt"])
    who = alert.get("username") if acknowledged else None
    return _fact(
        str(alert["alertId"]),
        alert,
        account,
        updated_at=iso(changed_at),
        started_at=iso(datetime.fromtimestamp(alert["createdAt"] / 1000, UTC)),
        acknowledged_at=iso(changed_at) if acknowledged else None,
        ended_at=iso(changed_at) if closed else None,
        person=account.person(who),
    )


def gone(number: str, at: datetime) -> Told:
    return Told("alerts", {"external_id": number, "deleted": True, "updated_at": iso(at)})


def deleted(alert: Item) -> Told:
    return gone(str(alert["alertId"]), _nanoseconds(alert["updatedAt"]))


def _nanoseconds(said: int) -> datetime:
    """Cut to milliseconds, as the API tells them."""
    return datetime.fromtimestamp(said // 1_000_000_000, UTC) + said % 1_000_000_000 // 1_000_000 * MILLISECONDS


def _after(created_at: datetime, alert: Item, report: Item, name: str) -> datetime | None:
    """Opsgenie tells after how many milliseconds, JSM tells when."""
    if report.get(name) is not None:
        return created_at + int(report[name]) * MILLISECONDS
    return instant(alert[name]) if alert.get(name) else None


def _fact(number: str, alert: Item, account: Account, **said: Any) -> Told:
    priority = str(alert.get("priority") or "P3")
    values = {
        "external_id": number,
        "url": account.url(number),
        "name": str(alert.get("message") or number).strip()[:LONGEST_NAME] or number,
        "fingerprint": str(alert.get("alias") or "")[:LONGEST_NAME] or None,
        "class": "page" if priority in account.pages else "ticket",
        "service": account.service(alert.get("tags"), alert.get("entity")),
        **said,
    }
    return Told("alerts", {name: value for name, value in values.items() if value is not None})

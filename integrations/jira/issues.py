"""An issue as a fact: a request, or an incident.

Deliveries know the issue as it is, the poll knows its history. The poll says that it changed a millisecond later, so
that it stands against the delivery of the same change.
"""

from datetime import datetime, timedelta
from typing import Any

from integrations.jira.account import INCIDENTS, Account, Item, name_of
from integrations.jira.history import DONE, NEW, Course, category, ended, instant
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

FULLER = timedelta(milliseconds=1)
LONGEST_NAME, LONGEST_TEXT = 300, 2000
DUPLICATE = "duplicate"


def from_poll(issue: Item, course: Course, account: Account, site: str) -> Told:
    return _fact(issue, course, account, site, instant(issue["fields"]["updated"]) + FULLER)


def from_webhook(issue: Item, account: Account) -> Told:
    """What the fields alone say; of an issue that is under way, or done, no more than since when."""
    fields = issue["fields"]
    at = None if category(fields["status"]) == NEW else ended(fields)
    done_at = at if category(fields["status"]) == DONE else None
    known = Course(None if done_at else at, done_at, None, ())
    site = str(issue.get("self") or account.api_url).partition("/rest/")[0]
    return _fact(issue, known, account, site, instant(fields["updated"]))


def gone(kind: str, key: str, at: datetime) -> Told:
    return Told(kind, {"external_id": key, "deleted": True, "updated_at": iso(at)})


def kind_of(issue: Item, account: Account) -> str | None:
    return account.kind(name_of(issue["fields"].get("issuetype")))


def _fact(issue: Item, course: Course, account: Account, site: str, updated_at: datetime) -> Told:
    fields = issue["fields"]
    kind = kind_of(issue, account) or ""
    says = _incident if kind == INCIDENTS else _request
    values = {
        "external_id": issue["key"],
        "url": f"{site}/browse/{issue['key']}",
        "updated_at": iso(updated_at),
        "title": str(fields.get("summary") or issue["key"])[:LONGEST_TEXT],
        **says(fields, course, account),
    }
    return Told(kind, {name: value for name, value in values.items() if value is not None})


def _request(fields: Item, course: Course, account: Account) -> dict[str, Any]:
    dropped = is_dropped(fields, account)
    usable_at = course.reached(account.usable)
    is_complex = account.complex_labels & set(fields.get("labels") or ())
    waited = course.spent(account.waiting, usable_at or course.done_at).total_seconds() if course.moves else None
    return {
        "kind": name_of(fields.get("issuetype"))[:LONGEST_NAME] or None,
        "class": "complex" if is_complex else "standard",
        "team": account.teams.get(fields["project"]["key"]),
        "submitted_at": iso(instant(fields["created"])),
        "accepted_at": iso(course.accepted_at),
        "first_usable_at": iso(usable_at),
        "done_at": None if dropped else iso(course.done_at),
        "cancelled_at": iso(course.done_at) if dropped else None,
        "waiting_seconds": None if waited is None else round(waited),
    }


def _incident(fields: Item, course: Course, account: Account) -> dict[str, Any]:
    """Restored is when it came to a status that says so, since it was last reopened; else when it was done."""
    dropped, duplicate_of = is_dropped(fields, account), _duplicate_of(fields)
    restored_at = course.reached(account.restored, course.reopened_at) or course.done_at
    return {
        "service": _service(fields, account),
        "severity": account.severity(fields.get("priority")),
        "status": "resolved" if course.done_at else "open" if category(fields["status"]) == NEW else "acknowledged",
        "detected_at": iso(instant(fields["created"])),
        "acknowledged_at": iso(course.accepted_at),
        "restored_at": iso(restored_at),
        "resolved_at": iso(course.done_at),
        "duplicate_of": duplicate_of,
        "false_positive": True if dropped and course.done_at and not duplicate_of else None,
    }


def is_dropped(fields: Item, account: Account) -> bool:
    return name_of(fields.get("resolution")).casefold() in account.dropped


def _service(fields: Item, account: Account) -> str:
    found = name_of(fields.get(account.service_field)) or name_of(fields["project"]) or fields["project"]["key"]
    return str(found)[:LONGEST_NAME]


def _duplicate_of(fields: Item) -> str | None:
    """Links lead both ways; the one that goes out says what this issue is a duplicate of."""
    for link in fields.get("issuelinks") or ():
        is_duplicate = DUPLICATE in name_of(link.get("type")).casefold()
        if is_duplicate and link.get("outwardIssue"):
            return str(link["outwardIssue"]["key"])
    return None

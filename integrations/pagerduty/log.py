"""The log of an incident: https://developer.pagerduty.com/api-reference/c661e065403b5-list-log-entries"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from integrations.pagerduty.account import name_of
from integrations.pagerduty.history import Item, instant

ACKNOWLEDGE, RESOLVE, NOTIFY = "acknowledge", "resolve", "notify"
QUIET = ("email", "short_email")
"""E-mail interrupts nobody."""


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


def times(known: Sequence[Entry], kind: str) -> list[datetime]:
    return [each.at for each in known if each.kind == kind]

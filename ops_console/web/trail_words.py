"""An entry of the trail of decisions, as a reader wants it: what became of each value."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ops_console.core import units
from ops_console.records.audit import AuditEntry
from ops_console.web.view import workspace

UNTOLD = ("revision", "hash")
"""What the console counts for itself."""
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Difference:
    """`was` is None where something begins with this entry, `is_now` where something ends with it."""

    name: str
    was: str | None
    is_now: str | None


def differences(entry: AuditEntry) -> list[Difference]:
    """Every value that the entry names; of something new or gone, those that say anything."""
    before, after = entry.before or {}, entry.after or {}
    every = dict.fromkeys((*after, *before))
    # Numbers of other records tell a reader least.
    names = sorted((name for name in every if name not in UNTOLD), key=lambda name: name.endswith("_id"))
    if entry.before and entry.after:
        return [_difference(name, _told(before.get(name)), _told(after.get(name))) for name in names]
    if entry.after:
        return [_difference(name, None, _told(after[name])) for name in names if not _is_nothing(after[name])]
    return [_difference(name, _told(before[name]), None) for name in names if not _is_nothing(before[name])]


def _difference(name: str, was: str | None, is_now: str | None) -> Difference:
    return Difference(name.replace("_", " "), was, is_now)


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _told(value: Any) -> str:
    if _is_nothing(value):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_told(each)}" for name, each in value.items())
    return _instant(str(value))


def _instant(text: str) -> str:
    """A time or a day as the pages write it; any other text as it is, cut where it is long."""
    try:
        if "T" in text:
            return units.instant(datetime.fromisoformat(text), workspace().zone)
        return units.day(date.fromisoformat(text)) if "-" in text else _cut(text)
    except ValueError:
        return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()} …"

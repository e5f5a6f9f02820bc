"""Issues that changed since last time, page by page, in the order in which they were made: that order stands still
while people change them, and what they change meanwhile comes with the next walk.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from integrations.jira.account import Item
from integrations.jira.api import Jira, Misunderstood
from integrations.jira.history import instant
from ops_console.core.clock import iso, now

OVERLAP = timedelta(minutes=10)
"""Clocks differ, and the search of Jira lags behind."""
HOUR = timedelta(hours=1)
ORDER = "ORDER BY created ASC, key ASC"

Place = dict[str, Any]
"""Where a walk was left. `at` is when the last whole one began. Within a walk: `began`, its `jql`, `next` to ask for
its next page, `made` when the last issue of the last page was made, and `total` of issues where Jira tells it.
"""


class Step(NamedTuple):
    """Issues, and when the last of them was made."""

    issues: Sequence[Item]
    made: datetime


def minute(at: datetime, zone: ZoneInfo) -> str:
    """A time as JQL takes it: in minutes, in the zone of the account, and never one that happened twice."""
    local = at.astimezone(zone)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        at -= HOUR
        local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}"


def quoted(names: Sequence[str]) -> str:
    """Names as JQL takes them."""
    return ", ".join('"{}"'.format(each.replace("\\", "\\\\").replace('"', '\\"')) for each in names)


def walk(
    jira: Jira, counted: str, zone: ZoneInfo, place: Place, since: datetime, fields: Sequence[str]
) -> Iterator[Step]:
    """What is `counted` and changed; a walk that was left is gone on with first."""
    if "jql" in place:
        yield from _pages(jira, place, since, fields)
    begin = max(since, instant(place["at"]) - OVERLAP) if "at" in place else since
    place |= {"began": iso(now()), "jql": f'{counted} AND updated >= "{minute(begin, zone)}" {ORDER}'}
    yield from _pages(jira, place, since, fields)


def _pages(jira: Jira, place: Place, since: datetime, fields: Sequence[str]) -> Iterator[Step]:
    is_resumed = True
    while "jql" in place:
        try:
            found = jira.page(place["jql"], place.get("next"), fields)
        except Misunderstood:
            if "next" not in place or not is_resumed:
                raise
            is_resumed = False
            _from_start(place)  # tokens grow old
            continue
        if found.total is not None and found.total < place.get("total", 0):
            _from_start(place)  # one was deleted, and those behind it have moved up
            continue
        made = max((instant(each["fields"]["created"]) for each in found.issues), default=since)
        place["made"] = iso(max(made, instant(place.get("made") or iso(since))))
        if found.next is None:
            place["at"] = place["began"]
            for name in ("jql", "next", "began", "total"):
                place.pop(name, None)
        else:
            place |= {"next": found.next} | ({"total": found.total} if found.total is not None else {})
        yield Step(found.issues, instant(place["made"] if "jql" in place else iso(now())))


def _from_start(place: Place) -> None:
    place.pop("next", None)
    place.pop("total", None)

"""Lists walked from one instant to another: by windows of when things were made and, within a window, by offset.

No offset beyond twenty thousand is answered. A window that holds more is halved, and what was read of it is read again.
A walk can be left and gone on with at any page.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from integrations.jsm_operations.account import Item, instant
from integrations.jsm_operations.api import LIMIT, Items
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import iso

MOST = 20_000
"""The offset and the limit of a request come to no more than this."""
MONTH, TICK = timedelta(days=30), timedelta(milliseconds=1)
Place = dict[str, Any]
"""Where a walk was left: everything before `at` is read. Within a window, `to` is its end and `offset` what to ask for
next.
"""


class Step(NamedTuple):
    """Items, and how far the walk has come."""

    items: Sequence[Item]
    reached: datetime


class Listing(Protocol):
    """How a list is asked for."""

    def __call__(self, offset: int, *, sort: str, order: str, query: str) -> Items: ...


def walk(listing: Listing, what: str, place: Place, until: datetime) -> Iterator[Step]:
    """Everything made from where the place lies to `until`; the place moves on with each step."""
    while (at := instant(place["at"])) < until:
        end = instant(place["to"]) if "to" in place else min(at + MONTH, until)
        offset = place.get("offset", 0)
        items, has_more = listing(offset, sort="createdAt", order="asc", query=made_between(at, end))
        if not has_more:
            _move(place, at=iso(end))
        elif offset + 2 * LIMIT <= MOST:
            _move(place, at=iso(at), to=iso(end), offset=offset + LIMIT)
        else:
            _move(place, at=iso(at), to=iso(_middle(at, end, what)))
        yield Step(items, instant(place["at"]))


def begin_again(place: Place, since: datetime, overlap: timedelta) -> None:
    """Where the next walk begins: a little before the end of the last, unless that was left on its way."""
    if "at" not in place:
        place["at"] = iso(since)
    elif "to" not in place:
        place["at"] = iso(max(since, instant(place["at"]) - overlap))


def made_between(at: datetime, end: datetime) -> str:
    """In milliseconds, which are in no zone."""
    return f"createdAt >= {_milliseconds(at)} AND createdAt < {_milliseconds(end)}"


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _move(place: Place, **to: Any) -> None:
    place.clear()
    place.update(to)


def _middle(at: datetime, end: datetime, what: str) -> datetime:
    middle = at + (end - at) / 2
    middle = middle.replace(microsecond=middle.microsecond // 1000 * 1000)
    if middle - at < TICK:
        raise Rejected(
            f"More than {MOST:,} of {what} were made in one millisecond, at {iso(at)}, and no more are told.",
            remedy="Use the key of a team that sees fewer of them.",
        )
    return middle

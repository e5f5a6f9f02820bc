"""Lists of PagerDuty, walked from one instant to another: by windows of time and, within a window, by offset.

PagerDuty answers no offset beyond ten thousand and no window beyond six months. A window that holds more is halved, and
what was read of it is read again. A walk can be left and gone on with at any page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from integrations.pagerduty.api import PagerDuty
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import iso

LIMIT = 100
MOST = 10_000
"""The offset and the limit of a request come to no more than this."""
SECOND = timedelta(seconds=1)
MONTH, HALF_YEAR = timedelta(days=30), timedelta(days=180)

Item = Mapping[str, Any]
Place = dict[str, Any]
"""Where a walk was left: everything before `at` is read. Within a window, `to` is its end and `offset` what to ask for
next.
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its address, the key its items lie under, what it is called, and how wide its windows are."""

    address: str
    key: str
    what: str
    width: timedelta = MONTH
    params: Mapping[str, Any] = field(default_factory=dict)

    def page(self, pagerduty: PagerDuty, offset: int, **said: Any) -> tuple[Sequence[Item], bool]:
        """Items, and whether more follow. A page may be empty and yet be followed by others."""
        answer = pagerduty.read(self.address, self.what, {**self.params, **said, "limit": LIMIT, "offset": offset})
        return answer.get(self.key) or (), bool(answer.get("more"))


class Step(NamedTuple):
    """Items, and how far the walk has come."""

    items: Sequence[Item]
    reached: datetime


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def whole(at: datetime) -> datetime:
    """An instant in whole seconds, as PagerDuty writes them."""
    return at.replace(microsecond=0)


def walk(pagerduty: PagerDuty, listing: Listing, place: Place, until: datetime) -> Iterator[Step]:
    """Everything from where the place lies to `until`; the place moves on with each step."""
    while (at := instant(place["at"])) < until:
        end = instant(place["to"]) if "to" in place else min(at + listing.width, until)
        offset = place.get("offset", 0)
        items, has_more = listing.page(pagerduty, offset, since=iso(at), until=iso(end))
        if not has_more:
            _move(place, at=iso(end))
        elif offset + 2 * LIMIT <= MOST:
            _move(place, at=iso(at), to=iso(end), offset=offset + LIMIT)
        else:
            _move(place, at=iso(at), to=iso(_middle(at, end, listing)))
        yield Step(items, instant(place["at"]))


def begin_again(place: Place, since: datetime, overlap: timedelta) -> None:
    """Where the next walk begins: a little before the end of the last, unless that was left on its way."""
    if "at" not in place:
        place["at"] = iso(since)
    elif "to" not in place:
        place["at"] = iso(max(since, instant(place["at"]) - overlap))


def _move(place: Place, **to: Any) -> None:
    place.clear()
    place.update(to)


def _middle(at: datetime, end: datetime, listing: Listing) -> datetime:
    middle = whole(at + (end - at) / 2)
    if middle - at < SECOND:
        raise Rejected(
            f"PagerDuty holds more than {MOST:,} of {listing.what} in one second, at {iso(at)}, and tells no more.",
            remedy="Use the key of a user who sees fewer teams.",
        )
    return middle

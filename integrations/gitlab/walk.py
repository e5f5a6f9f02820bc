"""Lists of GitLab, walked by the time of change, oldest first.

Whatever changes while a walk is under way moves to its end and is met again. Each page is asked for from the last
change that was seen, and not by its number: an item that moves would shift the others past us, and GitLab refuses
offsets beyond fifty thousand. Only where a whole page changed at one instant is it asked for by number.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from integrations.gitlab.account import Item, instant
from integrations.gitlab.api import GitLab
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso, now

OVERLAP = timedelta(minutes=10)
"""Clocks differ, and what GitLab reads from may lag behind."""
TICK = timedelta(milliseconds=1)
"""Times are told in milliseconds, and known more finely."""
GIVEN_UP, MOST_OPEN = timedelta(days=30), 100
"""What is open for longer is not asked for one by one; of many the newest are."""
ORDER = {"order_by": "updated_at", "sort": "asc"}
Place = dict[str, Any]
"""Where a list was left: what changed before `at` is read, and `open` is asked for again. Within a walk `began` is when
that was begun, and `page` what to ask for with `at`.
"""


class Step(NamedTuple):
    """Facts, and how far the walk has come."""

    told: Sequence[Told]
    reached: datetime


class Listing(Protocol):
    """One list of a project."""

    @property
    def address(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def params(self) -> dict[str, Any]: ...

    def told(self, gitlab: GitLab, items: Sequence[Item]) -> list[Told]: ...

    def number(self, item: Item) -> int:
        """What an item is asked for by."""
        ...

    def is_open(self, item: Item) -> bool: ...

    def gone(self, number: int) -> Sequence[Told]:
        """What it means that an open item is not there any more."""
        ...


def walk(gitlab: GitLab, listing: Listing, place: Place, since: datetime) -> Iterator[Step]:
    if place.get("open"):
        yield Step(_open_again(gitlab, listing, place), instant(place.get("at") or iso(since)))
    if "began" not in place:
        at = instant(place["at"]) - OVERLAP if "at" in place else since
        place |= {"at": iso(max(since, at)), "began": iso(now()), "page": 1}
    while "began" in place:
        at = instant(place["at"])
        asked = {**listing.params, **ORDER, "updated_after": iso(at)}
        found = gitlab.page(listing.address, listing.what, place["page"], **asked)
        told = listing.told(gitlab, found.items)
        still_open = {listing.number(each) for each in found.items if _is_young(listing, each)}
        known = set(place.get("open", ())) - {listing.number(each) for each in found.items}
        place["open"] = _newest(known | still_open)
        _move(place, at, max((instant(each["updated_at"]) for each in found.items), default=at), found.next)
        yield Step(told, instant(place["at"]))


def _move(place: Place, at: datetime, newest: datetime, following: int | None) -> None:
    """On to what changed later, to the next page of the same instant, or to the end."""
    if following is None:
        place["at"] = place.pop("began")
        del place["page"]
    elif newest - TICK > at:
        place |= {"at": iso(newest - TICK), "page": 1}
    else:
        place["page"] = following


def _open_again(gitlab: GitLab, listing: Listing, place: Place) -> list[Told]:
    told: list[Told] = []
    items = []
    for number in place["open"]:
        item = gitlab.found(f"{listing.address}/{number}", listing.what)
        if item is None:
            told += listing.gone(number)
        else:
            items.append(item)
    place["open"] = _newest({listing.number(each) for each in items if _is_young(listing, each)})
    return told + listing.told(gitlab, items)


def _newest(numbers: set[int]) -> list[int]:
    return sorted(numbers)[-MOST_OPEN:]


def _is_young(listing: Listing, item: Item) -> bool:
    return listing.is_open(item) and instant(item["created_at"]) > now() - GIVEN_UP

"""Lists that GitHub gives newest first, with no way to ask for what changed since: deployments and workflow runs.

A walk goes from the newest to a page of which everything is known, and can be left and gone on with at any page. What
changed since the last walk began is read again, and what is still open is asked for one by one, however old it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from integrations.github.api import GitHub, as_json
from integrations.github.deployments import instant
from ops_console.contracts.sources import Told
from ops_console.core.clock import now

PER_PAGE = 100
OVERLAP = timedelta(hours=1)
"""Clocks differ, and lists may lag behind."""
GIVEN_UP = timedelta(days=30)
"""What is open for longer is not asked for again: nobody will close it."""
MOST_OPEN = 100
"""Each costs a request each time. Of a repository that never closes any, the newest are asked for."""

Item = Mapping[str, Any]
Place = dict[str, Any]
"""Where a list was left: `known` is the newest id of the last whole walk and `seen` when that began, `open` what to ask
for again. Within a walk, `next` is the page to go on with, `top` the newest id it met and `began` its own beginning.
`etag` makes asking free where nothing changed.
"""


class Step(NamedTuple):
    """Facts, and how far back the walk has come."""

    told: Sequence[Told]
    back_to: datetime


class Listing(Protocol):
    """One list."""

    @property
    def address(self) -> str: ...
    @property
    def what(self) -> str: ...

    def items(self, answer: Any) -> Sequence[Item]: ...

    def one(self, number: int) -> str:
        """The address of one item."""
        ...

    def told(self, github: GitHub, items: Sequence[Item]) -> tuple[list[Told], set[int]]:
        """The facts of some items, and which of them are open."""
        ...

    def gone(self, number: int) -> Sequence[Told]:
        """What it means that an open item is not there any more."""
        ...


def walk(github: GitHub, listing: Listing, place: Place, since: datetime) -> Iterator[Step]:
    """Everything new, and everything that may have changed; `place` moves on with each step."""
    if place.get("open"):
        yield Step(_open_again(github, listing, place), now())
    if "next" in place:
        yield from _from_page(github, listing, place, since, place["next"])
    yield from _from_page(github, listing, place, since, listing.address)


def _open_again(github: GitHub, listing: Listing, place: Place) -> list[Told]:
    told: list[Told] = []
    items = []
    for number in place["open"]:
        item = github.found(listing.one(number), listing.what)
        if item is None:
            told += listing.gone(number)
        else:
            items.append(item)
    facts, still_open = listing.told(github, items)
    young = {item["id"] for item in items if _created(item) > now() - GIVEN_UP}
    place["open"] = _newest(still_open & young)
    return told + facts


def _from_page(github: GitHub, listing: Listing, place: Place, since: datetime, address: str) -> Iterator[Step]:
    is_first = address == listing.address
    known, recent = place.get("known", 0), instant(place["seen"]) - OVERLAP if "seen" in place else since
    while address:
        etag = place.get("etag") if is_first else None
        answer = github.read(address, listing.what, etag=etag, params={"per_page": PER_PAGE} if is_first else None)
        if answer.status_code == 304:
            return
        items = listing.items(as_json(answer))
        fresh = [one for one in items if _created(one) >= since and (one["id"] > known or _changed(one) >= recent)]
        told, still_open = listing.told(github, fresh)
        place["open"] = _newest(set(place.get("open", ())) - {one["id"] for one in fresh} | still_open)
        if is_first:
            place["top"] = max((one["id"] for one in items), default=known)
            place["walked"], place["began"] = answer.headers.get("etag"), now().isoformat()
        following = answer.links.get("next", {}).get("url", "")
        address = following if fresh or not items else ""
        is_first = False
        _move(place, address)
        yield Step(told, min(map(_created, items), default=now()))


def _newest(numbers: set[int]) -> list[int]:
    return sorted(numbers)[-MOST_OPEN:]


def _move(place: Place, address: str) -> None:
    """On to the next page, or to the end of the walk."""
    if address:
        place["next"] = address
        return
    place.pop("next", None)
    place["known"] = max(place.get("known", 0), place.pop("top", 0))
    place["etag"], place["seen"] = place.pop("walked", None), place.pop("began", now().isoformat())


def _created(item: Item) -> datetime:
    return instant(item["created_at"])


def _changed(item: Item) -> datetime:
    """GitHub moves it with each status of a deployment and each attempt of a run."""
    return instant(item.get("updated_at") or item["created_at"])

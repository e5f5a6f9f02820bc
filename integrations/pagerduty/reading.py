"""One run of asking PagerDuty: what is open, what is new, what changed, and who was on call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from integrations.pagerduty import incidents, log, shifts
from integrations.pagerduty.account import Account
from integrations.pagerduty.api import PagerDuty
from integrations.pagerduty.history import (
    HALF_YEAR,
    LIMIT,
    MOST,
    Item,
    Listing,
    Place,
    begin_again,
    instant,
    walk,
    whole,
)
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso, now

INCIDENTS = Listing("/incidents", "incidents", "the incidents", params={"sort_by": "created_at:asc"})
OPEN = Listing(
    "/incidents",
    "incidents",
    "the open incidents",
    params={"statuses[]": ["triggered", "acknowledged"], "date_range": "all", "sort_by": "created_at:desc"},
)
CHANGES = Listing("/log_entries", "log_entries", "the log entries", params={"is_overview": "false"})
ONCALLS = Listing("/oncalls", "oncalls", "the on-call entries")
OVERLAP = timedelta(minutes=10)
"""Clocks differ, and lists may lag behind."""
SHIFTS_EVERY, SHIFTS_OVERLAP = timedelta(hours=6), timedelta(days=1)
MOST_OPEN = 1_000
"""So many open incidents are compared with what they were, the newest; the log tells when others change."""


@dataclass
class Reading:
    """One run. `read` are the incidents it has read so far: each is read once, and after the run began."""

    pagerduty: PagerDuty
    account: Account
    state: dict[str, Any]
    since: datetime
    began: datetime = field(default_factory=lambda: whole(now()))
    read: set[str] = field(default_factory=set)

    def walks(self) -> Sequence[Iterator[tuple[Sequence[Told], datetime]]]:
        # The log is walked from the first run on, that nothing is missed which changes while a backfill is under way.
        self._place("log").setdefault("at", iso(self.began))
        begin_again(self._place("log"), self.since, OVERLAP)
        begin_again(self._place("incidents"), _midnight(self.since), OVERLAP)
        return (self._open(), self._new(), self._changed(), self._shifts())

    def _place(self, name: str) -> Place:
        place: Place = self.state.setdefault(name, {})
        return place

    def _open(self) -> Iterator[tuple[Sequence[Told], datetime]]:
        """Those that were open last time and are no more, and every open one that changed, however old."""
        known: dict[str, str] = self.state.setdefault("open", {})
        counted = (each for each in _all_pages(self.pagerduty, OPEN) if self._counts(each))
        standing = {str(each["id"]): each for each in islice(counted, MOST_OPEN)}
        for numbers in _batches(sorted(known.keys() - standing.keys())):
            told = self._one_by_one(numbers)
            for number in numbers:
                del known[number]
            yield told, self.began
        for numbers in _batches([each for each in standing if known.get(each) != _stamp(standing[each])]):
            told = self._facts([standing[number] for number in numbers])
            known |= {number: _stamp(standing[number]) for number in numbers}
            yield told, self.began

    def _new(self) -> Iterator[tuple[Sequence[Told], datetime]]:
        for step in walk(self.pagerduty, INCIDENTS, self._place("incidents"), self.began):
            yield self._facts(step.items), step.reached

    def _changed(self) -> Iterator[tuple[Sequence[Told], datetime]]:
        for step in walk(self.pagerduty, CHANGES, self._place("log"), self.began):
            told_of = [each for each in step.items if each.get("incident") and self._may_count(each)]
            yield self._one_by_one({str(each["incident"]["id"]) for each in told_of}), step.reached

    def _shifts(self) -> Iterator[tuple[Sequence[Told], datetime]]:
        place = self._place("shifts")
        if "to" not in place and "at" in place and self.began - instant(place["at"]) < SHIFTS_EVERY:
            return
        begin_again(place, self.since, SHIFTS_OVERLAP)
        for step in walk(self.pagerduty, ONCALLS, place, self.began):
            told = shifts.ended(step.items, self.began, self.account)
            yield [each for each in told if instant(each.values["ended_at"]) > self.since], step.reached

    def _one_by_one(self, numbers: Iterable[str]) -> list[Told]:
        told: list[Told] = []
        for number in sorted(set(numbers) - self.read):
            answer = self.pagerduty.found(f"/incidents/{number}", f"the incident {number}")
            self.read.add(number)
            if answer is not None:
                told += self._facts([answer["incident"]], is_read=True)
            elif number in self.state["open"]:
                told += incidents.gone(number)
        return told

    def _facts(self, found: Iterable[Item], *, is_read: bool = False) -> list[Told]:
        told: list[Told] = []
        for each in found:
            if self._counts(each) and (is_read or str(each["id"]) not in self.read):
                self.read.add(str(each["id"]))
                told += incidents.from_log(each, self._log(each), self.account)
        return told

    def _log(self, incident: Item) -> list[log.Entry]:
        address, what = f"/incidents/{incident['id']}/log_entries", f"the log of {incident['id']}"
        listing = Listing(address, "log_entries", what, HALF_YEAR, CHANGES.params)
        place = {"at": iso(instant(incident["created_at"]) - OVERLAP)}
        steps = walk(self.pagerduty, listing, place, whole(now()) + OVERLAP)
        entries = {each["id"]: log.entry(each) for step in steps for each in step.items}
        return list(entries.values())

    def _counts(self, incident: Item) -> bool:
        return instant(incident["created_at"]) >= self.since and self.account.has_service(incident.get("service"))

    def _may_count(self, entry: Item) -> bool:
        """Whether the incident is worth a look; entries need not say of which service it is."""
        return not entry.get("service") or self.account.has_service(entry["service"])


def _all_pages(pagerduty: PagerDuty, listing: Listing) -> Iterator[Item]:
    for offset in range(0, MOST, LIMIT):
        items, has_more = listing.page(pagerduty, offset)
        yield from items
        if not has_more:
            return


def _batches(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many as one page brings; what they say is kept before the next are asked for."""
    return (numbers[begin : begin + LIMIT] for begin in range(0, len(numbers), LIMIT))


def _stamp(incident: Item) -> str:
    """What moves when an open incident changes; of one that has no such thing the present, so that it is read again."""
    return str(incident.get("updated_at") or iso(now()))


def _midnight(at: datetime) -> datetime:
    """Windows begin with a day: how finely PagerDuty tells the times of a list apart is not said."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)

"""Asks PagerDuty for incidents with their logs, and for who was on call."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from integrations.pagerduty import incidents, shifts
from integrations.pagerduty.account import Account, account, name_of
from integrations.pagerduty.api import PagerDuty
from integrations.pagerduty.history import (
    HALF_YEAR,
    LIMIT,
    MONTH,
    MOST,
    Item,
    Listing,
    Place,
    Step,
    begin_again,
    instant,
    walk,
    whole,
)
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup, Told
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
"""So many open incidents are remembered, the newest; the log tells when others change."""
PREVIEW_PAGES = 10


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    lines = []
    with PagerDuty(account(setup.settings), setup) as pagerduty:
        for listing in (INCIDENTS, CHANGES, ONCALLS):
            pagerduty.read(listing.address, listing.what, {"limit": 1})
            lines.append(f"{listing.what.capitalize()} can be read.")
    return tuple(lines)


def discover(setup: Setup, since: datetime) -> Discovery:
    """Incidents by service and priority, and shifts by schedule; of a very busy account the oldest."""
    here = account(setup.settings)
    with PagerDuty(here, setup) as pagerduty:
        seen = _previewed(pagerduty, INCIDENTS, since)
        oncalls = _previewed(pagerduty, ONCALLS, max(since, now() - MONTH))
    services = Counter(name_of(each.get("service")) for each in seen)
    schedules = Counter(told.values["schedule"] for told in shifts.ended(oncalls, now(), here))
    unknown = sorted({name for each in seen if (name := name_of(each.get("priority"))) and not _severity(here, each)})
    lines = [
        f"{len(seen)} incidents of {len(services)} services.",
        f"{schedules.total()} shifts that ended in {len(schedules)} schedules.",
        *(f"No severity is known for the priority {name}." for name in unknown),
    ]
    asked = (
        Question("services", "Which services count?", "incidents", _found(services)),
        Question("schedules", "Whose shifts count?", "shifts", _found(schedules)),
    )
    return Discovery(tuple(lines), tuple(each for each in asked if each.found))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """List by list. One that cannot be read does not keep the others from being read."""
    here, state, trouble = account(setup.settings), deepcopy(dict(cursor)), None
    days = max(1, (now() - since).days)
    with PagerDuty(here, setup) as pagerduty:
        walks = _Reading(pagerduty, here, state, since).walks()
        for number, steps in enumerate(walks):
            try:
                for told, reached in steps:
                    walked = min(days, max(0, (reached - since).days))
                    yield Page(told, deepcopy(state), number * days + walked, len(walks) * days)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble


@dataclass
class _Reading:
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
        """Every open incident, however old, and those that were open last time."""
        known: dict[str, str] = self.state.setdefault("open", {})
        standing = {str(each["id"]): each for each in _all_pages(self.pagerduty, OPEN) if self._counts(each)}
        fresh = [each for number, each in standing.items() if known.get(number) != _stamp(each)]
        told = [*self._facts(fresh), *self._one_by_one(known.keys() - standing.keys())]
        self.state["open"] = {number: _stamp(each) for number, each in islice(standing.items(), MOST_OPEN)}
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

    def _log(self, incident: Item) -> list[incidents.Entry]:
        address, what = f"/incidents/{incident['id']}/log_entries", f"the log of {incident['id']}"
        listing = Listing(address, "log_entries", what, HALF_YEAR, CHANGES.params)
        place = {"at": iso(instant(incident["created_at"]) - OVERLAP)}
        steps = walk(self.pagerduty, listing, place, whole(now()) + OVERLAP)
        entries = {each["id"]: incidents.entry(each) for step in steps for each in step.items}
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


def _previewed(pagerduty: PagerDuty, listing: Listing, since: datetime) -> list[Item]:
    steps: Iterator[Step] = walk(pagerduty, listing, {"at": iso(whole(since))}, whole(now()))
    return [each for step in islice(steps, PREVIEW_PAGES) for each in step.items]


def _found(counts: Counter[str]) -> tuple[Found, ...]:
    return tuple(Found(name, count, suggested=True) for name, count in counts.most_common())


def _severity(here: Account, incident: Item) -> str | None:
    return here.severity(incident.get("priority"))


def _stamp(incident: Item) -> str:
    """What moves when an open incident changes; of one that has no such thing the present, so that it is read again."""
    return str(incident.get("updated_at") or iso(now()))


def _midnight(at: datetime) -> datetime:
    """Windows begin with a day: how finely PagerDuty tells the times of a list apart is not said."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)

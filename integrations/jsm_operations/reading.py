"""One run of asking: new alerts, changed alerts, open ones that are gone, incidents, and who was on call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.jsm_operations import alerts, incidents, shifts
from integrations.jsm_operations.account import Account, Item, instant
from integrations.jsm_operations.api import LIMIT, Operations
from integrations.jsm_operations.history import MOST, Place, begin_again, walk
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso, now

OVERLAP = timedelta(minutes=10)
"""Clocks differ, and the search lags behind."""
SHIFTS_EVERY, WINDOW, YEAR = timedelta(hours=6), timedelta(weeks=4), timedelta(days=365)
"""JSM tells no timeline that is older than a year."""
EDITED_AFTER = timedelta(days=7)
"""Incidents of so many days are read again: nothing tells which of them were edited after their end."""
MOST_OPEN = 1_000
Steps = Iterator[tuple[Sequence[Told], datetime]]


@dataclass
class Reading:
    """One run."""

    operations: Operations
    account: Account
    state: dict[str, Any]
    since: datetime
    began: datetime = field(default_factory=now)
    services: dict[str, str] = field(default_factory=dict)

    def walks(self) -> Sequence[Steps]:
        # Changes are walked from the first run on, that nothing is missed which changes while a backfill is under way.
        self._place("changed").setdefault("at", iso(self.began))
        begin_again(self._place("alerts"), self.since, OVERLAP)
        if not self.account.is_opsgenie:
            return (self._new(), self._changed(), self._missing(), self._shifts())
        begin_again(self._place("incidents"), self.since, EDITED_AFTER)
        return (
            self._new(),
            self._changed(),
            self._missing(),
            self._incidents(),
            self._open_incidents(),
            self._shifts(),
        )

    def _place(self, name: str) -> Place:
        place: Place = self.state.setdefault(name, {})
        return place

    def _known(self, name: str) -> list[str]:
        found: list[str] = self.state.setdefault(name, [])
        return found

    def _new(self) -> Steps:
        for step in walk(self.operations.alerts, "the alerts", self._place("alerts"), self.began):
            yield self._alerts(step.items), step.reached

    def _changed(self) -> Steps:
        """From what changed last back to what is known: whatever changes meanwhile moves to the front."""
        place = self._place("changed")
        place.setdefault("began", iso(self.began))
        floor = instant(place["at"]) - OVERLAP
        while "began" in place:
            offset = place.get("offset", 0)
            items, has_more = self.operations.alerts(offset, sort="updatedAt", order="desc")
            is_over = not has_more or any(instant(each["updatedAt"]) < floor for each in items)
            if not is_over and offset + 2 * LIMIT > MOST:
                self.state["alerts"] = {"at": iso(self.since)}  # too many to tell; all of them are read again
                is_over = True
            if is_over:
                self.state["changed"] = place = {"at": place["began"]}
            else:
                place["offset"] = offset + LIMIT
            yield self._alerts([each for each in items if instant(each["updatedAt"]) >= floor]), self.began

    def _missing(self) -> Steps:
        """Open alerts that are not found among the open ones any more: deleted, or closed just now."""
        if not self._known("open"):
            return
        standing: set[str] = set()
        for offset in range(0, MOST, LIMIT):
            items, has_more = self.operations.alerts(offset, sort="createdAt", order="desc", query="status: open")
            standing |= {str(each["id"]) for each in items}
            if not has_more:
                break
        missing = [each for each in self._known("open") if each not in standing]
        told: list[Told] = []
        for number in missing:
            alert = self.operations.alert(number)
            self._known("open").remove(number)
            told += [alerts.gone(number, now())] if alert is None else self._alerts([alert])
        yield told, self.began

    def _alerts(self, items: Sequence[Item]) -> list[Told]:
        counted = [each for each in items if instant(each["createdAt"]) >= self.since]
        numbers = {str(each["id"]): alerts.is_open(each) for each in counted}
        still = [each for each in self._known("open") if each not in numbers]
        self.state["open"] = [*still, *(number for number, is_open in numbers.items() if is_open)][-MOST_OPEN:]
        return [alerts.from_poll(each, self.account) for each in counted]

    def _incidents(self) -> Steps:
        for step in walk(self.operations.incidents, "the incidents", self._place("incidents"), self.began):
            yield [self._incident(each) for each in step.items], step.reached

    def _open_incidents(self) -> Steps:
        """However old."""
        told: list[Told] = []
        for number in list(self._known("open_incidents")):
            incident = self.operations.incident(number)
            self._known("open_incidents").remove(number)
            told.append(incidents.gone(number, now()) if incident is None else self._incident(incident))
        if told:
            yield told, self.began

    def _incident(self, incident: Item) -> Told:
        number = str(incident["id"])
        others = [each for each in self._known("open_incidents") if each != number]
        self.state["open_incidents"] = [*others, *([number] if incidents.is_open(incident) else [])][-MOST_OPEN:]
        services = [self._service(str(each)) for each in incident.get("impactedServices") or ()]
        return incidents.fact(incident, self.operations.timeline_of(number), services)

    def _service(self, number: str) -> str:
        if number not in self.services:
            self.services[number] = self.operations.service(number)
        return self.services[number]

    def _shifts(self) -> Steps:
        """Windows of four weeks, each asked for from four weeks before, that no shift is cut at its beginning."""
        place = self._place("shifts")
        if "at" in place and self.began - instant(place["at"]) < SHIFTS_EVERY:
            return
        oldest = self.since if self.account.is_opsgenie else max(self.since, self.began - YEAR)
        at = instant(place["at"]) if "at" in place else oldest
        schedules = [each for each in every_schedule(self.operations) if self.account.has_schedule(each)]
        while at < self.began:
            end = min(at + WINDOW, self.began)
            told = [shift for each in schedules for shift in self._ended(each, at, end)]
            at = end
            place["at"] = iso(at)
            yield told, at

    def _ended(self, schedule: Item, at: datetime, end: datetime) -> list[Told]:
        rotations = self.operations.rotations(schedule, iso(at - WINDOW), 2 * WINDOW.days // 7)
        found = [each for each in shifts.stints(rotations) if at < each.ended <= end and each.ended > self.since]
        unnamed = {each.person for each in found if not each.name and each.person.casefold() not in self.account.people}
        return shifts.told(found, schedule, self.account, self.operations.people(sorted(unnamed)))


def every_schedule(operations: Operations) -> Iterator[Item]:
    for offset in range(0, MOST, LIMIT):
        items, has_more = operations.schedules(offset)
        yield from items
        if not has_more:
            return

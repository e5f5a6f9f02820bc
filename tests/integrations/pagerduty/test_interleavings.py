"""Whatever order webhooks and polls come in, late, twice, lost or replayed: the records are the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, delete, select

from integrations.pagerduty import MANIFEST, collector, webhook
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources, sync
from ops_console.jobs.timetable import Office
from ops_console.records.alerts import Alert, Shift
from ops_console.records.incidents import Incident
from ops_console.records.schema import metadata
from tests.integrations.pagerduty.pager import BEGAN, SEARCH, SECRET, TOKEN, Pager

OURS = {"id", "ingested_at", "fingerprint", "entry_id"}
MINUTE = timedelta(minutes=1)
MERGED = {"type": "merge_resolve_reason", "incident": {"id": "Q4", "type": "incident_reference"}}
Event = Callable[[Pager], dict[str, Any]]


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: one acknowledged twice and reopened, one nobody took, one merged, one still open."""
    at = [BEGAN + number * 30 * 60 * MINUTE for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda pager: pager.trigger(at[0])),
        (0, lambda pager: pager.prioritise("Q1", "P2", at[0])),
        (0, lambda pager: pager.acknowledge("Q1", at[0])),
        (1, lambda pager: pager.trigger(at[1], urgency="low")),
        (1, lambda pager: pager.unacknowledge("Q1", at[1])),
        (2, lambda pager: pager.acknowledge("Q1", at[2], "Ben")),
        (2, lambda pager: pager.resolve("Q1", at[2] + MINUTE)),
        (3, lambda pager: pager.resolve("Q2", at[3], "")),
        (3, lambda pager: pager.reopen("Q1", at[3])),
        (4, lambda pager: pager.trigger(at[4])),
        (4, lambda pager: pager.acknowledge("Q1", at[4])),
        (5, lambda pager: pager.resolve("Q1", at[5])),
        (6, lambda pager: pager.resolve("Q3", at[6], resolve_reason=MERGED)),
        (7, lambda pager: pager.trigger(at[7], SEARCH)),
        (7, lambda pager: pager.prioritise("Q4", "Critical", at[7])),
        (8, lambda pager: pager.acknowledge("Q4", at[8])),
        (8, lambda pager: pager.prioritise("Q4", "P3", at[8])),
    ]
    return [(at[place], event) for place, event in told]


@dataclass
class World:
    """A pager, and a console whose source watches it; `clock` goes with what happens."""

    pager: Pager
    office: Office
    clock: time_machine.Traveller

    def __post_init__(self) -> None:
        with transaction(self.office.engine) as session:
            places = {"token": "PAGER_TOKEN", WEBHOOK_SECRET: "PAGER_HOOK"}
            made = sources.add(session, MANIFEST, "pagerduty", self.pager.settings(), places, BEGAN, "ana")
        self.number = made.id or 0

    def happens(self, at: datetime, event: Event) -> dict[str, Any]:
        """Whoever is paged is notified, and on call for a day."""
        self.clock.move_to(at)
        sent = event(self.pager)
        if sent["event"] == "incident.triggered":
            number = f"Q{len(self.pager.incidents)}"
            self.pager.notify(number, "Ana", at)
            self.pager.notify(number, "Ben", at + MINUTE)
            self.pager.on_call("Ana", at, at + 24 * 60 * MINUTE)
        return sent

    def poll(self) -> None:
        """A minute later, when the lists have caught up."""
        self.clock.shift(MINUTE)
        assert sync.sync(self.office, self.number, "test").state == "done"

    def deliver(self, sent: Mapping[str, Any], times: int = 1) -> None:
        with transaction(self.office.engine) as session:
            source = sources.named(session, "pagerduty")
            webhook.verify(sent["headers"], sent["body"], [SECRET], now())
            for _ in range(times):
                inbox.receive(session, source, webhook.arrival(sent["headers"], sent["body"]), sent["body"], now())
        inbox.process(self.office)

    def replay(self) -> None:
        with reading(self.office.engine) as session:
            source = sources.named(session, "pagerduty")
        inbox.replay(self.office, source)

    def records(self) -> dict[str, list[Any]]:
        with reading(self.office.engine) as session:
            found = {}
            for table in (Incident, Alert, Shift):
                rows = session.scalars(select(table).order_by(table.external_id))
                found[table.__name__] = [row.model_dump(exclude=OURS) for row in rows]
        return found


@pytest.fixture
def world(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> Callable[[], World]:
    """Each call begins a new world in the emptied database."""
    monkeypatch.setenv("PAGER_TOKEN", TOKEN)
    monkeypatch.setenv("PAGER_HOOK", SECRET)
    parts = Parts({"pagerduty": MANIFEST}, collectors={"pagerduty": collector}, webhooks={"pagerduty": webhook})
    office = Office(sqlite, parts, Settings(private_addresses="127.0.0.0/8,::1/128"))

    def fresh() -> World:
        with transaction(sqlite) as session:
            for table in reversed(metadata.sorted_tables):
                session.execute(delete(table))
        httpserver.clear()
        return World(Pager(httpserver, page=2), office, clock)

    return fresh


def truth(world: Callable[[], World]) -> dict[str, list[Any]]:
    """What one poll says when everything is over."""
    told = world()
    for at, event in story():
        told.happens(at, event)
    told.poll()
    return told.records()


def test_the_story_is_told_whole_by_one_poll(world: Callable[[], World]) -> None:
    found = truth(world)
    incidents = {row["external_id"]: row for row in found["Incident"]}
    assert [row["status"] for row in incidents.values()] == ["resolved", "resolved", "resolved", "acknowledged"]
    assert incidents["Q1"]["acknowledged_at"] == BEGAN
    assert incidents["Q1"]["restored_at"] < incidents["Q1"]["resolved_at"]
    assert (incidents["Q3"]["duplicate_of"], incidents["Q4"]["severity"]) == ("Q4", "SEV3")
    pages = {row["external_id"]: row["person"] for row in found["Alert"]}
    assert pages == {f"Q{n}{who}": who[1:] or "Ana" for n in (1, 2, 3, 4) for who in ("", "/Ben")}
    assert len(found["Shift"]) == 4


def test_any_interleaving_ends_in_the_same_records(world: Callable[[], World]) -> None:
    expected = truth(world)

    @settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def interleaved(data: st.DataObject) -> None:
        here, waiting = world(), []
        for at, event in story():
            sent = here.happens(at, event)
            fate = data.draw(st.sampled_from(["now", "twice", "later", "lost", "poll"]))
            if fate in ("now", "twice"):
                here.deliver(sent, 2 if fate == "twice" else 1)
            elif fate == "later":
                waiting.append(sent)
            elif fate == "poll":
                here.poll()
        late = data.draw(st.permutations(waiting))
        half = len(late) // 2
        for sent in late[:half]:
            here.deliver(sent)
        here.poll()
        for sent in late[half:]:
            here.deliver(sent)
        if data.draw(st.booleans()):
            here.replay()
        assert here.records() == expected

    interleaved()


def test_webhooks_alone_tell_what_needs_no_log(world: Callable[[], World]) -> None:
    here = world()
    for at, event in story():
        here.deliver(here.happens(at, event))
    rows = here.records()["Incident"]
    assert [row["status"] for row in rows] == ["resolved", "resolved", "resolved", "acknowledged"]
    assert rows[0]["restored_at"] < rows[0]["updated_at"] + MINUTE

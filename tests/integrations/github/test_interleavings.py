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

from integrations.github import MANIFEST, collector, webhook
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources, sync
from ops_console.jobs.timetable import Office
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.records.pipelines import PipelineRun
from ops_console.records.schema import metadata
from tests.integrations.github.forge import BEGAN, SECRET, TOKEN, Forge

OURS = {"id", "ingested_at", "fingerprint", "release_id", "entry_id"}
MINUTE = timedelta(minutes=1)
Event = Callable[[Forge], dict[str, Any]]


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: retries, seconds shared by several statuses, replacements, a run started again."""
    at = [BEGAN + number * 30 * 60 * MINUTE for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda forge: forge.deploy(at[0])),
        (0, lambda forge: forge.status(1000, "queued", at[0])),
        (0, lambda forge: forge.status(1000, "in_progress", at[0])),
        (0, lambda forge: forge.status(1000, "success", at[0])),
        (1, lambda forge: forge.deploy(at[1], payload={"version": "2"})),
        (1, lambda forge: forge.status(1001, "in_progress", at[1])),
        (2, lambda forge: forge.merge(5, at[2])),
        (2, lambda forge: forge.status(1001, "failure", at[2])),
        (3, lambda forge: forge.start_run(77, at[3])),
        (4, lambda forge: forge.end_run(77, "failure", at[4])),
        (4, lambda forge: forge.status(1001, "success", at[4])),
        (4, lambda forge: forge.status(1000, "inactive", at[4])),
        (5, lambda forge: forge.start_run(77, at[5], attempt=2)),
        (6, lambda forge: forge.merge(6, at[6])),
        (7, lambda forge: forge.deploy(at[7], "staging")),
        (8, lambda forge: forge.status(1002, "error", at[8])),
        (8, lambda forge: forge.end_run(77, "success", at[8])),
    ]
    return [(at[place], event) for place, event in told]


@dataclass
class World:
    """A forge, and a console whose source watches it; `clock` goes with what happens."""

    forge: Forge
    office: Office
    clock: time_machine.Traveller

    def __post_init__(self) -> None:
        with transaction(self.office.engine) as session:
            places = {"token": "FORGE_TOKEN", WEBHOOK_SECRET: "FORGE_HOOK"}
            made = sources.add(session, MANIFEST, "github", self.forge.settings(), places, BEGAN, "ana")
        self.number = made.id or 0

    def happens(self, at: datetime, event: Event) -> dict[str, Any]:
        self.clock.move_to(at)
        return event(self.forge)

    def poll(self) -> None:
        assert sync.sync(self.office, self.number, "test").state == "done"

    def deliver(self, sent: Mapping[str, Any], times: int = 1) -> None:
        with transaction(self.office.engine) as session:
            source = sources.named(session, "github")
            webhook.verify(sent["headers"], sent["body"], [SECRET], now())
            for _ in range(times):
                inbox.receive(session, source, webhook.arrival(sent["headers"], sent["body"]), sent["body"], now())
        inbox.process(self.office)

    def replay(self) -> None:
        with reading(self.office.engine) as session:
            source = sources.named(session, "github")
        inbox.replay(self.office, source)

    def records(self) -> dict[str, list[Any]]:
        with reading(self.office.engine) as session:
            found = {}
            for table in (Deployment, Change, PipelineRun):
                rows = session.scalars(select(table).order_by(table.external_id))
                found[table.__name__] = [row.model_dump(exclude=OURS) for row in rows]
            order = (Release.environment, Release.version)
            rows = session.scalars(select(Release).order_by(*order))
            told = {"environment", "version", "kind", "status", "live_at", "started_at", "witnesses"}
            found["Release"] = [row.model_dump(include=told) for row in rows]
        return found


@pytest.fixture
def world(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> Callable[[], World]:
    """Each call begins a new world in the emptied database."""
    monkeypatch.setenv("FORGE_TOKEN", TOKEN)
    monkeypatch.setenv("FORGE_HOOK", SECRET)
    parts = Parts({"github": MANIFEST}, collectors={"github": collector}, webhooks={"github": webhook})
    office = Office(sqlite, parts, Settings(private_addresses="127.0.0.0/8,::1/128"))

    def fresh() -> World:
        with transaction(sqlite) as session:
            for table in reversed(metadata.sorted_tables):
                session.execute(delete(table))
        httpserver.clear()
        return World(Forge(httpserver, page=2), office, clock)

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
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "Deployment": 3,
        "Change": 2,
        "PipelineRun": 2,
        "Release": 3,
    }
    assert [row["status"] for row in found["Deployment"]] == ["succeeded", "succeeded", "failed"]
    assert [row["status"] for row in found["PipelineRun"]] == ["failed", "succeeded"]


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


def test_webhooks_alone_tell_how_each_deployment_ended(world: Callable[[], World]) -> None:
    here = world()
    for at, event in story():
        here.deliver(here.happens(at, event))
    rows = here.records()["Deployment"]
    assert [row["status"] for row in rows] == ["succeeded", "succeeded", "failed"]

"""Whenever it is asked, however often it is interrupted, and however late samples come: the records are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, select
from werkzeug import Response

from integrations.prometheus import MANIFEST, collector
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync
from ops_console.records.slos import SliSlice, Slo, SloVersion
from tests.emptying import empty
from tests.examples import examples
from tests.integrations.prometheus.watchtower import BEGAN, TOKEN, Watchtower

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURS = 60
OURS = {"id", "ingested_at", "fingerprint", "entry_id"}
FATES = ("asked", "killed", "refused", "limited", "read again", "left alone")


@dataclass
class World:
    """A console that asks a Prometheus, and a clock that goes on."""

    tower: Watchtower
    office: Office
    clock: time_machine.Traveller

    def __post_init__(self) -> None:
        self.tower.serve("ranker", self._hours)
        self.tower.serve("embed", lambda at: (0, at.hour, 3600))
        with transaction(self.office.engine) as session:
            found = sources.add(
                session, MANIFEST, "prometheus", self.tower.settings(), {"token": "PROM_TOKEN"}, BEGAN, "ana"
            )
        self.number = found.id or 0

    def _hours(self, at: datetime) -> tuple[float, float, float] | None:
        """Every seventh hour is a gap; of every fifth, half comes two hours late."""
        number = (at - BEGAN) // HOUR
        if number % 7 == 3:
            return None
        is_late = number % 5 == 1 and datetime.now(at.tzinfo) < at + 3 * HOUR
        return (1, 50, 1800) if is_late else (number % 4, 100, 3600)

    def meets(self, hour: int, fate: str) -> None:
        self.clock.move_to(BEGAN + hour * HOUR + 15 * MINUTE)
        if fate == "left alone":
            return
        if fate == "refused":
            self.tower.troubles = [None, None, None, Response("Unauthorized", 401)]
        elif fate == "limited":
            self.tower.troubles = [None, None, None, None, Response("", 429, headers={"Retry-After": "900"})]
        since = BEGAN if fate == "read again" else None
        sync.sync(self.office, self.number, "test", since=since, seconds=0 if fate == "killed" else None)
        self.tower.troubles = []

    def records(self) -> dict[str, list[Any]]:
        with reading(self.office.engine) as session:
            found = {
                table.__name__: [
                    row.model_dump(exclude=OURS)
                    for row in session.scalars(select(table).order_by(table.external_id))  # type: ignore[attr-defined]  # facts
                ]
                for table in (Slo, SliSlice)
            }
            history = session.scalars(select(SloVersion).order_by(SloVersion.slo_id))
            found["SloVersion"] = [row.model_dump(exclude={"id"}) for row in history]
            return found


@pytest.fixture
def world(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> Callable[[], World]:
    """Each call begins a new world in the emptied database."""
    monkeypatch.setenv("PROM_TOKEN", TOKEN)
    parts = Parts({"prometheus": MANIFEST}, collectors={"prometheus": collector})
    office = Office(sqlite, parts, Settings(private_addresses="127.0.0.0/8,::1/128"))

    def fresh() -> World:
        with transaction(sqlite) as session:
            empty(session.connection())
        httpserver.clear()
        return World(Watchtower(httpserver), office, clock)

    return fresh


def truth(world: Callable[[], World]) -> dict[str, list[Any]]:
    """What one run says when everything is over."""
    told = world()
    told.meets(HOURS, "asked")
    return told.records()


def without_keys(records: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Records as they read in any database: which number an objective has is nobody's business."""
    slos = {key: number for number, key in enumerate(dict.fromkeys(row["slo_id"] for row in records["SliSlice"]))}
    return {
        kind: [row | ({"slo_id": slos[row["slo_id"]]} if "slo_id" in row else {}) for row in rows]
        for kind, rows in records.items()
    }


def test_the_story_is_told_whole_by_one_run(world: Callable[[], World]) -> None:
    found = truth(world)
    gaps = len([number for number in range(HOURS) if number % 7 == 3])
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "Slo": 2,
        "SliSlice": 2 * HOURS - gaps,
        "SloVersion": 2,
    }


def test_any_interleaving_ends_in_the_same_records(world: Callable[[], World]) -> None:
    expected = without_keys(truth(world))

    @settings(max_examples=examples(8), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.integers(1, HOURS - 4), st.sampled_from(FATES)), min_size=3, max_size=8))
    def interleaved(told: list[tuple[int, str]]) -> None:
        here = world()
        for hour, fate in sorted(told):
            here.meets(hour, fate)
        here.meets(HOURS, "asked")
        assert without_keys(here.records()) == expected

    interleaved()

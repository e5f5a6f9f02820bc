"""Whatever order webhooks and polls come in, late, twice, lost or replayed: the records are the same."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from integrations.jsm_operations import MANIFEST, collector, webhook
from ops_console.records.alerts import Alert, Shift
from ops_console.records.incidents import Incident
from tests.integrations.conftest import Worlds
from tests.integrations.interleavings import MINUTE, World, delivered, every_interleaving_ends_alike, polled
from tests.integrations.jsm_operations.desk import ANA, BEGAN, BEN, HOUR, SECRET, TOKEN, Desk

TABLES = (Alert, Incident, Shift)
Event = Callable[[Desk], dict[str, Any]]


def fire(desk: Desk, at: datetime, **said: Any) -> dict[str, Any]:
    """Whoever is on call has a shift, and every other alert an incident; neither is told by webhook."""
    desk.on_call(ANA, at, at + 20 * HOUR)
    if len(desk.alerts) % 2 == 0:
        desk.resolve(desk.open_incident(at), at + HOUR)
    return desk.fire(at, **said)


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: one taken by two, one nobody took, one noted long after its end, one still open."""
    at = [BEGAN + number * 30 * HOUR for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda desk: fire(desk, at[0])),
        (0, lambda desk: desk.acknowledge("alert-1", at[0] + MINUTE)),
        (1, lambda desk: fire(desk, at[1], priority="P5")),
        (1, lambda desk: desk.acknowledge("alert-1", at[1], BEN)),
        (2, lambda desk: desk.close("alert-1", at[2])),
        (3, lambda desk: desk.close("alert-2", at[3])),
        (4, lambda desk: fire(desk, at[4], tags=[])),
        (4, lambda desk: desk.acknowledge("alert-3", at[4] + MINUTE, BEN)),
        (5, lambda desk: desk.note("alert-1", at[5])),
        (6, lambda desk: desk.close("alert-3", at[6])),
        (7, lambda desk: fire(desk, at[7])),
        (8, lambda desk: desk.acknowledge("alert-4", at[8])),
    ]
    return [(at[place], event) for place, event in told]


@pytest.fixture(params=["jsm", "opsgenie"])
def begin(request: pytest.FixtureRequest, worlds: Worlds) -> Callable[[], World]:
    return worlds(
        (MANIFEST, collector, webhook),
        partial(Desk, is_opsgenie=request.param == "opsgenie", page=2),
        TABLES,
        TOKEN,
        SECRET,
    )


def test_the_story_is_told_whole_by_one_poll(begin: Callable[[], World]) -> None:
    found = polled(begin, story())
    rows = {row["external_id"]: row for row in found["Alert"]}
    assert [row["ended_at"] is None for row in rows.values()] == [False, False, False, True]
    assert rows["alert-1"]["acknowledged_at"] == BEGAN + MINUTE and rows["alert-1"]["person"] == "Ana"
    assert (rows["alert-2"]["class_"], rows["alert-2"]["acknowledged_at"]) == ("ticket", None)
    assert len(found["Shift"]) == 4
    assert len(found["Incident"]) in (0, 2)


def test_any_interleaving_ends_in_the_same_records(begin: Callable[[], World]) -> None:
    every_interleaving_ends_alike(begin, story(), 8)


def test_webhooks_alone_tell_how_each_alert_ended(begin: Callable[[], World]) -> None:
    rows = delivered(begin, story())["Alert"]
    assert [row["ended_at"] is None for row in rows] == [False, False, False, True]

"""Whatever order webhooks and polls come in, late, twice, lost or replayed: the records are the same."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from integrations.pagerduty import MANIFEST, collector, webhook
from ops_console.records.alerts import Alert, Shift
from ops_console.records.incidents import Incident
from tests.integrations.conftest import Worlds
from tests.integrations.interleavings import MINUTE, World, delivered, every_interleaving_ends_alike, polled
from tests.integrations.pagerduty.pager import BEGAN, SEARCH, SECRET, TOKEN, Pager

TABLES = (Incident, Alert, Shift)
MERGED = {"type": "merge_resolve_reason", "incident": {"id": "Q4", "type": "incident_reference"}}
Event = Callable[[Pager], dict[str, Any]]


def page(pager: Pager, at: datetime, *service: str, **said: Any) -> dict[str, Any]:
    """Whoever is paged is notified, and on call for a day."""
    sent = pager.trigger(at, *service, **said)
    number = f"Q{len(pager.incidents)}"
    pager.notify(number, "Ana", at)
    pager.notify(number, "Ben", at + MINUTE)
    pager.on_call("Ana", at, at + 24 * 60 * MINUTE)
    return sent


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: one acknowledged twice and reopened, one nobody took, one merged, one still open."""
    at = [BEGAN + number * 30 * 60 * MINUTE for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda pager: page(pager, at[0])),
        (0, lambda pager: pager.prioritise("Q1", "P2", at[0])),
        (0, lambda pager: pager.acknowledge("Q1", at[0])),
        (1, lambda pager: page(pager, at[1], urgency="low")),
        (1, lambda pager: pager.unacknowledge("Q1", at[1])),
        (2, lambda pager: pager.acknowledge("Q1", at[2], "Ben")),
        (2, lambda pager: pager.resolve("Q1", at[2] + MINUTE)),
        (3, lambda pager: pager.resolve("Q2", at[3], "")),
        (3, lambda pager: pager.reopen("Q1", at[3])),
        (4, lambda pager: page(pager, at[4])),
        (4, lambda pager: pager.acknowledge("Q1", at[4])),
        (5, lambda pager: pager.resolve("Q1", at[5])),
        (6, lambda pager: pager.resolve("Q3", at[6], resolve_reason=MERGED)),
        (7, lambda pager: page(pager, at[7], SEARCH)),
        (7, lambda pager: pager.prioritise("Q4", "Critical", at[7])),
        (8, lambda pager: pager.acknowledge("Q4", at[8])),
        (8, lambda pager: pager.prioritise("Q4", "P3", at[8])),
    ]
    return [(at[place], event) for place, event in told]


@pytest.fixture
def begin(worlds: Worlds) -> Callable[[], World]:
    return worlds((MANIFEST, collector, webhook), partial(Pager, page=2), TABLES, TOKEN, SECRET)


def test_the_story_is_told_whole_by_one_poll(begin: Callable[[], World]) -> None:
    found = polled(begin, story())
    incidents = {row["external_id"]: row for row in found["Incident"]}
    assert [row["status"] for row in incidents.values()] == ["resolved", "resolved", "resolved", "acknowledged"]
    assert incidents["Q1"]["acknowledged_at"] == BEGAN
    assert incidents["Q1"]["restored_at"] < incidents["Q1"]["resolved_at"]
    assert (incidents["Q3"]["duplicate_of"], incidents["Q4"]["severity"]) == ("Q4", "SEV3")
    pages = {row["external_id"]: row["person"] for row in found["Alert"]}
    assert pages == {f"Q{n}{who}": who[1:] or "Ana" for n in (1, 2, 3, 4) for who in ("", "/Ben")}
    assert len(found["Shift"]) == 4


def test_any_interleaving_ends_in_the_same_records(begin: Callable[[], World]) -> None:
    every_interleaving_ends_alike(begin, story())


def test_webhooks_alone_tell_what_needs_no_log(begin: Callable[[], World]) -> None:
    rows = delivered(begin, story())["Incident"]
    assert [row["status"] for row in rows] == ["resolved", "resolved", "resolved", "acknowledged"]
    assert rows[0]["restored_at"] < rows[0]["updated_at"] + MINUTE

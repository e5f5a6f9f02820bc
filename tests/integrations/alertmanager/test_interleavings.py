"""Whatever order groups come in, late, twice, regrouped or replayed: the alerts are the same."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from integrations.alertmanager import MANIFEST, webhook
from ops_console.records.alerts import Alert
from tests.examples import examples
from tests.integrations.alertmanager.group import alert, body
from tests.integrations.deliveries import Console

STORY = [
    body(alert("Slow")),
    body(alert("Slow"), alert("Wrong", 5, severity="warning")),
    body(alert("Slow", lasted=30), alert("Wrong", 5, severity="warning")),
    body(alert("Slow", 40), truncatedAlerts=2),
    body(alert("Wrong", 5, 60, severity="warning"), alert("Slow", 40)),
    body(alert("Slow", 40), alert("Watchdog")),
    body(alert("Slow", 40, 1)),
    body(alert("Slow", 90), alert("Flash", 91)),
    body(alert("Flash", 91, 0)),
]
ENDS = [("Flash", True), ("Slow", True), ("Slow", True), ("Slow", False), ("Wrong", True)]


@pytest.fixture
def console(sqlite: Engine) -> Callable[[], Console]:
    return lambda: Console(sqlite, MANIFEST, webhook, (Alert,))


def test_the_story_is_told_whole(console: Callable[[], Console]) -> None:
    here = console()
    here.deliver(*STORY)
    rows = sorted(here.records()["Alert"], key=lambda row: (row["name"], row["started_at"]))
    assert [(row["name"], row["ended_at"] is not None) for row in rows] == ENDS


def test_any_interleaving_ends_in_the_same_records(console: Callable[[], Console]) -> None:
    told = console()
    told.deliver(*STORY)
    expected = told.records()

    @settings(max_examples=examples(8), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def interleaved(data: st.DataObject) -> None:
        here = console()
        extra: list[Any] = data.draw(st.lists(st.sampled_from(STORY), max_size=4))
        for content in data.draw(st.permutations([*STORY, *extra])):
            here.deliver(content)
            if data.draw(st.integers(0, 4)) == 0:
                here.replay()
        assert here.records() == expected

    interleaved()

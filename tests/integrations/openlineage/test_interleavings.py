"""Whatever order run events come in, late, twice or replayed: the runs, their checks and gates are the same."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from integrations.openlineage import MANIFEST, webhook
from ops_console.records.pipelines import Gate, PipelineRun, QualityCheck
from tests.examples import examples
from tests.integrations.deliveries import Console
from tests.integrations.openlineage.sent import assertion, body, checked, number, parent, run

TABLES = (PipelineRun, QualityCheck, Gate)
FAILED, PASSED = assertion("rows", success=False), assertion("rows")
STORY = [
    run("START", "dag", 0),
    run("START", "task", 1, "nightly.load", parent=parent("dag")),
    run("RUNNING", "task", 2, "nightly.load", parent=parent("dag")),
    run("COMPLETE", "task", 3, "nightly.load", inputs=[checked(assertion("unique"))], parent=parent("dag")),
    run("COMPLETE", "spark", 4, "spark.step", inputs=[checked(FAILED)], parent=parent("task", "dag")),
    run("OTHER", "dag", 4),
    run("FAIL", "dag", 5),
    run("START", "again", 6),
    run("RUNNING", "again", 7, inputs=[checked(FAILED)]),
    run("COMPLETE", "again", 8, inputs=[checked(PASSED)]),
    run("START", "given up", 9),
    run("ABORT", "given up", 10),
    run("COMPLETE", "without a beginning", 11),
    run("START", "still running", 12),
]


@pytest.fixture
def console(sqlite: Engine) -> Callable[[], Console]:
    return lambda: Console(sqlite, MANIFEST, webhook, TABLES, {"pipelines": ["train nightly"]})


def test_the_story_is_told_whole(console: Callable[[], Console]) -> None:
    here = console()
    here.deliver(*map(body, STORY))
    found = here.records()
    runs = sorted((row["status"], row["started_at"] is not None, row["flow"]) for row in found["PipelineRun"])
    assert runs == [
        ("cancelled", True, "train"),
        ("failed", True, "train"),
        ("running", True, "train"),
        ("succeeded", False, "train"),
        ("succeeded", True, "train"),
    ]
    assert sorted((row["name"], row["outcome"]) for row in found["QualityCheck"]) == [
        ("rows", "failed"),
        ("rows", "failed"),
        ("rows", "passed"),
        ("unique", "passed"),
    ]
    assert sorted((row["run"], row["passed"]) for row in found["Gate"]) == sorted(
        [(number("dag"), False), (number("again"), False)]
    )
    assert len([state for state, _ in here.deliveries() if state == "ignored"]) == 2


def test_any_interleaving_ends_in_the_same_records(console: Callable[[], Console]) -> None:
    told = console()
    told.deliver(*map(body, STORY))
    expected = told.records()

    @settings(max_examples=examples(8), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def interleaved(data: st.DataObject) -> None:
        here = console()
        waiting = data.draw(st.permutations([*STORY, *data.draw(st.lists(st.sampled_from(STORY), max_size=4))]))
        while waiting:
            size = data.draw(st.integers(1, 6))
            here.deliver(*map(body, waiting[:size]))
            waiting = waiting[size:]
            if data.draw(st.integers(0, 5)) == 0:
                here.replay()
        assert here.records() == expected

    interleaved()

"""Whatever order events come in, alone or in batches, late, twice or replayed: the records are the same."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from integrations.cloudevents import MANIFEST, webhook
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment
from ops_console.records.incidents import Incident
from ops_console.records.pipelines import PipelineRun, QualityCheck
from ops_console.records.requests import Request
from tests.examples import examples
from tests.integrations.cloudevents.sent import bare, batch, by_headers, deployed, event, incident, structured
from tests.integrations.deliveries import Console

TABLES = (Deployment, Incident, Change, PipelineRun, QualityCheck, Request)
TASK = {"summary": "A ranker", "ticketType": "task", "group": "Search"}
STORY = [
    event("ticket.created", "T-1", 0, TASK),
    event("change.merged", "5", 1, {"repository": {"id": "acme/ranker"}}),
    event("pipelinerun.started", "run-1", 2, {"pipelineName": "training"}),
    event("testsuiterun.finished", "suite-1", 3, {"outcome": "pass", "testSuite": {"id": "9"}}, pipelineRun="run-1"),
    event("pipelinerun.finished", "run-1", 4, {"outcome": "success"}),
    deployed("deployed", "ranker", 5, "1.4.2"),
    incident("detected", "incident-7", 6, description="Too slow"),
    incident("reported", "incident-7", 6, description="Much too slow", ticketURI="https://t.example.com/7"),
    deployed("rolledback", "ranker", 7, "1.4.1"),
    incident("resolved", "incident-7", 8, description="Fast again"),
    event("ticket.updated", "T-1", 9, TASK | {"summary": "A ranker for mobile"}),
    event("ticket.closed", "T-1", 9, {"resolution": "completed"}),
    event("build.finished", "b-1", 9),
]


@pytest.fixture
def console(sqlite: Engine) -> Callable[[], Console]:
    return lambda: Console(sqlite, MANIFEST, webhook, TABLES, {"pipelines": ["train training"]})


def test_the_story_is_told_whole(console: Callable[[], Console]) -> None:
    here = console()
    here.deliver(*map(bare, STORY))
    found = here.records()
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "Deployment": 2,
        "Incident": 1,
        "Change": 1,
        "PipelineRun": 1,
        "QualityCheck": 1,
        "Request": 1,
    }
    (broke,), (run,), (asked,) = found["Incident"], found["PipelineRun"], found["Request"]
    assert (broke["title"], broke["status"], broke["detected_at"].minute, broke["restored_at"].minute) == (
        "Much too slow",
        "resolved",
        6,
        8,
    )
    assert (run["status"], run["flow"], run["started_at"].minute, run["finished_at"].minute) == (
        "succeeded",
        "train",
        2,
        4,
    )
    assert (asked["title"], asked["submitted_at"].minute, asked["done_at"].minute) == ("A ranker for mobile", 0, 9)


def test_an_end_without_a_beginning_waits_for_it_and_says_so(console: Callable[[], Console]) -> None:
    here = console()
    here.deliver(bare(STORY[11]))
    assert here.records()["Request"] == []
    assert here.deliveries() == [("read", "Kept until the rest is told; submitted_at, title not known yet.")]
    here.deliver(bare(STORY[0]))
    assert [row["done_at"] is not None for row in here.records()["Request"]] == [True]


def test_any_interleaving_ends_in_the_same_records(console: Callable[[], Console]) -> None:
    told = console()
    told.deliver(*map(bare, STORY))
    expected = told.records()

    @settings(max_examples=examples(8), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def interleaved(data: st.DataObject) -> None:
        here = console()
        waiting = data.draw(st.permutations([*STORY, *data.draw(st.lists(st.sampled_from(STORY), max_size=4))]))
        while waiting:
            size = data.draw(st.integers(1, 6))
            now, waiting = waiting[:size], waiting[size:]
            mode = data.draw(st.sampled_from(["structured", "binary", "batch"]))
            if mode == "batch":
                here.deliver(batch(*now))
            elif mode == "structured":
                here.deliver(*map(structured, now))
            else:
                here.deliver(bare(now[0]), headers=by_headers(now[0]))
                waiting = [*now[1:], *waiting]
            if data.draw(st.integers(0, 5)) == 0:
                here.replay()
        assert here.records() == expected

    interleaved()

"""A stock OpenLineage client, told the address of the console and a key, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime

import attr
import pytest
import requests
from flask import Flask
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import data_quality_assertions_dataset as quality
from openlineage.client.facet_v2 import parent_run
from openlineage.client.transport.http import ApiKeyTokenProvider, HttpCompression, HttpConfig, HttpTransport
from sqlalchemy import Engine, select

from integrations.openlineage import MANIFEST, webhook
from ops_console import factory
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources
from ops_console.records.pipelines import PipelineRun, QualityCheck
from ops_console.records.sources import InboxDelivery
from ops_console.web.console import EXTENSION
from tests.integrations.openlineage.sent import BEGAN, number
from tests.servers.loopback import serving

PARTS = Parts({"openlineage": MANIFEST}, webhooks={"openlineage": webhook})
KEYS = {"eu": "k3y-of-eu", "us": "k3y-of-us"}


@pytest.fixture
def app(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    with transaction(sqlite) as session:
        for name, key in KEYS.items():
            monkeypatch.setenv(f"LINEAGE_{name}".upper(), key)
            secrets = {WEBHOOK_SECRET: f"LINEAGE_{name}".upper()}
            sources.add(session, MANIFEST, name, {"pipelines": ["train nightly = ranker"]}, secrets, BEGAN, "ana")
    made = factory.create_app(PARTS, database_url=str(sqlite.url))
    yield made
    made.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def console(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def client(console: str, key: str, compression: HttpCompression | None = None) -> OpenLineageClient:
    config = HttpConfig(url=console, auth=ApiKeyTokenProvider({"apiKey": key}), compression=compression)
    return OpenLineageClient(transport=HttpTransport(config))


def event(state: RunState, name: str, job: str = "nightly", **said: object) -> RunEvent:
    at = datetime.now(UTC).isoformat()
    return RunEvent(eventTime=at, eventType=state, run=Run(number(name)), job=Job("airflow", job), **said)


def kept(engine: Engine) -> list[PipelineRun]:
    inbox.process(Office(engine, PARTS, Settings()))
    with reading(engine) as session:
        return list(session.scalars(select(PipelineRun).order_by(PipelineRun.source, PipelineRun.external_id)))


@pytest.mark.parametrize("compression", [None, HttpCompression.GZIP])
def test_a_stock_client_posts_unchanged(console: str, sqlite: Engine, compression: HttpCompression | None) -> None:
    sender = client(console, KEYS["eu"], compression)
    facet = quality.DataQualityAssertionsDatasetFacet(
        assertions=[quality.Assertion("not_null", success=False, column="id", severity="error")]
    )
    clicks = InputDataset("bigquery", "clicks", inputFacets={"dataQualityAssertions": facet})
    parent = parent_run.ParentRunFacet(parent_run.Run(number("dag")), parent_run.Job("airflow", "nightly"))
    step = attr.evolve(event(RunState.COMPLETE, "step", "nightly.load", inputs=[clicks]))
    step.run.facets = {"parent": parent}
    for each in (event(RunState.START, "dag"), step, event(RunState.FAIL, "dag")):
        sender.emit(each)
    (run,) = kept(sqlite)
    assert (run.source, run.status, run.flow, run.external_id) == ("eu", "failed", "train", number("dag"))
    with reading(sqlite) as session:
        (check,) = session.scalars(select(QualityCheck))
    assert (check.pipeline_run, check.outcome, check.column, check.blocking) == (number("dag"), "failed", "id", True)


def test_its_key_says_which_source_a_sender_belongs_to(console: str, sqlite: Engine) -> None:
    for name, key in KEYS.items():
        client(console, key).emit(event(RunState.START, f"run of {name}"))
    assert [(run.source, run.external_id) for run in kept(sqlite)] == [
        (name, number(f"run of {name}")) for name in sorted(KEYS)
    ]


def test_a_client_with_another_key_hears_of_it_as_from_the_api(console: str, sqlite: Engine) -> None:
    with pytest.raises(requests.HTTPError, match="401"):
        client(console, "guessed").emit(event(RunState.START, "dag"))
    answer = requests.post(f"{console}/api/v1/lineage", json={}, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "No API key was sent" in answer.json()["detail"]
    with reading(sqlite) as session:
        assert session.scalars(select(InboxDelivery)).all() == []


def test_too_many_events_in_a_minute_are_asked_to_wait(
    console: str, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PER_MINUTE", 1)
    headers = {"Authorization": f"Bearer {KEYS['eu']}"}
    answers = [
        requests.post(f"{console}/api/v1/lineage", json={"number": each}, headers=headers, timeout=10)
        for each in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 429]
    assert answers[1].headers["Retry-After"] == "60"
    assert answers[1].headers["Content-Type"] == "application/problem+json"


def test_where_no_source_is_set_up_there_is_no_such_thing(sqlite: Engine) -> None:
    made = factory.create_app(PARTS, database_url=str(sqlite.url))
    assert made.test_client().post("/api/v1/lineage", json={}).status_code == 404
    made.extensions[EXTENSION].engine.dispose()

"""A real MLflow, asked by a console on loopback and sending it webhooks: both ways tell the same."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from integrations.mlflow import MANIFEST, collector, webhook
from ops_console import factory
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources, sync
from ops_console.records.deployments import Release
from ops_console.records.evaluations import Evaluation
from ops_console.records.experiments import Experiment
from ops_console.records.pipelines import PipelineRun
from ops_console.records.sources import InboxDelivery
from ops_console.records.versions import ModelVersion
from ops_console.web.console import EXTENSION
from tests.conftest import skip_or_fail
from tests.servers.loopback import free_port, serving, wait

OWN = Path(__file__).parents[3] / ".venv-mlflow" / "bin" / "mlflow"
BINARY = str(OWN) if OWN.exists() else shutil.which("mlflow")
PARTS = Parts({"mlflow": MANIFEST}, webhooks={"mlflow": webhook}, collectors={"mlflow": collector})
SECRET, LIMIT, SECOND = "hook-s3cret", 180.0, timedelta(seconds=1)
TOLD, SEEN = "told", "seen"
"""Two sources of one server: one has a webhook, the other is asked alone."""
EVENTS = (("MODEL_VERSION", "CREATED"), ("MODEL_VERSION_ALIAS", "CREATED"), ("MODEL_VERSION_TAG", "SET"))

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def clock() -> None:
    """The real one: another process dates things too."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    if BINARY is None:
        skip_or_fail("servers", "no MLflow: make test-servers installs it beside the console")
    port = free_port()
    command = [BINARY, "server", "--backend-store-uri", f"sqlite:///{tmp_path / 'mlflow.db'}", "--workers", "1"]
    command += ["--artifacts-destination", str(tmp_path / "artifacts"), "--host", "127.0.0.1", "--port", str(port)]
    allowed = {"MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https", "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true"}
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_WEBHOOK_CACHE_TTL": "1"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=os.environ | allowed | quiet, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait(lambda: _is_up(f"http://127.0.0.1:{port}"), LIMIT)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


@pytest.fixture
def app(sqlite: Engine, address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("TRACKING_HOOK", SECRET)
    rules = {
        "url": address,
        "ready": ["tag validation_status=approved"],
        "production": ["alias champion", "stage Production"],
        "metrics": ["auc higher 0.01"],
        "pipelines": ["train nightly = ranker"],
    }
    with transaction(sqlite) as session:
        for name in (TOLD, SEEN):
            began = datetime.now(UTC) - timedelta(days=1)
            sources.add(session, MANIFEST, name, rules, {WEBHOOK_SECRET: "TRACKING_HOOK"}, began, "ana")
    made = factory.create_app(PARTS, database_url=str(sqlite.url))
    yield made
    made.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def console(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


def test_webhook_and_poll_of_a_real_mlflow_agree(address: str, console: str, sqlite: Engine) -> None:
    mlflow = _Server(address)
    mlflow.experiment("nightly")
    question = mlflow.experiment("Do clicks predict?")
    events = [{"entity": entity, "action": action} for entity, action in EVENTS]
    hook = {"name": "console", "url": f"{console}/hooks/mlflow/{TOLD}", "events": events, "secret": SECRET}
    mlflow.post("webhooks", **hook)
    _poll(sqlite)
    for number, auc in enumerate((0.90, 0.95), 1):
        mlflow.version("ranker", mlflow.run(question, auc=auc))
        mlflow.post("model-versions/set-tag", name="ranker", version=str(number), **_approved())
        mlflow.post("registered-models/alias", name="ranker", version=str(number), alias="champion")
        wait(lambda expected=number * 3: _kept(sqlite) >= expected, LIMIT)  # type: ignore[misc]  # bound at once
        _poll(sqlite)
    first, second = _live(sqlite)
    assert [(each.version, each.kind, each.witnesses) for each in (first, second)] == [
        ("1", "release", 2),
        ("2", "release", 2),
    ]
    told, seen = _versions(sqlite, TOLD), _versions(sqlite, SEEN)
    assert told.keys() == seen.keys() == {"ranker/1", "ranker/2"}
    for name in told:
        assert told[name].created_at == seen[name].created_at
        assert told[name].run_id == seen[name].run_id and told[name].git_sha == "abc123"
        assert told[name].ready_at is not None and seen[name].ready_at is not None
        assert told[name].ready_at <= seen[name].ready_at + SECOND  # a poll dates by whole seconds of the server
    with reading(sqlite) as session:
        judged = session.scalars(select(Evaluation).where(Evaluation.source == SEEN)).all()
        assert {each.version: (each.baseline is not None, each.regressed) for each in judged} == {
            "1": (False, None),
            "2": (True, False),
        }
        asked = session.scalars(select(Experiment).where(Experiment.source == TOLD)).all()
        assert [(each.name, each.version) for each in asked] == [("Do clicks predict?", "1")]


def test_stages_deletions_and_runs_are_told_by_asking(address: str, console: str, sqlite: Engine) -> None:
    mlflow = _Server(address)
    nightly = mlflow.experiment("nightly")
    mlflow.run(nightly, auc=0.9)
    for _ in range(3):
        mlflow.version("ranker", mlflow.run(nightly, auc=0.9))
    mlflow.post("registered-models/alias", name="ranker", version="1", alias="champion")
    _poll(sqlite)
    before = datetime.now(UTC) - SECOND
    move = {"name": "ranker", "version": "2", "stage": "Production", "archive_existing_versions": False}
    mlflow.post("model-versions/transition-stage", **move)
    mlflow.send("DELETE", "model-versions/delete", name="ranker", version="3")
    _poll(sqlite)
    standing, promoted = _live(sqlite)
    assert (standing.version, standing.kind) == ("1", "restart")
    assert (promoted.version, promoted.kind, promoted.live_at is not None) == ("2", "release", True)
    assert promoted.live_at is not None and promoted.live_at > before
    gone = {name: row.deleted_at is not None for name, row in _versions(sqlite, SEEN).items()}
    assert gone == {"ranker/1": False, "ranker/2": False, "ranker/3": True}
    with reading(sqlite) as session:
        runs = session.scalars(select(PipelineRun).where(PipelineRun.source == SEEN)).all()
        assert [(each.flow, each.status) for each in runs] == [("train", "succeeded")] * 4


def test_a_preview_of_a_real_mlflow_shows_what_is_there(address: str, console: str, sqlite: Engine) -> None:
    mlflow = _Server(address)
    mlflow.version("ranker", mlflow.run(mlflow.experiment("Do clicks predict?"), auc=0.9))
    mlflow.post("registered-models/alias", name="ranker", version="1", alias="champion")
    with reading(sqlite) as session:
        setup = sources.setup_of(sources.named(session, SEEN), _office(sqlite).settings)
    mlflow.experiment("nightly")
    assert "The experiment nightly is there." in collector.check(setup)
    found = collector.discover(setup, datetime.now(UTC) - timedelta(days=90))
    assert found.lines[0] == "1 model; newly made: 1 version."
    offered = {question.setting: [each.name for each in question.found] for question in found.questions}
    assert offered == {
        "ready": ["alias champion"],
        "production": ["alias champion"],
        "questions": ["Do clicks predict?"],
    }


class _Server:
    """What somebody does to MLflow, by its own interface."""

    def __init__(self, address: str) -> None:
        self._address = address

    def send(self, method: str, path: str, **said: Any) -> dict[str, Any]:
        url = f"{self._address}/api/2.0/mlflow/{path}"
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(url, json.dumps(said).encode(), headers, method=method)
        with urllib.request.urlopen(asked) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def post(self, path: str, **said: Any) -> dict[str, Any]:
        return self.send("POST", path, **said)

    def experiment(self, name: str) -> str:
        return str(self.post("experiments/create", name=name)["experiment_id"])

    def run(self, experiment: str, auc: float) -> str:
        began = time.time_ns() // 1_000_000
        commit = [{"key": "mlflow.source.git.commit", "value": "abc123"}]
        made = self.post("runs/create", experiment_id=experiment, start_time=began, tags=commit)
        run_id = str(made["run"]["info"]["run_id"])
        self.post("runs/log-metric", run_id=run_id, key="auc", value=auc, timestamp=began)
        self.post("runs/update", run_id=run_id, status="FINISHED", end_time=began + 1000)
        return run_id

    def version(self, model: str, run_id: str) -> None:
        try:
            self.post("registered-models/create", name=model)
        except urllib.error.HTTPError as error:
            assert error.code == 400  # it is there already
        self.post("model-versions/create", name=model, source=f"runs:/{run_id}/model", run_id=run_id)


def _approved() -> dict[str, str]:
    return {"key": "validation_status", "value": "approved"}


def _office(engine: Engine) -> Office:
    return Office(engine, PARTS, Settings(private_addresses="127.0.0.0/8,::1/128"))


def _poll(engine: Engine) -> None:
    """Read what was delivered, and ask both sources; a poll dates by whole seconds."""
    time.sleep(1)
    office = _office(engine)
    inbox.process(office)
    with reading(engine) as session:
        numbers = [source.id or 0 for source in sources.every(session)]
    for number in numbers:
        run = sync.sync(office, number, "test")
        assert run.state == "done", run.error


def _kept(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(InboxDelivery)) or 0


def _live(engine: Engine) -> list[Release]:
    with reading(engine) as session:
        found = session.scalars(select(Release).where(Release.environment == "production")).all()
    return sorted(found, key=lambda each: each.live_at or datetime.max.replace(tzinfo=UTC))


def _versions(engine: Engine, source: str) -> dict[str, ModelVersion]:
    with reading(engine) as session:
        rows = session.scalars(select(ModelVersion).where(ModelVersion.source == source)).all()
    return {row.external_id: row for row in rows}


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False

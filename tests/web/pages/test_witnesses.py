"""One release seen by three tools: a forge, a registry and events of delivery."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, select
from sqlmodel import col

from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.ingest import inbox, sources
from ops_console.records.deployments import Release
from ops_console.scorecard.refresh import refresh
from tests.integrations.cloudevents import sent
from tests.integrations.github.forge import SECRET, Forge
from tests.integrations.mlflow.tracking import Tracking
from tests.web.conftest import office_of
from tests.web.pages.conftest import page

MINUTE = timedelta(minutes=1)


@pytest.fixture
def app(full_app: Flask, sqlite: Engine, httpserver: HTTPServer) -> Flask:
    """Told by GitHub, MLflow and whoever sends CDEvents."""
    settings = {
        "github": Forge(httpserver).settings(subject_key="model"),
        "mlflow": {"url": "https://mlflow.example.com", "production": ["alias champion"]},
        "cloudevents": {},
    }
    secrets = {"token": "GITHUB_TOKEN", "webhook_secret": "GITHUB_HOOK"}
    with transaction(sqlite) as session:
        for key, said in settings.items():
            manifest = office_of(full_app).parts.manifests[key]
            sources.add(session, manifest, key, said, secrets, now() - timedelta(days=30), "ana")
    return full_app


def test_a_release_that_three_tools_saw_counts_once_and_says_which_set_the_time(
    app: Flask, visitor: FlaskClient, viewer: FlaskClient, sqlite: Engine
) -> None:
    at = now() - 30 * MINUTE
    forge, registry = Forge(HTTPServer()), Tracking(HTTPServer())
    event = sent.deployed("deployed", "ranker", 0, "1")
    event["context"]["timestamp"] = (at + 3 * MINUTE).isoformat()
    by_bearer = {"headers": {"Authorization": f"Bearer {SECRET}"}, "body": sent.structured(event)}
    told = (
        ("mlflow", registry.version("ranker", at - timedelta(days=1))),
        ("cloudevents", by_bearer),
        ("mlflow", registry.alias("ranker", "champion", "1", at + 2 * MINUTE)),
        ("github", forge.deploy(at, payload={"model": "ranker", "version": "1"})),
        ("github", forge.status(1000, "success", at + MINUTE)),
    )
    for key, each in told:
        answer = visitor.post(f"/hooks/{key}/{key}", data=each["body"], headers=each["headers"])
        assert answer.status_code == 202, answer.text
    inbox.process(office_of(app))
    refresh(sqlite, now())
    with reading(sqlite) as session:
        (release,) = session.scalars(select(Release).where(col(Release.environment) == "production"))
    assert (release.version, release.witnesses, release.live_at) == ("1", 3, (at + MINUTE).replace(microsecond=0))
    text = page(viewer, f"/deployments/{release.id}")
    assert "3 source rows were merged into this release" in text
    rows = [row for row in re.findall(r"<tr>.*?</tr>", text, re.S) if "live time" in row]
    assert len(rows) == 1 and ">github<" in rows[0]
    assert "1 counted" in page(viewer, "/kpis/model_deployments?period=2026-11")

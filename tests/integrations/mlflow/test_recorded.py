"""A registry that somebody really had, exported: all of it is read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from integrations.mlflow import MANIFEST, collector, webhook
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.records.experiments import Experiment
from ops_console.records.versions import ModelVersion
from tests.conftest import samples, skip_or_fail
from tests.integrations.deliveries import Console
from tests.integrations.mlflow.tracking import TOKEN, Tracking, pairs


def found(folder: Path, name: str) -> list[Mapping[str, Any]]:
    return [json.loads(path.read_text("utf-8"))["mlflow"] for path in sorted(folder.rglob(name))]


@pytest.mark.samples
def test_every_version_run_and_experiment_of_a_real_registry_is_read(
    tracking: Tracking, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = samples() / "mlflow"
    if not folder.is_dir():
        skip_or_fail("samples", "no exported registry here")
    for each in found(folder, "run.json"):
        metrics = [{"key": key, **told[-1]} for key, told in (each["metrics"] or {}).items()]
        data = {"metrics": metrics, "tags": pairs(each["tags"])}
        tracking.runs[each["info"]["run_id"]] = {"info": each["info"], "data": data}
    for each in found(folder, "experiment.json"):
        tracking.experiments[each["experiment"]["experiment_id"]] = each["experiment"]
    for each in found(folder, "model.json"):
        model = each["registered_model"]
        versions = {str(one["version"]): one for one in model.get("versions") or model.get("latest_versions") or ()}
        held = {"created": model["creation_timestamp"], "aliases": {}, "versions": versions}
        tracking.models[model["name"]] = held
    monkeypatch.setenv("TRACKING_TOKEN", TOKEN)
    settings = tracking.settings(metrics=["r2 higher", "rmse lower 0.01"], ready=None, production=None)
    places = {"token": "TRACKING_TOKEN", WEBHOOK_SECRET: ""}
    console = Console(
        sqlite, MANIFEST, webhook, (ModelVersion, Experiment), settings, collector=collector, places=places
    )
    console.poll()
    names = {f"{name}/{number}" for name, held in tracking.models.items() for number in held["versions"]}
    assert {row["external_id"] for row in console.records()["ModelVersion"]} == names
    assert names

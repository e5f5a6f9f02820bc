"""Asking MLflow: what moved since the last look, what is gone, and never more than is known."""

import json
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import time_machine
from werkzeug import Response

from integrations.mlflow import collector
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Page, Piece, Told
from ops_console.core.clock import now
from tests.integrations.collectors import NEVER, RefusalContract, pulled, until_trouble
from tests.integrations.mlflow.conftest import NOW
from tests.integrations.mlflow.tracking import BEGAN, TOKEN, Tracking

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def pages(tracking: Tracking, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, tracking.setup(**changes), cursor)


def told(found: list[Page], kind: str) -> list[Told]:
    return [each for page in found for each in page.facts if each.kind == kind]


def named(found: list[Page], kind: str) -> dict[str, dict[str, Any]]:
    """What each fact of a kind says by its name; of pieces, all of them together."""
    facts: dict[str, dict[str, Any]] = {}
    for each in told(found, kind):
        said = facts.setdefault(each.values["external_id"], {})
        said |= {**(each.begins if isinstance(each, Piece) else {}), **each.values}
    return facts


def moved(found: list[Page]) -> list[tuple[Any, ...]]:
    """Version, place, kind and time of what was deployed."""
    names = ("version", "environment", "kind", "finished_at")
    return [tuple(each.values.get(name) for name in names) for each in told(found, "deployments")]


def refused(status: int, message: str = "", code: str = "", **headers: str) -> Response:
    named_so = {name.replace("_", "-"): value for name, value in headers.items()}
    body = json.dumps({"error_code": code, "message": message})
    return Response(body, status, headers=named_so, content_type="application/json")


class TestTheContract(RefusalContract):
    collector, secret = collector, TOKEN
    refusals = (
        (refused(401, "Who are you?"), "does not accept the token", "user:password"),
        (refused(403, "Permission denied."), r"does not let the token read .* \(Permission denied\)", "right to read"),
        (Response("<h1>Not Found</h1>", 404), "No MLflow answers", "address of MLflow"),
        (refused(404, "Gone", "RESOURCE_DOES_NOT_EXIST"), "MLflow does not find", "address of MLflow"),
        (refused(400, "Nonsense", "INVALID_PARAMETER_VALUE"), r"answers 400 .*\(Nonsense\)", "address of MLflow"),
    )
    waits = (
        (refused(429, "Too many", Retry_After="600"), 600),
        (refused(429, "Too many"), 60),
        (refused(503), None),
        (Response("<html>Sign in</html>", 200), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, tracking: Tracking) -> None:
        self.vendor = tracking

    def happen(self, count: int) -> None:
        for number in range(count):
            self.vendor.version(f"m{number}", BEGAN)


def test_a_version_comes_with_its_run(tracking: Tracking) -> None:
    run = tracking.run("r1", BEGAN, tags={"mlflow.source.git.commit": "abc123"}, datasets={"clicks": "d1", "ads": "d2"})
    tracking.version("ranker", BEGAN + HOUR, run)
    assert named(pages(tracking), "model_versions") == {
        "ranker/1": {
            "external_id": "ranker/1",
            "model": "ranker",
            "version": "1",
            "url": f"{tracking.url}/#/models/ranker/versions/1",
            "created_at": "2026-10-01T01:00:00Z",
            "run_id": "r1",
            "git_sha": "abc123",
            "data_version": "ads@d2, clicks@d1",
            "deleted": False,
        }
    }


def test_what_is_live_at_first_sight_is_no_deployment(tracking: Tracking) -> None:
    tracking.version("ranker", BEGAN)
    tracking.alias("ranker", "champion", "1", BEGAN)
    tracking.tag("ranker", "1", "validation_status", "approved", BEGAN)
    found = pages(tracking)
    assert moved(found) == [("1", "production", "restart", "2026-11-04T12:00:00Z")]
    assert "ready_at" not in named(found, "model_versions")["ranker/1"]


def test_an_alias_that_moved_since_is_a_deployment_and_so_is_its_way_back(
    tracking: Tracking, clock: time_machine.Traveller
) -> None:
    for _ in range(2):
        tracking.version("ranker", BEGAN)
    tracking.alias("ranker", "champion", "1", BEGAN)
    cursor = pages(tracking)[-1].cursor
    for version, minutes in (("2", 15), ("1", 30)):
        clock.move_to(NOW + minutes * MINUTE)
        tracking.alias("ranker", "champion", version, NOW + (minutes - 3) * MINUTE)
        found = pages(tracking, cursor)
        cursor = found[-1].cursor
        assert moved(found) == [(version, "production", None, f"2026-11-04T12:{minutes}:00Z")]
    assert moved(pages(tracking, cursor)) == []


def test_a_new_version_is_ready_and_live_when_it_was_first_seen_so(
    tracking: Tracking, clock: time_machine.Traveller
) -> None:
    cursor = pages(tracking)[-1].cursor
    clock.shift(15 * MINUTE)
    tracking.version("ranker", NOW + 2 * MINUTE, tags={"validation_status": "approved"})
    tracking.alias("ranker", "champion", "1", NOW + 3 * MINUTE)
    found = pages(tracking, cursor)
    assert moved(found) == [("1", "production", None, "2026-11-04T12:15:00Z")]
    assert named(found, "model_versions")["ranker/1"]["ready_at"] == "2026-11-04T12:15:00Z"


def test_a_stage_is_dated_by_mlflow_itself(tracking: Tracking, clock: time_machine.Traveller) -> None:
    tracking.version("ranker", BEGAN)
    cursor = pages(tracking)[-1].cursor
    clock.shift(15 * MINUTE)
    tracking.stage("ranker", "1", "Staging", NOW + 2 * MINUTE)
    found = pages(tracking, cursor)
    assert moved(found) == [("1", "staging", None, "2026-11-04T12:02:00Z")]
    assert named(found, "model_versions")["ranker/1"]["ready_at"] == "2026-11-04T12:02:00Z"
    tracking.stage("ranker", "1", "Production", NOW + 9 * MINUTE)
    found = pages(tracking, found[-1].cursor)
    assert moved(found) == [("1", "production", None, "2026-11-04T12:09:00Z")]
    tracking.stage("ranker", "1", "Archived", NOW + 11 * MINUTE)
    assert moved(pages(tracking, found[-1].cursor)) == []


def test_time_is_that_of_the_server(
    tracking: Tracking, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind(*_: Any) -> str:
        return format_datetime(now() - 20 * MINUTE, usegmt=True)

    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", behind)
    tracking.version("ranker", BEGAN)
    cursor = pages(tracking)[-1].cursor
    clock.shift(30 * MINUTE)
    tracking.alias("ranker", "champion", "1", NOW)
    assert moved(pages(tracking, cursor)) == [("1", "production", None, "2026-11-04T12:10:00Z")]


def test_what_is_deleted_leaves_a_tombstone_and_what_it_did_stays(
    tracking: Tracking, clock: time_machine.Traveller
) -> None:
    for model in ("eta", "ranker", "ranker", "spam"):
        tracking.version(model, BEGAN)
    cursor = pages(tracking)[-1].cursor
    clock.shift(15 * MINUTE)
    tracking.delete("ranker", "1")
    del tracking.models["spam"]
    tracking.asked.clear()
    found = pages(tracking, cursor)
    gone = {name: said["deleted"] for name, said in named(found, "model_versions").items()}
    assert gone == {"ranker/1": True, "spam/1": True}
    assert [asked for asked in tracking.asked if asked.endswith("/get")] == [
        "GET /model-versions/get",
        "GET /registered-models/get",
    ]
    assert named(pages(tracking, found[-1].cursor), "model_versions") == {}


def test_what_a_shifting_list_left_out_is_not_taken_for_deleted(tracking: Tracking) -> None:
    for _ in range(3):
        tracking.version("ranker", BEGAN)
    cursor = pages(tracking)[-1].cursor
    short_of_one = {"model_versions": [tracking._shown(tracking.models["ranker"]["versions"]["1"])]}
    tracking.troubles = [None, Response(json.dumps(short_of_one), content_type="application/json")]
    assert named(pages(tracking, cursor), "model_versions") == {}


def test_a_model_under_a_new_name_was_live_already(tracking: Tracking, clock: time_machine.Traveller) -> None:
    tracking.version("ranker", BEGAN)
    tracking.alias("ranker", "champion", "1", BEGAN)
    cursor = pages(tracking)[-1].cursor
    clock.shift(15 * MINUTE)
    tracking.models["sorter"] = tracking.models.pop("ranker")
    tracking.models["sorter"]["versions"]["1"]["name"] = "sorter"
    found = pages(tracking, cursor)
    assert moved(found) == [("1", "production", "restart", "2026-11-04T12:15:00Z")]
    assert {name: said["deleted"] for name, said in named(found, "model_versions").items()} == {
        "sorter/1": False,
        "ranker/1": True,
    }


def test_other_rules_judge_again_what_was_seen(tracking: Tracking, clock: time_machine.Traveller) -> None:
    tracking.version("ranker", BEGAN)
    cursor = pages(tracking)[-1].cursor
    clock.shift(15 * MINUTE)
    tracking.alias("ranker", "challenger", "1", NOW)
    tracking.tag("ranker", "1", "checked", "yes", NOW)
    cursor = pages(tracking, cursor)[-1].cursor
    clock.shift(15 * MINUTE)
    rules = {"production": ["alias challenger"], "ready": ["alias challenger", "tag checked=yes"]}
    found = pages(tracking, {"history": cursor["history"]}, **rules)
    assert moved(found) == [("1", "production", None, "2026-11-04T12:15:00Z")]
    assert named(found, "model_versions")["ranker/1"]["ready_at"] == "2026-11-04T12:15:00Z"
    found = pages(tracking, {"history": found[-1].cursor["history"]}, production=["tag checked=yes"], ready=[])
    (now_challenger, now_tag) = told(found, "deployments")
    assert now_challenger.values["environment"] == "challenger"
    assert now_tag.values["environment"] == "production" and now_tag.values["kind"] == "restart"
    cleared = [each for each in told(found, "model_versions") if isinstance(each, Piece) and "challenger" in each.piece]
    assert [each.begins for each in cleared] == [{}]


def test_metrics_are_compared_with_what_was_in_production_when_a_version_was_made(
    tracking: Tracking, clock: time_machine.Traveller
) -> None:
    for number, auc in enumerate((0.90, 0.91), 1):
        tracking.run(f"r{number}", BEGAN + number * HOUR, metrics={"auc": auc, "loss": float("nan"), "other": 1})
        tracking.version("ranker", BEGAN + number * HOUR, f"r{number}")
    tracking.alias("ranker", "champion", "1", BEGAN)
    judged = {"metrics": ["auc higher 0.005", "loss lower"]}
    found = pages(tracking, **judged)
    first, second = named(found, "evaluations").values()
    assert "baseline" not in first
    assert {name: second[name] for name in ("metric", "value", "baseline", "threshold", "direction", "kind")} == {
        "metric": "auc",
        "value": "0.91",
        "baseline": "0.9",
        "threshold": "0.005",
        "direction": "higher",
        "kind": "offline",
    }
    assert second["evaluated_at"] == "2026-10-01T02:00:00Z"
    clock.shift(15 * MINUTE)
    tracking.alias("ranker", "champion", "2", NOW)
    cursor = pages(tracking, found[-1].cursor, **judged)[-1].cursor
    clock.shift(15 * MINUTE)
    tracking.run("r3", NOW + 20 * MINUTE, metrics={"auc": 0.8})
    tracking.version("ranker", NOW + 20 * MINUTE, "r3")
    tracking.alias("ranker", "champion", "3", NOW + 25 * MINUTE)
    found = pages(tracking, cursor, **judged)
    assert [each["baseline"] for each in named(found, "evaluations").values()] == ["0.91"]
    again = named(pages(tracking, {"history": found[-1].cursor["history"]}, **judged), "evaluations")
    assert [each.get("baseline") for each in again.values()] == [None, "0.9", "0.91"]


def test_an_experiment_names_the_first_version_it_put_into_production(
    tracking: Tracking, clock: time_machine.Traveller
) -> None:
    tracking.experiment("0", "Default", BEGAN)
    tracking.experiment("1", "Do clicks predict?", BEGAN)
    tracking.experiment("2", "before", BEGAN - DAY)
    first = pages(tracking)
    assert [(each.values["name"], each.values.get("version")) for each in told(first, "experiments")] == [
        ("Do clicks predict?", None)
    ]
    for number in (1, 2, 3):
        tracking.version("ranker", NOW, tracking.run(f"r{number}", NOW))
    cursor = first[-1].cursor
    named_versions = []
    for version in (None, "2", "3"):
        clock.shift(15 * MINUTE)
        if version:
            tracking.alias("ranker", "champion", version, NOW)
        found = pages(tracking, cursor)
        named_versions.append([each.values["version"] for each in told(found, "experiments")])
        cursor = found[-1].cursor
    assert named_versions == [["1"], ["2"], []]
    tracking.experiments["1"]["lifecycle_stage"] = "deleted"
    assert [each.values["deleted"] for each in told(pages(tracking, cursor), "experiments")] == [True]


def test_runs_of_a_pipeline_come_in_full_and_running_ones_again(
    tracking: Tracking, clock: time_machine.Traveller
) -> None:
    tracking.experiment("7", "nightly training", BEGAN)
    rules = {"pipelines": ["train nightly training = ranker"]}
    tracking.page, tracking.hollow = 2, {2}
    for number, status in enumerate(("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")):
        tracking.run(f"r{number}", BEGAN + number * DAY, "7")
        if number < 3:
            tracking.end(f"r{number}", status, BEGAN + number * DAY + HOUR)
    found = pages(tracking, **rules)
    states = {name: said["status"] for name, said in named(found, "pipeline_runs").items()}
    assert states == {"r0": "succeeded", "r1": "failed", "r2": "cancelled", "r3": "running", "r4": "running"}
    assert named(found, "pipeline_runs")["r0"] == {
        "external_id": "r0",
        "url": f"{tracking.url}/#/experiments/7/runs/r0",
        "updated_at": "2026-10-01T01:00:00Z",
        "pipeline": "nightly training",
        "run": "r0",
        "flow": "train",
        "model": "ranker",
        "status": "succeeded",
        "started_at": "2026-10-01T00:00:00Z",
        "finished_at": "2026-10-01T01:00:00Z",
    }
    assert told(found, "experiments") == []
    tracking.end("r3", "FINISHED", NOW)
    del tracking.runs["r4"]
    found = pages(tracking, found[-1].cursor, **rules)
    assert named(found, "pipeline_runs")["r3"]["status"] == "succeeded"
    assert found[-1].cursor["runs"]["nightly training"]["open"] == []


def test_pages_are_followed_through_an_empty_one_in_the_middle(tracking: Tracking) -> None:
    tracking.page, tracking.hollow = 3, {2, 4}
    for number in range(10):
        tracking.version(f"m{number}", BEGAN)
        tracking.alias(f"m{number}", "champion", "1", BEGAN)
    assert len(moved(pages(tracking))) == 10


def test_from_any_page_on_the_rest_is_found(tracking: Tracking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.mlflow.registry.TOLD_AT_ONCE", 1)
    tracking.page, tracking.hollow = 2, {3}
    tracking.experiment("7", "nightly training", BEGAN)
    tracking.experiment("1", "Do clicks predict?", BEGAN)
    rules = {"pipelines": ["train nightly training"], "metrics": ["auc higher"]}
    for number in range(5):
        tracking.version("ranker", BEGAN, tracking.run(f"r{number}", BEGAN + number * DAY, metrics={"auc": 0.9}))
        tracking.run(f"n{number}", BEGAN + number * DAY, "7")
    tracking.alias("ranker", "champion", "2", BEGAN)
    whole = pages(tracking, **rules)
    kinds = ("model_versions", "deployments", "evaluations", "experiments", "pipeline_runs")
    for stop in range(1, len(whole) + 1):
        rest = pages(tracking, whole[stop - 1].cursor, **rules)
        for kind in kinds:
            assert named([*whole[:stop], *rest], kind) == named(whole, kind)


def test_nothing_new_is_told_again(tracking: Tracking) -> None:
    for number in range(5):
        tracking.version("ranker", BEGAN, tracking.run(f"r{number}", BEGAN))
    cursor = pages(tracking)[-1].cursor
    tracking.asked.clear()
    assert [each for page in pages(tracking, cursor) for each in page.facts] == []
    assert tracking.asked == [
        "GET /registered-models/search",
        "GET /model-versions/search",
        "POST /experiments/search",
    ]


def test_a_backfill_tells_how_far_it_has_come(tracking: Tracking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.mlflow.registry.TOLD_AT_ONCE", 1)
    for number in range(4):
        tracking.version(f"m{number}", BEGAN)
    steps = [(page.done, page.total) for page in pages(tracking) if page.total]
    assert steps == sorted(steps) and steps[0] == (0, 4) and steps[-1] == (4, 4)


def test_experiments_nobody_may_read_keep_nobody_from_reading_models(tracking: Tracking) -> None:
    tracking.version("ranker", BEGAN)
    tracking.troubles = [None, None, refused(403, "No.")]
    found, trouble = until_trouble(collector.pull(tracking.setup(), {}, BEGAN))
    assert isinstance(trouble, Rejected) and "does not let the token read the experiments" in str(trouble)
    assert len(named(found, "model_versions")) == 1

"""What senders of lineage send: known by its key, read without guessing, and all else kept with a reason."""

import json
from typing import Any

import pytest

from integrations.openlineage import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Ignored, Piece, Setup, Told
from ops_console.ingest.parse import Parser
from tests.integrations.openlineage.sent import BEGAN, assertion, body, checked, number, parent, run

KEY = "lineage-k3y"


def read(said: Any, **settings: Any) -> list[Told]:
    return list(webhook.facts("run", body(said), settings))


def checks(said: Any, **settings: Any) -> list[dict[str, Any]]:
    return [dict(each.values) for each in read(said, **settings) if each.kind == "quality_checks"]


def test_any_secret_in_use_verifies_and_nothing_else_does() -> None:
    for secrets in ([KEY], ["old", KEY], [KEY, "new"]):
        webhook.verify({"authorization": f"Bearer {KEY}"}, b"", secrets, BEGAN)
    for headers in ({}, {"authorization": "Bearer other"}, {"authorization": KEY}, {"authorization": "Bearer "}):
        with pytest.raises(Rejected):
            webhook.verify(headers, b"", [KEY], BEGAN)


def test_the_same_words_are_the_same_delivery() -> None:
    said = body(run("start", "r"))
    assert webhook.arrival({}, said) == webhook.arrival({}, said) != webhook.arrival({}, body(run("START", "q")))
    assert webhook.arrival({}, said).event == "run START"
    kinds = [webhook.arrival({}, body(each)).event for each in ({"job": {}}, {"dataset": {}, "job": {}}, [], {})]
    assert kinds == ["job", "dataset", "unknown", "unknown"]
    assert isinstance(webhook.arrival({}, b"\xff"), Arrival)


def test_a_run_begins_and_ends() -> None:
    nominal = {"nominalStartTime": "2026-10-01T06:00:00Z"}
    airflow = {"dagRun": {"run_type": "DagRunType.SCHEDULED"}}
    rules = {"pipelines": ["train nightly = ranker"]}
    (begun,) = read(run("START", "r", nominalTime=nominal, airflowDagRun=airflow), **rules)
    assert isinstance(begun, Piece)
    assert begun.begins == {"status": "running", "started_at": "2026-10-01T08:00:00Z"}
    assert begun.values == {
        "external_id": number("r"),
        "pipeline": "airflow/nightly",
        "run": number("r"),
        "flow": "train",
        "model": "ranker",
        "trigger": "schedule",
        "nominal_at": "2026-10-01T06:00:00Z",
    }
    for kind, status in (("COMPLETE", "succeeded"), ("FAIL", "failed"), ("ABORT", "cancelled")):
        (ended,) = read(run(kind, "r", 5))
        assert (ended.values["status"], ended.values["finished_at"]) == (status, "2026-10-01T08:05:00Z")
    for kind in ("RUNNING", "OTHER", ""):
        (going_on,) = read(run(kind, "r", 3))
        assert isinstance(going_on, Piece) and going_on.begins == {"status": "running"}
        assert "status" not in going_on.values


def test_a_job_is_known_by_its_name_alone_or_behind_its_namespace() -> None:
    for rule in ("score nightly", "score airflow/nightly"):
        assert read(run("START", "r"), pipelines=[rule])[0].values["flow"] == "score"
    assert "flow" not in read(run("START", "r"), pipelines=["score spark/nightly"])[0].values
    assert webhook.check(Setup("ol", {"pipelines": ["score nightly"]})) == ("Pipelines whose flow is known: 1.",)


@pytest.mark.parametrize("line", ["nightly", "teach nightly", "train = ranker"])
def test_a_pipeline_must_say_what_it_does(line: str) -> None:
    with pytest.raises(Rejected, match="says of no job what it does"):
        webhook.check(Setup("ol", {"pipelines": [line]}))


def test_a_step_belongs_to_the_run_at_the_root_of_it_all() -> None:
    told = run("COMPLETE", "step", inputs=[checked(assertion("not_null"))], parent=parent("task", "dag"))
    (check,) = read(told)
    assert (check.kind, check.values["pipeline_run"]) == ("quality_checks", number("dag"))
    (check,) = read(told | {"run": {**told["run"], "facets": {"parent": parent("dag")}}})
    assert check.values["pipeline_run"] == number("dag")
    with pytest.raises(Ignored, match="A step of another run"):
        read(run("START", "step", parent=parent("dag")))


def test_a_step_that_somebody_named_is_a_pipeline_of_its_own() -> None:
    said = run("COMPLETE", "step", job="dbt", inputs=[checked(assertion("unique"))], parent=parent("dag"))
    told, check = read(said, pipelines=["feature dbt"])
    assert told.values["flow"] == "feature"
    assert check.values["pipeline_run"] == told.values["external_id"] == number("step")


def test_checks_say_what_was_checked_how_it_went_and_whether_it_stops_anything() -> None:
    found = checks(
        run(
            "COMPLETE",
            "r",
            inputs=[
                checked(assertion("not_null", column="id"), assertion("rows", success=False, severity="warn")),
                checked(assertion("custom", name="orphans", severity="error"), dataset="ads", place="facets"),
            ],
        )
    )
    told = [(each["name"], each["dataset"], each.get("column"), each["outcome"], each["blocking"]) for each in found]
    assert told == [
        ("not_null", "bigquery/clicks", "id", "passed", True),
        ("rows", "bigquery/clicks", None, "failed", False),
        ("orphans", "bigquery/ads", None, "passed", True),
    ]
    assert all(Parser("quality_checks", "ol", None)(each).external_id for each in found)


def test_checks_of_one_name_are_told_apart_and_those_of_a_test_run_are_read_too() -> None:
    twice = checks(run("FAIL", "r", inputs=[checked(assertion("range"), assertion("range", success=False))]))
    assert len({each["external_id"] for each in twice}) == 2
    tests = [{"name": status, "status": status} for status in ("pass", "fail", "skip", "error")]
    told = checks(run("FAIL", "r", test={"tests": tests}))
    assert [each["outcome"] for each in told] == ["passed", "failed", "skipped", "errored"]


def test_names_that_are_too_long_are_kept_by_a_name_of_their_own() -> None:
    said = run("COMPLETE", "r", job="j" * 500, inputs=[checked(assertion("a" * 400), dataset="d" * 400)])
    told, check = read(said)
    assert len(told.values["pipeline"]) == 64
    assert Parser("quality_checks", "ol", None)(dict(check.values)).external_id


@pytest.mark.parametrize(
    ("said", "settings", "words"),
    [
        ({"job": {}, "eventTime": "2026-10-01T08:00:00Z"}, {}, "tells of no run"),
        (run("START", "r"), {"left_out": ["airflow"]}, "airflow is left out"),
    ],
)
def test_what_is_not_counted_is_ignored_with_a_reason(said: Any, settings: Any, words: str) -> None:
    with pytest.raises(Ignored, match=words):
        read(said, **settings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no JSON object"),
        (b'{"run": {}}', "lacks what it should have: KeyError"),
        (b'{"run": 7, "job": {}}', "lacks what it should have"),
        (json.dumps(run("START", "r") | {"eventTime": "2026-10-01T08:00:00"}).encode(), "has no offset"),
        (json.dumps(run("START", "r") | {"eventTime": "soon"}).encode(), "lacks what it should have: ValueError"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("run START", content, {})

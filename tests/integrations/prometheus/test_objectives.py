"""Rules in, objectives out: as sloth and Pyrra write them, and nothing else."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from integrations.prometheus import objectives
from integrations.prometheus.objectives import Objective
from ops_console.ingest.parse import Parser
from tests.integrations.prometheus.watchtower import of_sloth, recorded

SAMPLE = Path(objectives.__file__).parent / "samples" / "rules.json"


def found(*rules: list[dict[str, Any]], model: str = "model", service: str = "service") -> list[Objective]:
    return objectives.objectives([{"rules": each} for each in rules], model, service)


def of_pyrra(name: str, **labels: str) -> list[dict[str, Any]]:
    said = {"slo": name, "job": "embed"} | labels
    return [
        recorded("http_requests:burnrate5m", "sum(rate(a[5m])) / sum(rate(b[5m]))", **said),
        recorded("http_requests:increase4w", "sum(increase(b[4w]))", **said),
        recorded("pyrra_objective", "0.99", **said),
        recorded("pyrra_window", "2419200", **said),
    ]


def test_a_sample_becomes_its_facts() -> None:
    groups = json.loads(SAMPLE.read_text("utf-8"))["data"]["groups"]
    told = [each.fact() for each in objectives.objectives(groups, "model", "service")]
    assert json.loads(json.dumps([asdict(each) for each in told])) == json.loads(
        SAMPLE.with_suffix(".facts.json").read_text("utf-8")
    )
    for each in told:
        assert Parser(each.kind, "prometheus", None)(dict(each.values)).external_id


def test_the_shortest_range_is_taken_whatever_the_order() -> None:
    rules = of_sloth("ranker")
    for order in (rules, rules[::-1]):
        (told,) = found(order)
        assert told.range == "5m" and "[5m]" in told.expression


def test_rules_of_two_copies_of_a_server_are_one_objective() -> None:
    assert len(found(of_sloth("ranker", replica="a"), of_sloth("ranker", replica="b"))) == 1


def test_an_objective_keeps_its_digits_and_loses_those_of_floats() -> None:
    said = {
        "0.999": "99.9",
        "0.9990000000000001": "99.9",
        "0.99995": "99.995",
        "9.5e-01": "95",
        "0.5": "50",
    }
    for ratio, percent in said.items():
        (told,) = found(of_sloth("ranker", objective=ratio))
        assert told.fact().values["objective_percent"] == percent


@pytest.mark.parametrize(
    ("labels", "about"),
    [
        ({"model": "ranker-v2", "service": "api"}, ("model", "ranker-v2")),
        ({"service": "api"}, ("service", "api")),
        ({}, ("service", "ranker")),
    ],
)
def test_whose_an_objective_is_stands_in_its_labels(labels: dict[str, str], about: tuple[str, str]) -> None:
    assert found(of_sloth("ranker", **labels))[0].about == about


def test_labels_may_have_other_names() -> None:
    (told,) = found(of_sloth("ranker", ml_model="ranker-v2"), model="ml_model")
    assert told.about == ("model", "ranker-v2")


def test_pyrra_says_objective_and_window_in_generic_rules_or_by_the_way() -> None:
    (told,) = found(of_pyrra("embed-up"))
    assert (told.percent, told.window, told.about, told.teller) == (99, "28d", ("service", "embed"), "Pyrra")
    alert = recorded("ErrorBudgetBurn", "x:burnrate5m > (14 * (1-0.995))", slo="embed-up") | {"type": "alerting"}
    (told,) = found([*of_pyrra("embed-up")[:2], alert])
    assert (str(told.percent), told.window) == ("99.5", "28d")


@pytest.mark.parametrize("missing", ["slo:objective:ratio", "slo:sli_error:ratio_rate"])
def test_what_lacks_objective_or_ratio_is_none(missing: str) -> None:
    assert found([rule for rule in of_sloth("ranker") if not rule["name"].startswith(missing)]) == []


@pytest.mark.parametrize("ratio", ["1", "0", "0.99999999", "1.5"])
def test_an_objective_nobody_could_miss_or_meet_is_none(ratio: str) -> None:
    rules = [*of_sloth("ranker", objective=ratio), *of_sloth("embed")]
    assert [each.id for each in found(rules)] == ["embed-requests"]
    assert objectives.without_objective([{"rules": rules}]) == ["ranker-requests"]


def test_an_objective_without_a_window_is_one_all_the_same() -> None:
    assert "window" not in found(of_sloth("ranker")[:-1])[0].fact().values


def test_rules_that_look_alike_are_left_alone() -> None:
    others = [
        recorded("apiserver_request:burnrate5m", "sum(rate(a[5m])) / sum(rate(b[5m]))", verb="read"),
        recorded("slo:sli_error:ratio_rate5m", "a / b", service="x"),
        recorded("requests:burnrate5x", "a / b", slo="odd"),
        {"name": "no labels", "query": "up"},
        {"labels": None},
        {"name": "slo:sli_error:ratio_rate5m", "labels": {"sloth_id": "asks nothing"}},
    ]
    assert found(others, []) == []
    assert objectives.objectives([{}, {"rules": None}, {"rules": ["odd"]}], "model", "service") == []


@pytest.mark.parametrize(
    ("said", "length"),
    [("5m", 300), ("1h30m", 5400), ("30d", 2_592_000), ("4w2d", 2_592_000), ("15d", 1_296_000), ("500ms", 0.5)],
)
def test_durations_are_read_as_prometheus_writes_them(said: str, length: float) -> None:
    assert objectives.seconds(said) == length


@pytest.mark.parametrize("said", ["", "10GiB", "d", "5", "5 m", "m5"])
def test_what_is_no_duration_is_none(said: str) -> None:
    assert objectives.seconds(said) is None

"""Readings for machines: the names and forms every API, CSV and script may rely on."""

import json
from dataclasses import fields

from ops_console.measures.readings import Reading, machine
from tests.reporting.shown import reading

PROMISED = [
    "key",
    "scope",
    "period",
    "value",
    "unit",
    "k",
    "n",
    "target",
    "target_from",
    "status",
    "status_reason",
    "signal",
    "signal_rule",
    "centre",
    "lower",
    "upper",
    "limit_points",
    "trial",
    "previous",
    "delta",
    "interval_low",
    "interval_high",
    "data_state",
    "coverage",
    "as_of",
    "definition_version",
    "records_url",
]


def test_every_promised_field_is_there() -> None:
    assert set(PROMISED) <= set(machine(reading("lead_time")))


def test_it_is_json() -> None:
    for key in ("model_deployments", "cost_vs_budget", "slo_attainment", "stakeholder_satisfaction"):
        assert json.loads(json.dumps(machine(reading(key)), allow_nan=False))["key"] == key


def test_times_are_utc_and_durations_seconds() -> None:
    told = machine(reading("lead_time"))

    assert told["as_of"] == "2026-11-04T09:00:00Z"
    assert told["period_start"] == "2026-09-30T23:00:00Z"
    assert (told["unit"], told["value"]) == ("seconds", 8.5 * 86_400)


def test_money_is_a_decimal_string_with_its_currency() -> None:
    told = machine(reading("cost_vs_budget"))

    assert (told["k"], told["n"], told["currency"]) == ("48210.40", "45500", "USD")


def test_counts_are_numbers_and_shares_lie_between_0_and_1() -> None:
    told = machine(reading("change_failure_rate"))

    assert (told["k"], told["n"], told["value"]) == (2, 25, 0.08)


def test_what_is_unknown_is_null() -> None:
    told = machine(reading("lead_time", value=None, n=None, target=None, as_of=None))

    assert [told[name] for name in ("value", "n", "target", "as_of", "coverage")] == [None] * 5


def test_nothing_a_reading_knows_is_kept_back() -> None:
    told = machine(reading())
    told_otherwise = {"definition", "history", "coverage_known", "coverage_expected", "target_set_by"}

    assert {field.name for field in fields(Reading)} - told_otherwise <= set(told)

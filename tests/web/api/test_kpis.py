"""Readings for other systems."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.kpis import CATALOGUE
from tests.web.api.conftest import Ask
from tests.web.api.test_facts import bearer


def pages(ask: Ask, path: str) -> Iterator[dict[str, Any]]:
    """Each page of a list, by its `next`."""
    following: str | None = path
    while following:
        answer = ask(following)
        assert answer.status_code == 200, answer.text
        yield answer.json
        following = answer.json["next"]


def test_every_kpi_comes_with_its_definition_and_reading(ask: Ask) -> None:
    answer = ask("/api/v1/kpis?period=2026-10").json
    assert [kpi["key"] for kpi in answer["kpis"]] == list(CATALOGUE)
    deployments = answer["kpis"][0]["reading"]
    assert (deployments["value"], deployments["period"], deployments["scope"]) == (12, "2026-10", "workspace")


def test_a_history_is_plain_numbers_and_null_for_unknown(ask: Ask) -> None:
    answer = ask("/api/v1/kpis/lead_time/readings?period=2026-10&scope=tier:1").json
    assert answer["reading"]["unit"] == "seconds" and answer["reading"]["scope"] == "tier:1"
    october, september = answer["history"][:2]
    assert (october["period"], october["n"], september["period"]) == ("2026-10", answer["reading"]["n"], "2026-09")
    assert ask("/api/v1/kpis/cost_vs_budget/readings?period=2026-10").json["reading"]["value"] is None


def test_a_history_goes_back_to_where_the_facts_begin_and_no_further(ask: Ask) -> None:
    whole = ask("/api/v1/kpis/model_deployments/readings?period=2026-W44").json
    paged = list(pages(ask, "/api/v1/kpis/model_deployments/readings?period=2026-W44&limit=9"))
    periods = [point["period"] for page in paged for point in page["history"]]
    assert len(periods) == len(set(periods)) == 56 and (periods[0], periods[-1]) == ("2026-W44", "2025-W41")
    assert periods[:25] == [point["period"] for point in whole["history"]]
    assert {page["reading"]["period"] for page in paged} == {"2026-W44"}


@pytest.mark.parametrize("query", ["period=2026", "period=2026-08-01..2026-10-31"])
def test_days_that_are_no_period_have_a_reading_and_no_history(ask: Ask, query: str) -> None:
    answer = ask(f"/api/v1/kpis/model_deployments/readings?{query}").json
    assert answer["reading"]["value"] > 12 and (answer["history"], answer["next"]) == ([], None)


def test_nothing_is_known_of_a_kpi_without_facts(ask: Ask) -> None:
    answer = ask("/api/v1/kpis/cost_vs_budget/readings?period=2026-10").json
    assert (answer["reading"]["data_state"], answer["history"], answer["next"]) == ("not_connected", [], None)


@pytest.mark.parametrize("key", ["lead_time", "mttr", "slo_attainment"])
def test_rows_and_their_number_go_together(ask: Ask, key: str) -> None:
    reading = ask(f"/api/v1/kpis/{key}/readings?period=2026-10&scope=tier:1").json["reading"]
    answer = ask(f"/api/v1/kpis/{key}/records?period=2026-10&scope=tier:1").json
    assert (answer["counted"], answer["excluded"]) == (reading["n"] or 0, reading["excluded"])
    assert (answer["window_start"], answer["window_end"]) == (reading["window_start"], reading["window_end"])
    assert len(answer["rows"]) == answer["total"]


def test_a_window_can_be_the_period_itself(ask: Ask) -> None:
    usual, narrow = (
        ask(f"/api/v1/kpis/mttr/records?period=2026-10&window={each}").json for each in ("default", "period")
    )
    assert narrow["window_start"] == "2026-09-30T23:00:00Z" and narrow["total"] < usual["total"]
    reading = ask("/api/v1/kpis/mttr/readings?period=2026-10&window=period").json["reading"]
    assert reading["n"] == narrow["counted"]
    listed = ask("/api/v1/kpis?period=2026-10&window=period").json["kpis"]
    assert [each["reading"] for each in listed if each["key"] == "mttr"] == [reading]


def test_a_figure_can_stand_beside_that_of_a_year_ago(ask: Ask) -> None:
    before, year = (
        ask(f"/api/v1/kpis/model_deployments/readings?period=2026-10&compare={each}").json["reading"]
        for each in ("previous", "year")
    )
    assert (before["previous_period"], year["previous_period"]) == ("2026-09", "2025-10")
    assert ask("/api/v1/kpis/mttr/records?compare=none").status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=soon", "'soon' is no period. Write 2026-10"),
        ("period=0001-01", "is no period"),
        ("grain=decade", "grain='decade' makes no sense: it should be 'week', 'month' or 'quarter'"),
        ("scope=galaxy", "'galaxy' is no scope. Write workspace, team:NAME"),
        ("scope=tier:nine", "is no scope"),
        ("scope=", "scope='' makes no sense"),
        ("scope=team:a%00b", "scope='team:a\\x00b' makes no sense"),
        ("window=wide", "window='wide' makes no sense: it should be 'default' or 'period'"),
        ("compare=never", "compare='never' makes no sense: it should be 'previous', 'year' or 'none'."),
        ("limit=0", "limit='0' makes no sense: it should be greater than or equal to 1"),
        ("limit=501", "it should be less than or equal to 500"),
        ("limit=many", "limit='many' makes no sense: it should be a valid integer"),
        ("perod=2026-10", "There is no parameter 'perod'. This operation takes period, scope, grain, window, "),
        ("period=2026-10&period=2026-09", "'period' is given 2 times. Give it once."),
        ("cursor=abc", "The cursor is damaged"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named_with_the_way_out(ask: Ask, query: str, words: str) -> None:
    answer = ask(f"/api/v1/kpis/mttr/records?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert (answer.json["type"], answer.json["status"]) == ("/help/api#bad-input", 400)
    assert words in answer.json["detail"]


@pytest.mark.parametrize("scope", ["team:Serch", "model:rankr"])
@pytest.mark.parametrize("path", ["/api/v1/kpis", "/api/v1/kpis/mttr/readings", "/api/v1/kpis/mttr/records"])
def test_a_misspelt_team_or_model_is_no_zero(ask: Ask, path: str, scope: str) -> None:
    answer = ask(f"{path}?scope={scope}")
    assert answer.status_code == 404 and scope.split(":")[1] in answer.json["detail"]


@pytest.mark.parametrize("path", ["/api/v1/kpis/luck/readings", "/api/v1/kpis/luck/records"])
def test_an_unknown_kpi_names_the_known_ones(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404 and "There is no KPI 'luck'. Use one of model_deployments" in answer.json["detail"]


@pytest.mark.parametrize("path", ["/api/v1/kpis", "/api/v1/kpis/mttr/readings", "/api/v1/kpis/mttr/records"])
def test_reading_needs_the_scope_for_reading(caller: FlaskClient, company: Engine, path: str) -> None:
    refused = caller.get(path, headers=bearer(company, "facts:write"))
    assert refused.status_code == 403 and "lacks the scope kpis:read" in refused.json["detail"]
    assert caller.get(path, headers=bearer(company, "kpis:read")).status_code == 200

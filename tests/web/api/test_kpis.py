"""Readings for other systems."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import engine_for
from ops_console.kpis import CATALOGUE
from tests.web.api.test_facts import bearer
from tests.web.company import NOW


@pytest.fixture
def sqlite(company_template: bytes, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "company.db"
    path.write_bytes(company_template)
    engine = engine_for(f"sqlite:///{path}")
    with time_machine.travel(NOW):
        yield engine
    engine.dispose()


@pytest.fixture
def ask(visitor: FlaskClient, sqlite: Engine):
    headers = bearer(sqlite, "kpis:read")
    return lambda path: visitor.get(path, headers=headers)


def test_every_kpi_comes_with_its_definition_and_reading(ask) -> None:
    answer = ask("/api/v1/kpis?period=2026-10").json
    assert [kpi["key"] for kpi in answer["kpis"]] == list(CATALOGUE)
    deployments = answer["kpis"][0]["reading"]
    assert (deployments["value"], deployments["period"], deployments["scope"]) == (12, "2026-10", "workspace")


def test_a_history_is_plain_numbers_and_null_for_unknown(ask) -> None:
    answer = ask("/api/v1/kpis/lead_time/readings?period=2026-10&scope=tier:1").json
    assert answer["reading"]["unit"] == "seconds" and answer["reading"]["scope"] == "tier:1"
    assert {point["period"] for point in answer["history"]} >= {"2026-09", "2026-10"}
    assert ask("/api/v1/kpis/cost_vs_budget/readings?period=2026-10").json["reading"]["value"] is None


@pytest.mark.parametrize(("path", "status"), [("/api/v1/kpis/luck/readings", 404), ("/api/v1/kpis?period=soon", 400)])
def test_what_makes_no_sense_is_a_problem_document(ask, path: str, status: int) -> None:
    answer = ask(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_reading_needs_the_scope_for_reading(visitor: FlaskClient, sqlite: Engine) -> None:
    assert visitor.get("/api/v1/kpis", headers=bearer(sqlite, "facts:write")).status_code == 403

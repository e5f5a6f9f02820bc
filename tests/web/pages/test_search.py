"""One box for whatever has a name; and the page that says what to import first."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.kpis import CATALOGUE
from ops_console.records.reports import ReportRun
from tests.web import company
from tests.web.conftest import over, sign_in
from tests.web.pages.conftest import page


@pytest.fixture
def sqlite(company_database: Engine) -> Engine:
    return company_database


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("rank", "/models/ranker"),
        ("LEAD time", "/kpis/lead_time"),
        ("lead_time", "/kpis/lead_time"),
        ("week 51", "/incidents/"),
        ("INC-51", "/incidents/"),
        ("searc", "/kpis?scope=team%3ASearch"),
        ("1.51", "/deployments/"),
        ("fraud 1.51", "/deployments/"),
        ("data health", "/data-health"),
        ("usual range", "/help#signal"),
        ("shortcut", "/help#keys"),
        ("definition of mttr", "/help/definitions#mttr"),
        ("import deployments", "/help/imports#deployments"),
        ("landing page", "/views"),
    ],
)
def test_a_part_of_a_name_finds_it(viewer: FlaskClient, asked: str, address: str) -> None:
    assert f'href="{address}' in page(viewer, f"/search?q={asked}")


@pytest.mark.parametrize(
    "asked", ["%%", "__", "\\", "'; DROP TABLE account; --", "<script>alert(1)</script>", "x" * 5000]
)
def test_signs_mean_themselves(viewer: FlaskClient, asked: str) -> None:
    answer = viewer.get("/search", query_string={"q": asked})
    assert answer.status_code == 200 and "Nothing matches" in answer.text and "<script>alert" not in answer.text


def test_a_version_is_found_with_its_model_and_where_it_went(viewer: FlaskClient) -> None:
    found = page(viewer, "/search?q=fraud 1.51").split("<h2>Deployments</h2>")[1].split("</section>")[0]
    assert found.count("<li>") == 1 and "fraud 1.51 in production" in found


def test_a_report_is_found_by_its_name_and_what_was_sent_by_its_month(whole_app: Flask, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        for period in ("2026-09", "2026-10"):
            made = {"snapshot_hash": "", "made_by": "timetable", "made_at": company.NOW, "state": "sent"}
            session.add(ReportRun(report="monthly_operations", period=period, **made))
    with over(whole_app, sqlite):
        browser = sign_in(whole_app.test_client(), sqlite)
        found = page(browser, "/search?q=report").split("<h2>Reports</h2>")[1]
        assert "/reports/monthly_operations/preview" in found and found.index("Oct 2026") < found.index("Sep 2026")
        found = page(browser, "/search?q=Sep 2026").split("<h2>Reports</h2>")[1].split("</section>")[0]
        assert found.count("<li>") == 1


def test_each_group_shows_twenty_at_most(viewer: FlaskClient) -> None:
    found = page(viewer, "/search?q=ranker").split("<h2>Incidents</h2>")[1].split("</section>")[0]
    assert found.count("<li>") == 20


def test_a_search_costs_a_fixed_number_of_statements(viewer: FlaskClient, statements: Callable) -> None:
    viewer.get("/search?q=a")
    with statements() as seen:
        viewer.get("/search?q=a")
    assert len(seen) <= 12


def test_an_empty_search_shows_the_box(viewer: FlaskClient) -> None:
    assert "Nothing matches" not in page(viewer, "/search?q=")


def test_set_up_says_what_is_there_and_what_each_kind_lights_up(viewer: FlaskClient) -> None:
    text = page(viewer, "/setup")
    lit = sum({"models", "deployments", "incidents"}.issuperset(kpi.facts) for kpi in CATALOGUE.values())
    assert lit and f"{lit} of {len(CATALOGUE)} KPIs have the facts they need." in text
    assert "Lights up Cost against budget." in text and "ops-console import costs FILE" in text

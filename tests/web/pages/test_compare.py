"""Every page, file and answer stands a figure beside the same period, and names it."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.conftest import Filled
from tests.web.api.test_facts import bearer
from tests.web.pages.conftest import page

WEEK = "period=2026-W43"


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


@pytest.mark.parametrize(
    ("query", "before"), [("", "2026-W42"), ("&compare=previous", "2026-W42"), ("&compare=year", "2025-W43")]
)
def test_page_file_and_api_agree(
    viewer: FlaskClient, visitor: FlaskClient, sqlite: Engine, query: str, before: str
) -> None:
    api = visitor.get(
        f"/api/v1/kpis/model_deployments/readings?{WEEK}{query}", headers=bearer(sqlite, "kpis:read")
    ).json["reading"]
    cells = viewer.get(f"/kpis.csv?{WEEK}{query}").data.decode("utf-8-sig")
    row = next(row for row in csv.DictReader(io.StringIO(cells)) if row["key"] == "model_deployments")

    assert api["previous_period"] == row["previous_period"] == before
    assert api["previous"] == float(row["previous"]) == 3
    said = {"2026-W42": "W42 3", "2025-W43": "Week 43, 2025 3"}[before]
    assert f"{said}: " in page(viewer, f"/kpis/model_deployments?{WEEK}{query}")
    assert f"{said} " in page(viewer, f"/?{WEEK}{query}")


def test_words_name_the_period_of_a_year_ago(viewer: FlaskClient) -> None:
    assert "What changed since Oct 2025" in page(viewer, "/?period=2026-10&compare=year")
    assert "Change from Oct 2025" in page(viewer, "/kpis?period=2026-10&compare=year")
    assert "What changed since Sep" in page(viewer, "/?period=2026-10")


def test_compared_with_nothing_no_change_is_said_but_what_is_unusual_is(viewer: FlaskClient) -> None:
    text = page(viewer, "/?period=2026-10&compare=none")
    assert "What changed</h2>" in text and "met in" not in text


def test_a_running_month_is_compared_with_as_many_days(viewer: FlaskClient) -> None:
    assert "first 4 days of Oct 0" in page(viewer, "/kpis/model_deployments?period=2026-11")
    assert "first 4 days of Nov 2025" in page(viewer, "/kpis/model_deployments?period=2026-11&compare=year")


def test_links_to_other_pages_keep_what_is_compared(viewer: FlaskClient) -> None:
    text = page(viewer, "/?period=2026-10&compare=year")
    assert "/kpis/mttr?period=2026-10&amp;compare=year" in text
    assert "compare=" not in page(viewer, "/kpis/mttr?period=2026-10").split("</form>")[2]


def test_a_stretch_of_days_offers_nothing_to_compare_with(viewer: FlaskClient) -> None:
    assert "Compared with" not in page(viewer, "/?period=2026-10-01..2026-10-09")


def test_an_unknown_comparison_says_what_may_be_written(viewer: FlaskClient) -> None:
    assert "previous, year, none" in page(viewer, "/?compare=decade", 400)


@pytest.mark.parametrize(("grain", "title"), [("week", "Week 44, 2026"), ("month", "Oct 2026"), ("quarter", "Q3 2026")])
def test_latest_is_the_newest_complete_period_on_every_page(viewer: FlaskClient, grain: str, title: str) -> None:
    asked = f"?period=latest&grain={grain}"
    for path in ("/", "/kpis", "/kpis/mttr"):
        assert f", {title}" in page(viewer, path + asked).partition("</title>")[0]
    assert f'<option value="latest" selected>Latest {grain} ({title})' in page(viewer, "/kpis" + asked)


def test_latest_names_files_by_the_period_it_means(viewer: FlaskClient) -> None:
    for path, name in {"/kpis.csv": "scorecard_2026-10", "/deployments.csv": "deployments_2026-10"}.items():
        assert name in viewer.get(f"{path}?period=latest").headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["/deployments", "/incidents"])
def test_lists_cover_the_latest_month(viewer: FlaskClient, path: str) -> None:
    text = page(viewer, f"{path}?period=latest")
    assert "1 to 31 Oct 2026" in text and "Period: Latest month (Oct 2026)" in text

"""Which measures are off? Is this one a real change, and why?"""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.kpis import CATALOGUE
from tests.web.pages.conftest import page


@pytest.fixture
def sqlite(company_database: Engine) -> Engine:
    return company_database


def rows(browser: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = browser.get(address)
    assert answer.data.startswith(b"\xef\xbb\xbf") and answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_every_kpi_has_a_row_under_its_group(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis")
    assert all(kpi.title in text for kpi in CATALOGUE.values())
    assert text.index("Delivery</th>") < text.index("Operations</th>") < text.index("Governance and cost</th>")


@pytest.mark.parametrize("address", ["/", "/kpis", "/kpis/model_deployments", "/kpis.csv"])
@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("scope=team:Serch", 404, "There is no team &#39;Serch&#39;."),
        ("scope=model:rankr", 404, "There is no model &#39;rankr&#39;."),
        ("period=2027-01", 404, "2027-01 has not begun."),
    ],
)
def test_what_does_not_exist_is_no_zero(viewer: FlaskClient, address: str, query: str, code: int, said: str) -> None:
    answer = viewer.get(f"{address}?{query}")
    assert answer.status_code == code and said in " ".join(answer.text.split())


def test_the_change_stands_behind_what_was_before_and_no_reason_stands_twice(viewer: FlaskClient) -> None:
    assert "Sep 14: −2 (−14.3%)" in page(viewer, "/kpis/model_deployments?period=2026-10")
    first = page(viewer, "/kpis/model_deployments?period=2025-09").split('aria-label="Reading"')[1]
    assert first.split("</section>")[0].count("facts begin on 6 Oct 2025") == 1


@pytest.mark.parametrize(
    ("group", "before"),
    [("", ("Governance and cost", "Your own", "Waits")), ("Delivery", ("Delivery", "Waits", "Operations"))],
)
def test_a_kpi_of_ones_own_stands_under_your_own_or_in_the_group_it_names(
    viewer: FlaskClient, monkeypatch: pytest.MonkeyPatch, group: str, before: tuple[str, ...]
) -> None:
    own = replace(CATALOGUE["mttr"], key="waits", number=24, title="Waits", group=group)
    monkeypatch.setitem(CATALOGUE, "waits", own)
    text = page(viewer, "/kpis").split('class="scorecard"')[1]
    places = [text.index(f">{word}") for word in before]
    assert places == sorted(places)


def test_a_status_narrows_the_list_and_can_be_taken_away(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis?period=2026-10&status=off_target")
    assert "Change failure rate" in text and "DS/ML satisfaction" not in text
    assert "<title>KPIs, Oct 2026, Off target" in text and 'href="/kpis?period=2026-10"' in text


def test_a_filter_that_empties_the_page_says_so(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis?period=2025-10&status=at_risk")
    assert "No KPI is at risk in Oct 2025." in text and "Clear filters" in text


def test_an_unknown_status_names_the_known_ones(viewer: FlaskClient) -> None:
    assert "off_target" in page(viewer, "/kpis?status=purple", 400)


def test_the_scorecard_as_csv_holds_full_precision(viewer: FlaskClient) -> None:
    found = {row["key"]: row for row in rows(viewer, "/kpis.csv?period=2026-10")}
    assert set(found) == set(CATALOGUE)
    assert float(found["lead_time"]["value"]) > 86_400 and found["cost_vs_budget"]["value"] == ""
    assert found["change_failure_rate"]["target_high"] == "0.1"


def test_the_page_of_a_kpi_says_figure_status_source_and_method(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/change_failure_rate?period=2026-10")
    assert "Off target" in text and "target &lt; 10%" in text
    assert "Source: test" in text and "definition v" in text
    assert CATALOGUE["change_failure_rate"].formula in text
    assert "90 days ending with the period" in text


def test_the_chart_is_drawn_by_the_server_and_told_as_a_table(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/lead_time?period=2026-10")
    assert "<svg" in text.split('id="chart"')[1][:200]
    assert "Show data table" in text and "Oct 2026</th>" in text


def test_hover_comes_from_figure_data_that_no_text_can_break_out_of(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/mttr?period=2026-10")
    data = re.search(r'<script type="application/json" id="chart-figure">(.*?)</script>', text, re.S)
    assert data is not None and "<" not in data[1]
    assert set(json.loads(data[1])) == {"light", "dark"}


def test_plotly_is_loaded_where_there_is_something_to_draw_and_nowhere_else(viewer: FlaskClient) -> None:
    assert "plotly.min.js" in page(viewer, "/kpis/lead_time")
    assert "plotly.min.js" not in page(viewer, "/kpis/cost_vs_budget") + page(viewer, "/") + page(viewer, "/kpis")


def test_the_records_behind_the_number_are_listed_and_escaped(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/mttr?period=2026-10")
    assert "ranker &lt;b&gt;slow&lt;/b&gt; in week" in text and "<b>slow" not in text
    assert re.search(r'<a href="/incidents/\d+">', text)


def test_the_records_as_csv_are_the_whole_set(viewer: FlaskClient) -> None:
    found = rows(viewer, "/kpis/model_deployments.csv?period=2026-10")
    assert sum(row["counts"] == "true" for row in found) == 12
    name = viewer.get("/kpis/mttr.csv?period=2026-10&scope=team:Search").headers["Content-Disposition"]
    assert "mttr_2026-10_team-search.csv" in name


def test_long_lists_come_in_pages_and_the_count_is_said(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/change_failure_rate?period=2026-Q3&page=1")
    total = re.search(r"1–(\d+) of (\d+) records", text)
    assert total is not None and int(total[1]) == min(50, int(total[2]))


@pytest.mark.parametrize("number", ["0", "x", "-1", "99999999999999999999"])
def test_a_page_number_that_makes_no_sense_does_no_harm(viewer: FlaskClient, number: str) -> None:
    assert viewer.get(f"/kpis/mttr?page={number}").status_code in {200, 400}


@pytest.mark.parametrize(
    ("by", "titles"), [("team", ["Team Search", "Team Risk"]), ("tier", ["Tier 1"]), ("model", ["ranker"])]
)
def test_it_is_split_by_team_tier_or_model(viewer: FlaskClient, by: str, titles: list[str]) -> None:
    text = page(viewer, f"/kpis/model_deployments?period=2026-10&by={by}").split('id="split"')[1]
    assert all(title in text for title in titles)


def test_the_grain_can_be_switched_and_keeps_the_scope(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/lead_time?period=2026-10&scope=tier:1")
    assert "grain=week" in text and "scope=tier:1" in text.replace("%3A", ":")
    assert "Week 44, 2026" in page(viewer, "/kpis/lead_time?period=2026-10&grain=week")
    assert "Q3 2026" in page(viewer, "/kpis/lead_time?period=2026-10&grain=quarter")


def test_any_stretch_of_days_has_a_page(viewer: FlaskClient) -> None:
    assert "1 Sep to 15 Oct 2026" in page(viewer, "/kpis/model_deployments?period=2026-09-01..2026-10-15")


def test_deployments_name_what_they_are_read_with(viewer: FlaskClient) -> None:
    told = page(viewer, "/kpis/model_deployments").split("Read with:")[1].split("</p>")[0]
    assert "/kpis/change_failure_rate" in told and "/kpis/regression_rate" in told


def test_without_a_source_the_page_says_what_to_connect(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis/cost_vs_budget?period=2026-10")
    assert "Not connected" in text and 'href="/imports"' in text


def test_an_unknown_kpi_is_not_found(viewer: FlaskClient) -> None:
    assert "Choose one from the list" in page(viewer, "/kpis/luck", 404)


def test_the_address_of_a_csv_is_not_taken_for_a_kpi(viewer: FlaskClient) -> None:
    assert viewer.get("/kpis/luck.csv").status_code == 404


@pytest.mark.parametrize("path", ["/kpis", "/kpis/lead_time", "/kpis/mttr?by=model", "/kpis/slo_attainment"])
def test_pages_stay_small_and_within_a_fixed_number_of_statements(
    viewer: FlaskClient, statements: Callable, path: str
) -> None:
    viewer.get(path)
    with statements() as seen:
        answer = viewer.get(path)
    assert len(answer.data) < 100_000 and len(seen) <= 30

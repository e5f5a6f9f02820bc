"""The headline KPIs by tier, team and model, and the line that says how old the facts are."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.scorecard.refresh import refresh
from tests.conftest import Filled
from tests.web.company import NOW
from tests.web.conftest import sign_in
from tests.web.pages.conftest import page

OCTOBER = "/?period=2026-10"


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


def table(text: str) -> str:
    return text.split('<table class="parts">')[1].split("</table>")[0] if '<table class="parts">' in text else ""


def heads(text: str) -> list[str]:
    """The first cell of each row."""
    return re.findall(r'<th scope="row" class="nowrap"><a href="[^"]+">([^<]+)', table(text))


def plain(markup: str) -> str:
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", markup, flags=re.S).split())


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", ["Tier 1", "Tier 2"]),
        ("&by=tier", ["Tier 1", "Tier 2"]),
        ("&by=team", ["Team Ads", "Team Risk", "Team Search"]),
        ("&by=model", ["fraud", "ranker", "bidder"]),
        ("&by=planet", ["Tier 1", "Tier 2"]),
        ("&scope=team:Search", ["ranker"]),
        ("&scope=tier:1&by=team", ["fraud", "ranker"]),
        ("&scope=model:ranker", []),
    ],
)
def test_the_page_is_split_by_what_lies_below_its_scope(viewer: FlaskClient, query: str, rows: list[str]) -> None:
    assert heads(page(viewer, OCTOBER + query)) == rows


def test_a_split_can_be_chosen_and_stays_when_the_filters_change(viewer: FlaskClient) -> None:
    text = page(viewer, OCTOBER + "&by=team")
    for kind, word in (("tier", "Tier"), ("model", "Model")):
        assert f'href="/?period=2026-10&amp;by={kind}#parts">{word}</a>' in text
    assert '<input type="hidden" name="by" value="team">' in text


def test_a_cell_says_status_value_and_sample_and_agrees_with_the_page_of_its_scope(viewer: FlaskClient) -> None:
    row = table(page(viewer, OCTOBER + "&by=team")).split("Team Search</a>")[1].split("</tr>")[0]
    rate = next(cell for cell in row.split("<td>") if "of " in cell and "%" in cell)
    said = plain(rate)
    own = page(viewer, "/kpis/change_failure_rate?period=2026-10&scope=team:Search")
    headline = re.search(r'<p class="big">(.*?)</p>', own, re.S)
    assert headline is not None and plain(headline[1]) in said
    assert re.match(r". (On target|At risk|Off target|No status): ", said)


def test_a_column_names_its_scale_and_leads_to_the_large_multiples(viewer: FlaskClient) -> None:
    text = table(page(viewer, OCTOBER + "&by=model"))
    head = re.search(r'<a href="([^"]+)">Model deployments</a><br><span class="meta">0 to (\d+)</span>', text)
    assert head is not None and int(head[2]) >= 5
    assert unescape(head[1]) == "/kpis/model_deployments?period=2026-10&by=model#split"


def test_kpis_of_which_no_part_has_a_figure_have_no_column(viewer: FlaskClient) -> None:
    assert "Cost against budget" not in table(page(viewer, OCTOBER))


def test_twelve_models_are_shown_the_highest_tier_first_and_the_rest_is_counted(
    viewer: FlaskClient, sqlite: Engine, statements: Callable
) -> None:
    page(viewer, OCTOBER + "&by=model")
    with statements() as few:
        page(viewer, OCTOBER + "&by=model")
    rows = [{"external_id": f"m{n}", "name": f"m{n:02}", "tier": 1 + n % 3} for n in range(30)]
    import_rows(sqlite, rows, Delivery(kind="models", source="test", origin="API"))
    with statements() as many:
        text = page(viewer, OCTOBER + "&by=model")
    assert len(heads(text)) == 8 and heads(text)[:3] == ["fraud", "m00", "m03"] and "25 more; choose one" in text
    assert len(few) == len(many) and len(text) < 100_000


def test_a_stretch_of_days_has_no_parts(viewer: FlaskClient) -> None:
    assert 'id="parts"' not in page(viewer, "/?period=2026-10-01..2026-10-09")


def test_where_no_part_has_figures_it_says_so(viewer: FlaskClient) -> None:
    assert "No tier has figures in Jan 2024." in page(viewer, "/?period=2024-01")


class TestAsOf:
    def test_it_says_when_from_whom_and_of_how_many_models(self, viewer: FlaskClient, sqlite: Engine) -> None:
        rows = [{"external_id": "idle", "name": "idle"}, {"external_id": "old", "name": "old", "lifecycle": "retired"}]
        import_rows(sqlite, rows, Delivery(kind="models", source="test", origin="API"))
        for path in (OCTOBER, "/kpis?period=2026-10"):
            text = page(viewer, path)
            assert "Data as of 4 Nov 2026 09:00 GMT · test · releases of 3 of 4 models" in text
            assert "see why" not in text

    def test_what_is_older_than_it_should_be_is_named_and_leads_to_the_reason(self, app: Flask, sqlite: Engine) -> None:
        with time_machine.travel(NOW + timedelta(days=5)):
            text = page(sign_in(app.test_client(), sqlite), OCTOBER)
        line = text.split('<p class="soft wide-text">')[1].split("</p>")[0]
        assert re.search(r"(deployments|incidents|models) 5\.0 days old", line) and 'href="/data-health"' in line

    def test_without_facts_it_says_that_none_came(self, viewer: FlaskClient, sqlite: Engine) -> None:
        with sqlite.begin() as connection:
            connection.exec_driver_sql("DELETE FROM import")
        assert "No facts have come in yet." in page(viewer, OCTOBER)


def test_figures_by_part_follow_new_facts(viewer: FlaskClient, sqlite: Engine) -> None:
    more = {
        "external_id": "late",
        "model": "bidder",
        "version": "9",
        "environment": "production",
        "status": "succeeded",
    }
    at = "2026-10-30T10:00:00+00:00"
    import_rows(
        sqlite,
        [more | {"ready_at": at, "finished_at": at, "kind": "release"}],
        Delivery(kind="deployments", source="test", origin="API"),
    )
    refresh(sqlite, NOW)
    row = table(page(viewer, OCTOBER + "&by=model")).split("bidder</a>")[1].split("</td>")[0]
    assert "<strong>5</strong>" in row

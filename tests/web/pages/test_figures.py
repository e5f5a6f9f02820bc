"""Any figure of a KPI's page as CSV, PNG and PDF."""

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import Engine, update

from ops_console.core.db import transaction
from ops_console.records.workspace import Workspace
from ops_console.scorecard.refresh import rebuild
from tests.web.pages.builders import DAY, NOON
from tests.web.pages.conftest import page, send

OCTOBER = "period=2026-10"


@pytest.fixture
def sqlite(company_database: Engine) -> Engine:
    return company_database


def rows(browser: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = browser.get(address)
    assert answer.data.startswith(b"\xef\xbb\xbf") and answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def words(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return " ".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.data)).pages)


def name(browser: FlaskClient, address: str) -> str:
    return browser.get(address).headers["Content-Disposition"].partition("filename=")[2]


def links(text: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]+)">(?:CSV|PNG|PDF)<span', text)]


def test_under_each_figure_stand_its_files_and_they_open(viewer: FlaskClient) -> None:
    found = links(page(viewer, f"/kpis/mttr?{OCTOBER}&scope=tier:1&by=model"))
    assert len(found) == 6
    for address in found:
        answer = viewer.get(address)
        assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")


def test_a_picture_is_a_png_and_a_page_says_all_that_the_figure_must(viewer: FlaskClient) -> None:
    assert viewer.get(f"/kpis/lead_time.png?{OCTOBER}").data.startswith(b"\x89PNG")
    told = words(viewer, f"/kpis/lead_time.pdf?{OCTOBER}&scope=team:Search")
    title = re.search(r'<strong id="chart-title">([^<]+)', page(viewer, f"/kpis/lead_time?{OCTOBER}&scope=team:Search"))
    assert title is not None and unescape(title[1]) in " ".join(told.split())
    for part in (
        "Team Search",
        "Oct 2026",
        "Source: test",
        "as of 4 Nov 2026 09:00 GMT",
        "definition v",
        "Ops · Ops Console",
    ):
        assert part in told


def test_a_figure_of_the_demo_says_that_its_data_is_made_up(viewer: FlaskClient, sqlite: Engine) -> None:
    assert "made-up" not in words(viewer, "/kpis/lead_time.pdf")
    with transaction(sqlite) as session:
        session.connection().execute(update(Workspace).values(is_demo=True))
    assert "demo workspace, made-up data" in words(viewer, "/kpis/lead_time.pdf")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/kpis/lead_time.png?period=2026-10", "lead_time_2026-10.png"),
        ("/kpis/lead_time.pdf?period=2026-10&scope=team:Search", "lead_time_2026-10_team-search.pdf"),
        ("/kpis/lead_time.pdf?period=latest&grain=week", "lead_time_2026-W44.pdf"),
        ("/kpis/lead_time/chart.csv?period=2026-10", "lead_time_chart_2026-10.csv"),
        ("/kpis/lead_time.png?period=2026-10&figure=split&by=tier", "lead_time_by_tier_2026-10.png"),
        ("/kpis/lead_time/chart.csv?period=2026-10&figure=split", "lead_time_by_team_chart_2026-10.csv"),
    ],
)
def test_files_are_named_by_kpi_figure_period_and_scope(viewer: FlaskClient, address: str, file: str) -> None:
    assert name(viewer, address) == file


def test_the_data_of_a_chart_is_its_history_and_agrees_with_the_table_beneath_it(viewer: FlaskClient) -> None:
    found = rows(viewer, f"/kpis/model_deployments/chart.csv?{OCTOBER}")
    assert found[-1]["period"] == "2026-10" and found[-1]["value"] == "12.0" and found[-1]["target_high"] == "10"
    table = page(viewer, f"/kpis/model_deployments?{OCTOBER}").split("Data of the chart")[1].split("</table>")[0]
    assert len(found) == table.count("<tr>") - 1


def test_the_data_of_a_split_has_every_part(viewer: FlaskClient) -> None:
    found = rows(viewer, f"/kpis/model_deployments/chart.csv?{OCTOBER}&figure=split&by=model")
    october = {row["scope"]: row["value"] for row in found if row["period"] == "2026-10"}
    assert october == dict.fromkeys(("model:ranker", "model:fraud", "model:bidder"), "4.0")


def test_objectives_have_a_figure_of_their_own(viewer: FlaskClient, sqlite: Engine, world) -> None:
    with world() as told:
        told.slice(told.slo(told.model("api", tier=1), "answers in time"), 999, 1000, NOON)
        for kind in ("slos", "sli_slices"):
            told.delivered(kind, state="done", covers_until=NOON + 60 * DAY)
    rebuild(sqlite, NOON + 20 * DAY)
    asked = f"{OCTOBER}&figure=objectives"
    assert asked.replace("&", "&amp;") in page(viewer, f"/kpis/slo_attainment?{OCTOBER}")
    assert "answers in time" in words(viewer, f"/kpis/slo_attainment.pdf?{asked}")
    assert [row["slo"] for row in rows(viewer, f"/kpis/slo_attainment/chart.csv?{asked}")] == ["answers in time"]


def test_other_kpis_have_no_objectives(viewer: FlaskClient) -> None:
    assert "figure=objectives" not in page(viewer, f"/kpis/mttr?{OCTOBER}")
    assert "Ask for its history instead." in page(viewer, f"/kpis/mttr.png?{OCTOBER}&figure=objectives", 404)


def test_a_figure_without_data_says_so_instead_of_failing(viewer: FlaskClient) -> None:
    assert "Not connected" in words(viewer, f"/kpis/cost_vs_budget.pdf?{OCTOBER}")
    assert viewer.get(f"/kpis/cost_vs_budget.png?{OCTOBER}").status_code == 200
    assert "Choose another period" in page(viewer, f"/kpis/cost_vs_budget.png?{OCTOBER}&figure=split", 404)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/kpis/luck.png", 404),
        ("/kpis/luck/chart.csv", 404),
        ("/kpis/mttr.pdf?figure=pie", 400),
        ("/kpis/mttr.png?period=soon", 400),
        ("/kpis/mttr.png?figure=split&period=2026-10-01..2026-10-09", 404),
    ],
)
def test_what_is_not_there_is_said(viewer: FlaskClient, address: str, status: int) -> None:
    assert page(viewer, address, status)


def test_any_stretch_of_days_has_a_figure_too(viewer: FlaskClient) -> None:
    assert "1 to 9 Oct 2026" in words(viewer, "/kpis/model_deployments.pdf?period=2026-10-01..2026-10-09")


def test_the_files_of_a_chart_tell_what_happened_as_the_page_does(editor: FlaskClient, viewer: FlaskClient) -> None:
    note = {"note-text": "Code freeze", "note-kind": "note", "note-from": "2026-09-10", "note-scope": "workspace"}
    assert send(editor, f"/kpis/lead_time?{OCTOBER}", f"/kpis/lead_time/annotations?{OCTOBER}", **note)[0] == 303
    chart = f"/kpis/lead_time/chart.csv?{OCTOBER}"
    told = {row["period"]: row["annotations"] for row in rows(viewer, chart) if row["annotations"]}
    assert told == {"2026-09": "10 Sep 2026: Code freeze"}
    assert not any(row["annotations"] for row in rows(viewer, f"{chart}&show=none"))
    shown = rows(viewer, f"{chart}&show=releases,incidents")[-1]
    assert (shown["releases"], shown["annotations"]) == ("12", "") and shown["incidents"].isdecimal()
    without = f"/kpis/lead_time.pdf?{OCTOBER}&show=none"
    assert "Code freeze" in words(viewer, f"/kpis/lead_time.pdf?{OCTOBER}") and "freeze" not in words(viewer, without)
    drawn, bare = (viewer.get(f"/kpis/lead_time.png?{OCTOBER}{show}").data for show in ("", "&show=none"))
    assert drawn != bare

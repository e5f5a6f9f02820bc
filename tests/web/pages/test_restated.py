"""A report told October's deployments, then more were found: page, card, scorecard, chart, CSV, API and command line
say so alike, until the figure goes back.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlmodel import col

from ops_console import factory
from ops_console.accounts.roles import Role
from ops_console.cli import kpi
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import engine_for, transaction
from ops_console.core.settings import Settings, settings
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.records.deployments import Release
from ops_console.reporting.publishing import publish
from ops_console.scorecard.refresh import rebuild
from reports.monthly_operations import REPORT
from tests.conftest import Filled, content
from tests.reporting.posting import Pigeons
from tests.reporting.workspaces import OCTOBER, parts
from tests.web.api.test_facts import bearer
from tests.web.company import NOW
from tests.web.conftest import over, sign_in
from tests.web.pages.conftest import page

pytestmark = pytest.mark.xdist_group("restated")
KEY = "model_deployments"
SAID = "Changed since the report of 4 Nov 2026: 12 → 13"
PAGES = (f"/kpis/{KEY}?period=2026-10", "/kpis?period=2026-10", "/?period=2026-10")
Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def reported(company_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small company, whose October was reported, and where one more deployment was learnt of afterwards."""
    path = tmp_path_factory.mktemp("reported") / "company.db"
    path.write_bytes(company_template)
    engine = engine_for(f"sqlite:///{path}")
    with time_machine.travel(NOW, tick=False):
        publish(engine, parts(pigeons=Pigeons()), Settings(), REPORT, OCTOBER, made_by="test")
        _late(engine)
    return content(engine)


@pytest.fixture
def sqlite(reported: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(reported)


def _late(engine: Engine) -> None:
    row = {"external_id": "late", "model": "bidder", "version": "late", "environment": "production"}
    row |= {"status": "succeeded", "kind": "release", "finished_at": "2026-10-30T12:00:00Z"}
    import_rows(engine, [row], Delivery(kind="deployments", source="test", covers_until=NOW, origin="API"))
    with transaction(engine) as session:
        rebuild(session, now())


def _taken_back(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(update(Release).where(col(Release.version) == "late").values(kind="rollback"))
        rebuild(session, now())


@pytest.fixture(scope="module")
def pigeons(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    nowhere = f"sqlite:///{tmp_path_factory.mktemp('pigeons') / 'none.db'}"
    return factory.create_app(parts(pigeons=Pigeons()), database_url=nowhere)


@pytest.fixture
def app(pigeons: Flask, sqlite: Engine) -> Iterator[Flask]:
    with over(pigeons, sqlite):
        yield pigeons


@pytest.fixture
def ask(viewer: FlaskClient, sqlite: Engine) -> Ask:
    headers = bearer(sqlite, "kpis:read")
    visitor = viewer.application.test_client()
    return lambda path: visitor.get(path, headers=headers).json


def rows(browser: FlaskClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(address).data.decode("utf-8-sig"))))


def command(monkeypatch: pytest.MonkeyPatch, engine: Engine, *words: str) -> str:
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", str(engine.url))
    settings.cache_clear()
    done = CliRunner().invoke(kpi.command, [KEY, "--period", "2026-10", *words], obj=Parts(), catch_exceptions=False)
    settings.cache_clear()
    return done.output


def test_page_api_csv_and_command_line_say_the_same(
    viewer: FlaskClient, ask: Ask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ask(f"/api/v1/kpis/{KEY}/readings?period=2026-10")["reading"]["restated"]
    assert told == {"value": 12, "said": "12", "reads": "13", "run_id": 1, "sent_at": "2026-11-04T09:00:00Z"}
    assert (
        next(each for each in ask("/api/v1/kpis?period=2026-10")["kpis"] if each["key"] == KEY)["reading"]["restated"]
        == told
    )
    assert json.loads(command(monkeypatch, sqlite, "--json"))["restated"] == told
    row = next(each for each in rows(viewer, "/kpis.csv?period=2026-10") if each["key"] == KEY)
    cells = {name.removeprefix("restated_"): cell for name, cell in row.items() if name.startswith("restated_")}
    assert cells == {name: str(value) for name, value in (told | {"value": "12.0"}).items()}
    assert f"{SAID} (run 1)" in command(monkeypatch, sqlite)
    assert f'<a class="restated" href="/reports/runs/1">{SAID}</a>' in unescape(page(viewer, PAGES[0]))


def test_the_scorecard_links_to_the_report_and_the_card_says_it_in_short(viewer: FlaskClient) -> None:
    assert f'<a class="restated" href="/reports/runs/1">{SAID}</a>' in page(viewer, PAGES[1])
    assert "Figures changed since this was made." in page(viewer, "/reports/runs/1")
    card = re.findall(r'<a class="card".*?</a>', page(viewer, PAGES[2]), flags=re.S)[0]
    assert '<strong class="watch">restated from 12</strong>' in card


def test_the_chart_its_table_and_its_files_mark_the_period(viewer: FlaskClient, ask: Ask) -> None:
    for period in ("2026-10", "2026-11"):
        text = unescape(page(viewer, f"/kpis/{KEY}?period={period}&show=none"))
        assert f"Oct 2026: {SAID}" in re.findall(r'id="chart">.*?</svg>', text, flags=re.S)[0]
        assert f"<td>Oct 2026: {SAID}</td>" in text
        history = ask(f"/api/v1/kpis/{KEY}/readings?period={period}")["history"]
        assert [each["period"] for each in history if each["restated"]] == ["2026-10"]
        data = rows(viewer, f"/kpis/{KEY}/chart.csv?period={period}")
        assert [(each["period"], each["restated_said"]) for each in data if each["restated_said"]] == [
            ("2026-10", "12")
        ]


def test_the_month_after_says_it_of_what_it_is_compared_with(app: Flask, sqlite: Engine, ask: Ask) -> None:
    with time_machine.travel("2026-12-02T09:00:00Z", tick=False):
        viewer = sign_in(app.test_client(), sqlite, Role.EDITOR)
        found = ask(f"/api/v1/kpis/{KEY}/readings?period=2026-11")["reading"]
        assert (found["restated"], found["previous_restated"]["said"]) == (None, "12")
        row = next(each for each in rows(viewer, "/kpis.csv?period=2026-11") if each["key"] == KEY)
        assert (row["restated_said"], row["previous_restated_said"]) == ("", "12")
        assert "Oct 13, restated from 12" in page(viewer, f"/kpis/{KEY}?period=2026-11")


def test_every_mark_goes_when_the_figure_goes_back(viewer: FlaskClient, ask: Ask, sqlite: Engine) -> None:
    _taken_back(sqlite)
    assert ask(f"/api/v1/kpis/{KEY}/readings?period=2026-10")["reading"]["value"] == 12
    assert ask(f"/api/v1/kpis/{KEY}/readings?period=2026-10")["reading"]["restated"] is None
    for address in PAGES:
        assert "estated" not in re.sub(r'href="[^"]*"', "", page(viewer, address)), address


def test_a_preview_tells_nothing(viewer: FlaskClient, ask: Ask, sqlite: Engine) -> None:
    page(viewer, "/reports/monthly_operations/preview?period=2026-09")
    with transaction(sqlite) as session:
        session.execute(update(Release).where(col(Release.live_at) < OCTOBER.start).values(kind="rollback"))
        rebuild(session, now())
    found = ask(f"/api/v1/kpis/{KEY}/readings?period=2026-09")["reading"]
    assert (found["value"], found["restated"]) == (0, None)


def test_the_description_of_the_api_says_what_it_is(ask: Ask) -> None:
    schemas = ask("/api/v1/openapi.json")["components"]["schemas"]
    assert set(schemas["MachineRestated"]["properties"]) == {"value", "said", "reads", "run_id", "sent_at"}
    assert "another" in schemas["MachineRestated"]["description"]
    for name in ("restated", "previous_restated"):
        assert {"$ref": "#/components/schemas/MachineRestated"} in schemas["MachineReading"]["properties"][name][
            "anyOf"
        ]


def test_the_help_page_explains_it(viewer: FlaskClient) -> None:
    text = page(viewer, "/help")
    assert 'id="restated"' in text and "A report that was sent never changes." in text


def test_the_small_multiples_mark_a_part_told_otherwise(viewer: FlaskClient, sqlite: Engine) -> None:
    """A report tells the time to restore of tier 1 by itself; then one more incident of it is learnt of."""
    assert 'class="restated" d=' not in page(viewer, "/?period=2026-10&by=tier")
    row = {"external_id": "late", "model": "ranker", "severity": "SEV2", "title": "Slow", "status": "resolved"}
    row |= {"impact_started_at": "2026-10-20T08:00:00Z", "restored_at": "2026-10-20T20:00:00Z"}
    import_rows(sqlite, [row], Delivery(kind="incidents", source="test", covers_until=NOW, origin="API"))
    with transaction(sqlite) as session:
        rebuild(session, now())
    for period in ("2026-10", "2026-11"):
        text = page(viewer, f"/?period={period}&by=tier")
        assert text.count('class="restated" d=') == 1
        assert "A dashed line marks a period of which a report told another figure." in text
    assert '<span class="meta">restated from ' in page(viewer, "/?period=2026-10&by=tier")
    split = page(viewer, "/kpis/mttr?period=2026-10&by=tier").split('id="split"')[1].split("</svg>")[0]
    assert 'stroke-dasharray="2 3"' in split

"""One figure, one reading: card, scorecard, page, CSV, API, command line, records and report say the same."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from html import unescape

import pytest
import time_machine
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from ops_console import factory
from ops_console.cli import kpi
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading
from ops_console.core.settings import settings
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Unit
from ops_console.measures.figures import Figure
from ops_console.measures.readings import Reading, machine
from ops_console.measures.scopes import parse
from ops_console.reporting import collecting, words
from ops_console.reporting.composing import document
from ops_console.scorecard import read
from ops_console.web.console import EXTENSION
from reports.monthly_operations import REPORT
from tests.demo.conftest import LATEST, Demo
from tests.demo.stories import ANCHOR
from tests.reporting.snapshots import facts
from tests.web.api.test_facts import bearer
from tests.web.conftest import sign_in

pytestmark = pytest.mark.xdist_group("demo")
SCOPES = ("workspace", "team:Search", "tier:1", "model:ranker")
EACH = [(key, scope) for key in CATALOGUE for scope in SCOPES]


@pytest.fixture(scope="module")
def browser(demo: Demo) -> Iterator[FlaskClient]:
    made = factory.create_app(Parts(), database_url=str(demo.engine.url))
    with time_machine.travel(ANCHOR, tick=False):
        yield sign_in(made.test_client(), demo.engine)
    made.extensions[EXTENSION].engine.dispose()


@pytest.fixture(scope="module")
def api(browser: FlaskClient, demo: Demo) -> Callable[[str], TestResponse]:
    headers = bearer(demo.engine, "kpis:read")
    visitor = browser.application.test_client()
    return lambda path: visitor.get(path, headers=headers)


def told(engine: Engine, key: str, scope: str) -> Reading:
    with reading(engine) as session:
        return read.reading(session, key, parse(scope), LATEST, now=ANCHOR)


def plain(found: Reading) -> dict[str, object]:
    return json.loads(json.dumps(machine(found), default=str))


@pytest.mark.parametrize(("key", "scope"), EACH)
def test_the_api_says_what_the_scorecard_says(demo: Demo, api: Callable, key: str, scope: str) -> None:
    answer = api(f"/api/v1/kpis/{key}/readings?period={LATEST.label}&scope={scope}")
    assert answer.json["reading"] == plain(told(demo.engine, key, scope))


@pytest.mark.parametrize(("key", "scope"), EACH)
def test_the_page_shows_value_status_and_target_of_the_reading(
    demo: Demo, browser: FlaskClient, key: str, scope: str
) -> None:
    found = told(demo.engine, key, scope)
    page = unescape(browser.get(f"/kpis/{key}?period={LATEST.label}&scope={scope}").text)
    assert words.headline(found) in page
    assert words.status(found) in page
    if found.target:
        assert words.target(found) in page


@pytest.mark.parametrize("scope", SCOPES)
def test_the_scorecard_shows_every_value(demo: Demo, browser: FlaskClient, scope: str) -> None:
    page = unescape(browser.get(f"/kpis?period={LATEST.label}&scope={scope}").text)
    assert [key for key in CATALOGUE if words.headline(told(demo.engine, key, scope)) not in page] == []


@pytest.mark.parametrize("scope", SCOPES)
def test_the_file_of_the_scorecard_holds_every_value_in_full(demo: Demo, browser: FlaskClient, scope: str) -> None:
    text = browser.get(f"/kpis.csv?period={LATEST.label}&scope={scope}").get_data().decode("utf-8-sig")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(text))}
    assert list(rows) == list(CATALOGUE)
    for key, row in rows.items():
        found = told(demo.engine, key, scope)
        assert (row["value"] or None) == (None if found.value is None else str(found.value)), key
        assert row["status"] == found.status.value, key


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_command_line_says_the_same(demo: Demo, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", str(demo.engine.url))
    settings.cache_clear()
    with time_machine.travel(ANCHOR, tick=False):
        done = CliRunner().invoke(kpi.command, [key, "--period", LATEST.label, "--json"], obj=Parts())
    settings.cache_clear()
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    expected = plain(told(demo.engine, key, "workspace"))
    assert {name: said[name] for name in ("value", "k", "n", "status")} == {
        name: expected[name] for name in ("value", "k", "n", "status")
    }


@pytest.mark.parametrize(("key", "scope"), EACH)
def test_the_rows_behind_a_number_are_as_many_as_it_says(demo: Demo, key: str, scope: str) -> None:
    found = told(demo.engine, key, scope)
    if CATALOGUE[key].compute().parts(Figure()) is not None or found.definition.unit is Unit.MONEY:
        return
    with reading(demo.engine) as session:
        page = read.records(session, key, parse(scope), found.window_start, found.window_end, limit=10**6)
    assert page.excluded == found.excluded
    if found.n is not None:
        assert page.counted == found.n
    if found.definition.unit is Unit.SHARE and found.k is not None:
        assert sum(int(row.measure or 0) for row in page.rows if row.excluded is None) == found.k


def test_the_month_report_shows_every_value(demo: Demo) -> None:
    with reading(demo.engine) as session:
        taken = collecting.take(session, facts(period=LATEST.label, taken_at=ANCHOR), LATEST)
    sections = document(REPORT, taken, "https://console.example/reports/1").sections
    (table,) = (block for section in sections for block in section.blocks if getattr(block, "caption", "") == CAPTION)
    cells = [cell for row in table.rows for cell in row]
    assert [key for key in CATALOGUE if words.value(told(demo.engine, key, "workspace")) not in cells] == []


CAPTION = f"{len(CATALOGUE)} KPIs, in catalogue order"

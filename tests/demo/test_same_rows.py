"""The rows behind a number are the same in the API, its pages, the CSV file, the page and the command line."""

import csv
import io
import json
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

import pytest
import time_machine
from click.testing import CliRunner
from flask.testing import FlaskClient

from ops_console import factory
from ops_console.cli import kpi
from ops_console.contracts.parts import Parts
from ops_console.core.settings import settings
from ops_console.kpis import CATALOGUE
from ops_console.web.console import EXTENSION
from tests.demo.conftest import LATEST, Demo
from tests.demo.stories import ANCHOR
from tests.web.api.test_facts import bearer
from tests.web.conftest import sign_in

pytestmark = pytest.mark.xdist_group("demo")
ASKED = (f"period={LATEST.label}&scope=team:Search", "period=2026-W43&window=period", "period=2026-Q4&compare=year")
"""A month of a team, a week by itself, and a quarter that still runs."""


class Told(NamedTuple):
    """The demo, asked by a program and seen by a person."""

    program: FlaskClient
    token: dict[str, str]
    viewer: FlaskClient

    def api(self, path: str) -> Any:
        answer = self.program.get(path, headers=self.token)
        assert answer.status_code == 200, answer.text
        return answer.json

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Of all pages."""
        found: list[dict[str, Any]] = []
        following: str | None = path
        while following:
            answer = self.api(following)
            found, following = found + answer["rows"], answer["next"]
        return found


@pytest.fixture(scope="module")
def told(demo: Demo) -> Iterator[Told]:
    made = factory.create_app(Parts(), database_url=str(demo.engine.url))
    with time_machine.travel(ANCHOR, tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPS_CONSOLE_DATABASE_URL", str(demo.engine.url))
        settings.cache_clear()
        yield Told(made.test_client(), bearer(demo.engine, "kpis:read"), sign_in(made.test_client(), demo.engine))
    settings.cache_clear()
    made.extensions[EXTENSION].engine.dispose()


def options(asked: str) -> list[str]:
    return [word for part in asked.split("&") for word in (f"--{part.split('=')[0]}", part.split("=")[1])]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("key", CATALOGUE)
def test_the_command_line_prints_what_the_api_answers(told: Told, key: str, asked: str) -> None:
    done = CliRunner().invoke(kpi.command, [key, *options(asked), "--json", "--rows"], catch_exceptions=False)
    printed = json.loads(done.output)
    rows, left_out = printed.pop("rows"), printed.pop("rows_excluded")
    assert told.api(f"/api/v1/kpis/{key}/readings?{asked}")["reading"] == printed
    assert told.rows(f"/api/v1/kpis/{key}/records?{asked}&limit=400") == rows
    assert told.api(f"/api/v1/kpis/{key}/records?{asked}&limit=1")["excluded"] == left_out


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_pages_of_a_list_are_the_list(told: Told, key: str) -> None:
    path = f"/api/v1/kpis/{key}/records?period={LATEST.label}&scope=tier:1"
    whole = told.api(f"{path}&limit=500")
    shown = whole["rows"]
    paged = told.rows(f"{path}&limit={max(7, whole['total'] // 12)}")
    assert paged[: len(shown)] == shown and len(paged) == whole["total"]


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_csv_file_holds_the_rows_of_the_api(told: Told, key: str) -> None:
    asked = f"period={LATEST.label}&scope=team:Search"
    rows = told.rows(f"/api/v1/kpis/{key}/records?{asked}&limit=500")
    lines = csv.DictReader(io.StringIO(told.viewer.get(f"/kpis/{key}.csv?{asked}").get_data().decode("utf-8-sig")))
    assert [(line["record"], line["id"], line["subject"], line["left_out_because"]) for line in lines] == [
        (row["record"], str(row["id"] or ""), row["subject"], row["excluded"] or "") for row in rows
    ]


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_page_counts_the_rows_of_the_api(told: Told, key: str) -> None:
    asked = f"period={LATEST.label}&scope=team:Search"
    listed = told.api(f"/api/v1/kpis/{key}/records?{asked}")
    page = unescape(told.viewer.get(f"/kpis/{key}?{asked}").text)
    said = f"{listed['counted']:,} counted, {listed['total'] - listed['counted']:,} left out"
    assert (said in page) == bool(listed["total"])


@pytest.mark.parametrize("asked", ASKED)
def test_the_list_of_kpis_holds_the_reading_of_each(told: Told, asked: str) -> None:
    listed = told.api(f"/api/v1/kpis?{asked}")["kpis"]
    assert [each["reading"] for each in listed] == [
        told.api(f"/api/v1/kpis/{key}/readings?{asked}")["reading"] for key in CATALOGUE
    ]

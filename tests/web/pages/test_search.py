"""One box for models, KPIs and incidents; and the page that says what to import first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import engine_for
from ops_console.kpis import CATALOGUE
from tests.web.pages.conftest import page


@pytest.fixture
def sqlite(company_template: bytes, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "company.db"
    path.write_bytes(company_template)
    engine = engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("asked", "address"), [("rank", "/models/ranker"), ("LEAD time", "/kpis/lead_time"), ("week 51", "/incidents/")]
)
def test_a_part_of_a_name_finds_it(viewer: FlaskClient, asked: str, address: str) -> None:
    assert f'href="{address}' in page(viewer, f"/search?q={asked}")


@pytest.mark.parametrize(
    "asked", ["%", "_", "\\", "'; DROP TABLE account; --", "<script>alert(1)</script>", "x" * 5000]
)
def test_signs_mean_themselves(viewer: FlaskClient, asked: str) -> None:
    answer = viewer.get("/search", query_string={"q": asked})
    assert answer.status_code == 200 and "Nothing matches" in answer.text and "<script>alert" not in answer.text


def test_an_empty_search_shows_the_box(viewer: FlaskClient) -> None:
    assert "Nothing matches" not in page(viewer, "/search?q=")


def test_set_up_says_what_is_there_and_what_each_kind_lights_up(viewer: FlaskClient) -> None:
    text = page(viewer, "/setup")
    lit = sum({"models", "deployments", "incidents"}.issuperset(kpi.facts) for kpi in CATALOGUE.values())
    assert lit and f"{lit} of {len(CATALOGUE)} KPIs have the facts they need." in text
    assert "Lights up Cost against budget." in text and "ops-console import costs FILE" in text

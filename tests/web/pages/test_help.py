"""`/help`: generated from what the console does, so that it cannot be stale."""

import re

import pytest
from flask.testing import FlaskClient

from ops_console.contracts.facts import KINDS
from ops_console.ingest.parse import Parser
from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import DataState, Signal, Status
from ops_console.web.fact_tables import kinds
from ops_console.web.pages import help as help_pages
from tests.web.pages.conftest import page


def test_every_kpi_is_defined_by_its_own_words(viewer: FlaskClient) -> None:
    text = page(viewer, "/help/definitions")
    for key, definition in CATALOGUE.items():
        assert f'id="{key}"' in text
        assert definition.title in text
        assert f"version {definition.version}" in text


def test_every_field_of_every_fact_is_explained(viewer: FlaskClient) -> None:
    text = page(viewer, "/help/imports")
    for kind, fact in KINDS.items():
        section = text.split(f'id="{kind}"')[1]
        for name in set(fact.model_fields) - {"source", "url", "updated_at", "deleted"}:
            assert f"<code>{name}</code>" in section


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "costs"])
def test_the_smallest_example_passes_the_door(kind: str) -> None:
    example = next(each for each in kinds() if each.kind == kind)
    header, row = (line.split(",") for line in example.csv.split("\n"))
    assert Parser(kind, "test", None)(dict(zip(header, row, strict=True))).kind_of_fact == kind


def test_every_status_signal_and_state_is_explained() -> None:
    assert set(help_pages.STATUSES) == set(Status)
    assert set(help_pages.SIGNALS) == set(Signal)
    assert set(help_pages.STATES) == set(DataState)


def test_every_key_the_script_knows_is_listed(viewer: FlaskClient) -> None:
    text = page(viewer, "/help")
    assert all(f"<kbd>{key}</kbd>" in text for key in ("/", "g o", "g k", "g i", "c", "?"))


@pytest.mark.parametrize("address", ["/help", "/help/definitions", "/help/imports"])
def test_the_links_of_the_help_lead_somewhere(viewer: FlaskClient, address: str) -> None:
    for link in set(re.findall(r'href="(/[^"#]*)', page(viewer, address))):
        assert viewer.get(link.replace("&amp;", "&")).status_code in (200, 303), link

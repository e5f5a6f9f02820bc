"""`/help`: generated from what the console does, so that it cannot be stale."""

import html
import json
import re
import shlex

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.accounts.tokens import TokenScope
from ops_console.chat.answering import HELP
from ops_console.contracts.facts import KINDS
from ops_console.core.clock import now
from ops_console.ingest.parse import Parser
from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import DataState, Signal, Status
from ops_console.measures.signals import RARE, UNRIPE
from ops_console.reporting.words import signal
from ops_console.web.console import EXTENSION
from ops_console.web.described import described
from ops_console.web.fact_tables import kinds
from ops_console.web.pages import help as help_pages
from ops_console.web.problems import PROBLEMS
from tests.practices.stories import ANA, complete, promised
from tests.reporting.shown import reading
from tests.web.api.test_facts import bearer
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


def test_why_there_is_no_signal_is_explained_in_the_words_that_stand_in_its_place(viewer: FlaskClient) -> None:
    reasons = [signal(reading(signal=Signal.TOO_LITTLE, signal_rule=rule)) for rule in (RARE, UNRIPE)]
    text = page(viewer, "/help")
    assert all(f'<th scope="row" class="nowrap">{reason}</th>' in text for reason in reasons)


def test_every_word_of_chat_is_told_as_chat_itself_tells_it(viewer: FlaskClient) -> None:
    text = html.unescape(page(viewer, "/help"))
    assert HELP and all(f"<dt>{words}</dt><dd>{does}</dd>" in text for words, does in HELP.items())


def test_every_key_the_script_knows_is_listed(viewer: FlaskClient) -> None:
    text = page(viewer, "/help")
    assert all(f"<kbd>{key}</kbd>" in text for key in ("/", "g o", "g k", "g i", "c", "?"))


def test_every_operation_of_the_api_is_listed_with_its_scope_and_parameters(app: Flask, viewer: FlaskClient) -> None:
    text = page(viewer, "/help/api")
    for each in described(app.extensions[EXTENSION].routes.values()):
        name = "facts" if each.fact else each.name
        section = text.split(f'id="{name}"')[1].split("</section>")[0]
        assert each.operation.summary in section and (each.scope or "no token needed") in section
        assert all(f"<code>{parameter}</code>" in section for parameter in each.operation.query.model_fields)


@pytest.fixture
def decided(world) -> None:
    """What the examples ask for."""
    with world() as rows:
        people.add(rows.session, ANA, Role.EDITOR, now())
        incident = rows.incident(rows.model("ranker-v4"))
        complete(rows.session, incident, "capacity")
        promised(rows.session, incident)


@pytest.mark.usefixtures("decided")
def test_every_command_of_the_api_can_be_typed(app: Flask, viewer: FlaskClient, sqlite: Engine) -> None:
    token = bearer(sqlite, *TokenScope)
    commands = re.findall(r"<pre[^>]*>(curl .*?)</pre>", page(viewer, "/help/api"))
    assert len(commands) == 9
    for command in commands:
        words = shlex.split(html.unescape(command))
        address = words[-1].removeprefix("http://localhost")
        sent = {"json": json.loads(words[words.index("--json") + 1])} if "--json" in words else {}
        headers = token if "Authorization: Bearer $TOKEN" in words else {}
        answer = app.test_client().open(address, method="POST" if sent else "GET", headers=headers, **sent)
        assert answer.status_code == 200, command


def test_every_type_of_problem_leads_to_its_explanation(viewer: FlaskClient) -> None:
    text = page(viewer, "/help/api")
    for each in PROBLEMS.values():
        address, anchor = each.type.split("#")
        assert address == "/help/api" and f'<tr id="{anchor}">' in text


@pytest.mark.parametrize("address", ["/help", "/help/definitions", "/help/imports", "/help/api"])
def test_the_links_of_the_help_lead_somewhere(viewer: FlaskClient, address: str) -> None:
    for link in set(re.findall(r'href="(/[^"#]*)', page(viewer, address))):
        assert viewer.get(link.replace("&amp;", "&")).status_code in (200, 303), link

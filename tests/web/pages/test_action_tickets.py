"""The ticket of an action on its page: opened, linked, decided about, parted with."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stamina
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from ops_console.accounts.roles import Role
from ops_console.contracts.office import Office
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.settings import settings
from ops_console.ingest import sources
from ops_console.jobs.tracking import keep_in_step
from ops_console.web.console import EXTENSION
from tests.integrations.jira.board import ANA, BEN, WONT_DO, Board
from tests.integrations.jira.site import BEGAN
from tests.web.conftest import over, sign_in
from tests.web.pages.conftest import page, send
from tests.web.pages.test_actions import USUAL

HERE = "/actions/1"


@pytest.fixture
def app(whole_app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("OPS_CONSOLE_PRIVATE_ADDRESSES", "127.0.0.0/8,::1/128")
    monkeypatch.setenv("JIRA_TOKEN", "ATATT-t0ken")
    settings.cache_clear()
    with over(whole_app, sqlite):
        yield whole_app
    settings.cache_clear()


@pytest.fixture
def board(httpserver: HTTPServer) -> Board:
    return Board(httpserver, people={"editor@example.com": "acc-ed", ANA: "acc-ana", BEN: "acc-ben"})


@pytest.fixture
def keep(app: Any, sqlite: Engine, board: Board) -> Callable[[], None]:
    """A source of Jira that takes actions; each call is a round."""
    with transaction(sqlite) as session:
        manifest = app.extensions[EXTENSION].parts.manifests["jira"]
        sources.add(session, manifest, "jira", board.settings(), {"token": "JIRA_TOKEN"}, BEGAN, "ana")
    console = app.extensions[EXTENSION]

    def once() -> None:
        with stamina.set_testing(True, attempts=1):
            keep_in_step(Office(sqlite, console.parts, console.settings))

    return once


@pytest.fixture
def promised(editor: FlaskClient) -> FlaskClient:
    assert send(editor, "/actions/new", "/actions/new", **USUAL)[0] == 303
    return editor


def test_where_no_source_takes_actions_nothing_is_offered(promised: FlaskClient) -> None:
    assert "Ticket" not in page(promised, HERE)


def test_a_ticket_is_asked_for_opened_and_linked_to(
    promised: FlaskClient, keep: Callable[[], None], board: Board
) -> None:
    assert "Open a ticket in jira" in page(promised, HERE)
    assert send(promised, HERE, f"{HERE}/ticket", source="jira", do="open")[0] == 303
    assert "is being opened in jira" in page(promised, HERE)
    keep()
    text = page(promised, HERE)
    assert f'href="{board.url}/browse/OPS-1"' in text and "ticket asked for" in text


def test_the_list_the_board_and_the_file_tell_of_tickets(
    promised: FlaskClient, keep: Callable[[], None], board: Board
) -> None:
    assert "Ticket" not in page(promised, "/actions")
    send(promised, HERE, f"{HERE}/ticket", source="jira", do="open")
    assert "being opened" in page(promised, "/actions")
    keep()
    there = f'href="{board.url}/browse/OPS-1"'
    assert there in page(promised, "/actions") and there in page(promised, "/actions?view=board")
    board.move("OPS-1", "Closed", now() + timedelta(seconds=5), WONT_DO)
    send(promised, HERE, HERE, revision="1", reason="", **USUAL | {"priority": "low"})
    keep()
    assert "Differs" in page(promised, "/actions")
    (row,) = csv.DictReader(page(promised, "/actions.csv").lstrip("\ufeff").splitlines())
    assert (row["ticket"], row["ticket_url"]) == ("OPS-1", f"{board.url}/browse/OPS-1")
    assert row["ticket_differs_in"] == "state"


def test_one_that_exists_is_linked_and_one_that_does_not_is_told(
    promised: FlaskClient, keep: Callable[[], None], board: Board
) -> None:
    status, text = send(promised, HERE, f"{HERE}/ticket", source="jira", do="link", key="")
    assert status == 422 and "Write its key or its address" in text
    send(promised, HERE, f"{HERE}/ticket", source="jira", do="link", key="OPS-9")
    keep()
    assert "jira knows no OPS-9." in page(promised, HERE)
    assert send(promised, HERE, f"{HERE}/ticket/part")[0] == 303
    board.open_by_hand()
    send(promised, HERE, f"{HERE}/ticket", source="jira", do="link", key="OPS-1")
    keep()
    assert f'href="{board.url}/browse/OPS-1"' in page(promised, HERE)


def test_a_source_that_takes_none_is_refused(promised: FlaskClient, keep: Callable[[], None]) -> None:
    status, text = send(promised, HERE, f"{HERE}/ticket", source="elsewhere", do="open")
    assert status == 422 and "Choose where the ticket is" in text


def test_while_jira_is_away_the_page_says_so(promised: FlaskClient, keep: Callable[[], None], board: Board) -> None:
    send(promised, HERE, f"{HERE}/ticket", source="jira", do="open")
    board.away = True
    keep()
    assert "jira is away" in page(promised, HERE)


def test_what_differs_is_shown_and_decided(promised: FlaskClient, keep: Callable[[], None], board: Board) -> None:
    send(promised, HERE, f"{HERE}/ticket", source="jira", do="open")
    keep()
    board.move("OPS-1", "Closed", now() + timedelta(seconds=5), WONT_DO)
    send(promised, HERE, HERE, revision="1", reason="", **USUAL | {"priority": "low"})
    keep()
    text = page(promised, HERE)
    assert "State differs." in text and "In jira: dropped" in text
    seen = {"name": "state", "here": "open", "there": "dropped"}
    status, text = send(promised, HERE, f"{HERE}/ticket/decide", side="there", decided="No use.", **seen)
    assert status == 422 and "Somebody else must agree" in text
    status, text = send(promised, HERE, f"{HERE}/ticket/decide", side="here", **seen | {"there": "done"})
    assert status == 422 and "look at what stands there now" in text
    assert send(promised, HERE, f"{HERE}/ticket/decide", side="here", **seen)[0] == 303
    keep()
    assert board.shown("OPS-1")[0] == "To Do" and "differs." not in page(promised, HERE)


def test_who_only_looks_sees_and_decides_nothing(
    app: Any, sqlite: Engine, promised: FlaskClient, keep: Callable[[], None]
) -> None:
    send(promised, HERE, f"{HERE}/ticket", source="jira", do="open")
    viewer = sign_in(app.test_client(), sqlite, Role.VIEWER)
    text = page(viewer, HERE)
    assert "is being opened" in text and "Part with" not in text

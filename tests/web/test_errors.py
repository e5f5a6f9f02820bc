"""What goes wrong is said clearly, with the next step, and tells no secrets."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ops_console.core.errors import BadInput, NotFound, OpsConsoleError
from ops_console.web.console import EXTENSION


@pytest.fixture
def failing(app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Opens the account page, which now raises."""

    def ask(error: Exception):
        def broken() -> str:
            raise error

        monkeypatch.setitem(app.view_functions, "account.account", broken)
        return admin.get("/account")

    return ask


def test_a_missing_page_offers_the_way_back(admin: FlaskClient) -> None:
    answer = admin.get("/nope")
    assert answer.status_code == 404 and "There is no such page" in answer.text and 'href="/"' in answer.text


@pytest.mark.parametrize(
    ("error", "status"), [(BadInput("No.", remedy="Do."), 400), (NotFound("No.", remedy="Do."), 404)]
)
def test_our_own_errors_are_shown_with_their_remedy(failing: Callable, error: Exception, status: int) -> None:
    answer = failing(error)
    assert answer.status_code == status and "No." in answer.text and "Do." in answer.text


@pytest.mark.parametrize("error", [ValueError("password=hunter2"), KeyError("hunter2")])
def test_an_unforeseen_error_shows_an_id_and_nothing_of_itself(failing: Callable, error: Exception) -> None:
    answer = failing(error)
    assert answer.status_code == 500 and "hunter2" not in answer.text
    assert len(answer.text.split("Error id <code>")[1].split("<")[0]) == 8


def test_a_wrong_setting_is_our_fault_and_gets_an_id(failing: Callable) -> None:
    answer = failing(OpsConsoleError("The mail server is not set."))
    assert answer.status_code == 500 and "Error id" in answer.text


@pytest.mark.parametrize("query", ["period=2026-13", "period=x", "scope=galaxy", "scope=team:"])
def test_an_address_that_makes_no_sense_says_what_would(admin: FlaskClient, query: str) -> None:
    answer = admin.get(f"/?{query}")
    assert answer.status_code == 400 and "Write " in answer.text


def test_the_api_answers_with_a_problem_document(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/nothing")
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 404 and answer.json["title"]


def test_not_ready_without_a_database(app: Flask, visitor: FlaskClient, sqlite) -> None:
    assert visitor.get("/readyz").status_code == 200
    with app.extensions[EXTENSION].engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE workspace")
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert visitor.get("/healthz").status_code == 200

"""Everything that goes wrong is a problem document (RFC 9457) whose type never changes."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.test import TestResponse

from ops_console.web.api import _body
from ops_console.web.problems import PROBLEMS
from tests.web.api.test_facts import bearer, deployment

TYPES = {
    400: "/help/api#bad-input",
    401: "/help/api#no-token",
    403: "/help/api#missing-scope",
    404: "/help/api#not-found",
    405: "/help/api#wrong-method",
    413: "/help/api#too-large",
    415: "/help/api#unknown-format",
    422: "/help/api#no-row-taken",
    500: "/help/api#failed",
}
FACTS = "/api/v1/facts/deployments"


def told(answer: TestResponse, status: int, words: str) -> dict[str, Any]:
    """The problem, checked for what each one has."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    document: dict[str, Any] = answer.json
    assert (document["status"], document["type"], document["title"]) == (status, TYPES[status], PROBLEMS[status].title)
    assert words in document["detail"]
    return document


@pytest.fixture
def headers(sqlite: Engine) -> dict[str, str]:
    return bearer(sqlite, "facts:write", "kpis:read")


def test_the_types_are_these_for_ever() -> None:
    assert {status: each.type for status, each in PROBLEMS.items()} == TYPES


@pytest.mark.parametrize("path", ["/api/v1/kpis", "/api/v1/kpis/mttr/records", FACTS])
def test_without_a_token(visitor: FlaskClient, path: str) -> None:
    answer = visitor.post(path) if path == FACTS else visitor.get(path)
    told(answer, 401, "Authorization: Bearer")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_for_something_else(visitor: FlaskClient, sqlite: Engine) -> None:
    told(visitor.get("/api/v1/kpis", headers=bearer(sqlite, "facts:write")), 403, "lacks the scope kpis:read. Make a")
    told(visitor.post(FACTS, data="[]", headers=bearer(sqlite, "kpis:read")), 403, "lacks the scope facts:write")


def test_an_address_that_leads_nowhere(visitor: FlaskClient, headers: dict[str, str]) -> None:
    told(visitor.get("/api/v1/nothing"), 404, "GET /api/v1/openapi.json lists every operation.")
    told(
        visitor.post("/api/v1/facts/unicorns", headers=headers), 404, "There is no kind of fact 'unicorns'. Use one of"
    )


def test_a_method_that_is_not_taken(visitor: FlaskClient) -> None:
    answer = visitor.delete("/api/v1/kpis")
    told(answer, 405, "It takes GET, HEAD, OPTIONS.")
    assert "GET" in answer.headers["Allow"]


def test_a_batch_that_is_too_long(
    visitor: FlaskClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_body, "LARGEST_BATCH", 1)
    told(visitor.post(FACTS, json=[1, 2], headers=headers), 413, "at most 1 rows; this one has 2. ")


def test_a_body_with_too_many_bytes(visitor: FlaskClient, headers: dict[str, str]) -> None:
    told(visitor.post(FACTS, data=b" " * (_body.LARGEST_BYTES + 1), headers=headers), 413, "Send it in smaller parts.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "text/csv"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Type", "multipart/form-data; boundary=x"),
        ("Content-Encoding", "br"),
    ],
)
def test_a_format_that_is_not_known(visitor: FlaskClient, headers: dict[str, str], name: str, value: str) -> None:
    told(visitor.post(FACTS, data="[]", headers=headers | {name: value}), 415, "Send JSON as application/json, or JSON")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/x-ndjson", ""])
def test_formats_that_are_known(visitor: FlaskClient, headers: dict[str, str], kind: str) -> None:
    answer = visitor.post(FACTS, data=json.dumps(deployment(1)), headers=headers, content_type=kind)
    assert answer.status_code == 200


def test_a_batch_of_which_no_row_could_be_taken_says_why_row_by_row(
    visitor: FlaskClient, headers: dict[str, str]
) -> None:
    document = told(visitor.post(FACTS, json=[{}, "x"], headers=headers), 422, "Each row was refused")
    assert [row["result"] for row in document["results"]] == ["refused", "refused"]
    assert document["refused"] == document["rows"] == 2


def test_our_own_failure_has_an_id_and_tells_no_secret(
    app: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise ValueError("password=hunter2")

    monkeypatch.setitem(app.view_functions, "openapi.openapi", broken)
    answer = visitor.get("/api/v1/openapi.json")
    assert len(told(answer, 500, "give the error id")["error_id"]) == 8 and "hunter2" not in answer.text


def test_what_has_no_name_is_what_its_status_says(
    app: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> str:
        raise ServiceUnavailable(retry_after=30)

    monkeypatch.setitem(app.view_functions, "openapi.openapi", busy)
    answer = visitor.get("/api/v1/openapi.json")
    assert answer.json == {"type": "about:blank", "title": "Service Unavailable", "status": 503}
    assert answer.headers["Retry-After"] == "30"

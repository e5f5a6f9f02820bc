"""Other systems send facts; each row has its own answer."""

import gzip
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import select

from ops_console.accounts import tokens
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.records.deployments import Deployment
from ops_console.records.imports import Import
from ops_console.web import unpacked
from ops_console.web.api import _body


def bearer(engine: Engine, *scopes: str) -> dict[str, str]:
    with transaction(engine) as session:
        key = tokens.make(session, "pipeline", scopes or ("facts:write",), 30, "test", now())
    return {"Authorization": f"Bearer {key}"}


def deployment(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "external_id": str(number),
        "model": "ranker-v4",
        "version": f"4.{number}",
        "environment": "production",
        "status": "succeeded",
        "finished_at": "2026-10-05T10:00:00Z",
    } | changes


@pytest.fixture
def send(visitor: FlaskClient, sqlite: Engine):
    headers = bearer(sqlite)

    def post(body: Any, path: str = "/api/v1/facts/deployments", **more: str):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        return visitor.post(path, data=data, headers=headers | more)

    return post


def results(answer) -> list[str]:
    return [row["result"] for row in answer.json["results"]]


def test_a_batch_lands_and_sending_it_again_changes_nothing(send, sqlite: Engine) -> None:
    batch = [deployment(1), deployment(2)]
    first, again = send(batch), send(batch)
    assert (first.status_code, results(first)) == (200, ["new", "new"])
    assert (again.status_code, results(again)) == (200, ["unchanged", "unchanged"])
    with reading(sqlite) as session:
        kept = session.exec(select(Deployment)).all()
        assert [(each.source, each.external_id) for each in kept] == [("pipeline", "1"), ("pipeline", "2")]


def test_good_rows_land_beside_refused_ones_which_are_named_by_index(send) -> None:
    answer = send([deployment(1), deployment(2, finished_at="yesterday"), "nonsense", deployment(3)])
    assert answer.status_code == 207
    assert results(answer) == ["new", "refused", "refused", "new"]
    assert [row["index"] for row in answer.json["results"]] == [0, 1, 2, 3]
    assert answer.json["results"][1]["column"] == "finished_at" and answer.json["results"][1]["reason"]


def test_a_batch_of_which_nothing_landed_says_so_in_its_status(send) -> None:
    assert send([deployment(1, status="exploded")]).status_code == 422


def test_json_lines_are_taken_and_a_broken_line_spoils_itself_alone(send) -> None:
    lines = "\n".join([json.dumps(deployment(1)), '{"external_id": ', "", json.dumps(deployment(2))])
    assert results(send(lines)) == ["new", "refused", "new"]


def test_a_single_object_is_a_batch_of_one(send) -> None:
    assert results(send(json.dumps(deployment(1)))) == ["new"]


def test_a_packed_batch_is_unpacked(send) -> None:
    assert results(send(gzip.compress(json.dumps([deployment(1, mtime=0)]).encode()))) == ["new"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no rows"),
        (b"[]", "no rows"),
        (b"[{]", "no JSON"),
        (b"\xff\xfe{", "not UTF-8"),
        (gzip.compress(b"[]" * 500, mtime=0)[:-9], "gzip"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_body_that_cannot_be_read_gets_a_problem_with_its_remedy(send, body: bytes, words: str) -> None:
    answer = send(body)
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"]


def test_a_batch_that_is_too_long_or_unpacks_too_large_is_refused(send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_body, "LARGEST_BATCH", 1)
    assert send([deployment(1), deployment(2)]).status_code == 413
    monkeypatch.setattr(unpacked, "LARGEST_UNPACKED", 100)
    assert send(gzip.compress(b"[" + b" " * 1000 + b"]", mtime=0)).status_code == 413


def test_an_unknown_kind_names_the_known_ones(send) -> None:
    answer = send([], "/api/v1/facts/unicorns")
    assert answer.status_code == 404 and "deployments" in answer.json["detail"]


def test_times_without_offset_need_a_zone(send) -> None:
    row = deployment(1, finished_at="2026-10-05T10:00:00")
    assert send([row]).status_code == 422
    assert send([row], "/api/v1/facts/deployments?zone=Europe/London").status_code == 200


@pytest.mark.parametrize("query", ["zone=Mars/Base", "covers_until=soon", "covers_until=2026-10-01T00:00:00"])
def test_a_parameter_that_makes_no_sense_is_refused(send, query: str) -> None:
    assert send([deployment(1)], f"/api/v1/facts/deployments?{query}").status_code == 400


def test_a_rehearsal_leaves_no_trace(send, sqlite: Engine) -> None:
    answer = send([deployment(1)], "/api/v1/facts/deployments?dry_run=true")
    assert answer.json["dry_run"] is True and results(answer) == ["new"]
    with reading(sqlite) as session:
        assert not session.exec(select(Deployment)).all() and not session.exec(select(Import)).all()


def test_the_import_is_signed_with_the_token(send, sqlite: Engine) -> None:
    send([deployment(1)])
    with reading(sqlite) as session:
        assert session.exec(select(Import.made_by)).one() == "token pipeline"


def test_without_a_token_the_answer_says_what_to_send(visitor: FlaskClient) -> None:
    answer = visitor.post("/api/v1/facts/deployments", data="[]")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer" in answer.json["detail"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer", "oc_x"])
def test_a_wrong_token_is_refused(visitor: FlaskClient, header: str) -> None:
    assert visitor.post("/api/v1/facts/deployments", headers={"Authorization": header}).status_code == 401


def test_a_token_without_the_scope_is_refused(visitor: FlaskClient, sqlite: Engine) -> None:
    answer = visitor.post("/api/v1/facts/deployments", data="[]", headers=bearer(sqlite, "kpis:read"))
    assert answer.status_code == 403 and "facts:write" in answer.json["detail"]


def test_being_signed_in_is_no_token(admin: FlaskClient) -> None:
    assert admin.post("/api/v1/facts/deployments", data="[]").status_code == 401


def test_asking_in_the_wrong_way_names_the_right_one(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/facts/deployments")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"] and answer.json["status"] == 405

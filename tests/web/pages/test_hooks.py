"""`/hooks/…`: a delivery is answered once it is kept, and only if somebody we know signed it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from ops_console import factory
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading, transaction
from ops_console.ingest import inbox, sources
from ops_console.records.sources import InboxDelivery
from ops_console.web.pages import hooks
from tests.ingest.vendor import MANIFEST, Shop, add_source, office, versions
from tests.web.conftest import over

HERE = "/hooks/shop/shop"


@pytest.fixture(scope="module")
def shop_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    nowhere = f"sqlite:///{tmp_path_factory.mktemp('shop') / 'none.db'}"
    shop = Shop()
    return factory.create_app(
        Parts({"shop": MANIFEST}, collectors={"shop": shop}, webhooks={"shop": shop}), database_url=nowhere
    )


@pytest.fixture
def app(shop_app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("SHOP_HOOK", "new old")
    add_source(sqlite, secrets={"webhook_secret": "SHOP_HOOK"})
    with over(shop_app, sqlite):
        yield shop_app


@pytest.fixture
def send(visitor: FlaskClient) -> Callable[..., TestResponse]:
    def post(to: str = HERE, key: str = "new", delivery: str = "d1", body: bytes | None = None, **said: Any) -> Any:
        content = json.dumps(said or {"number": 1}).encode() if body is None else body
        return visitor.post(to, data=content, headers={"X-Key": key, "X-Delivery": delivery})

    return post


def kept(engine: Engine) -> list[InboxDelivery]:
    with reading(engine) as session:
        return list(session.scalars(select(InboxDelivery)))


def test_a_delivery_is_kept_before_it_is_answered_and_read_afterwards(send: Any, sqlite: Engine) -> None:
    answer = send()
    assert (answer.status_code, answer.json) == (202, {"delivery": "d1", "known": False})
    assert [row.body for row in kept(sqlite)] == [b'{"number": 1}']
    assert versions(sqlite) == {}
    inbox.process(office(sqlite, Shop()))
    assert versions(sqlite) == {"1": "v1"}


def test_a_repetition_is_answered_with_success_and_kept_once(send: Any, sqlite: Engine) -> None:
    assert [send().status_code, send().status_code] == [202, 200]
    assert len(kept(sqlite)) == 1


def test_both_secrets_open_while_one_replaces_the_other(send: Any) -> None:
    assert [send(key=key, delivery=key).status_code for key in ("new", "old")] == [202, 202]


def test_a_wrong_signature_is_refused_and_nothing_is_kept(send: Any, sqlite: Engine) -> None:
    answer = send(key="guessed")
    assert (answer.status_code, answer.mimetype) == (401, "text/plain")
    assert "The key is wrong." in answer.text and "new" not in answer.text
    assert kept(sqlite) == []


@pytest.mark.parametrize("to", ["/hooks/shop/nobody", "/hooks/other/shop", "/hooks/shop/SHOP"])
def test_no_other_address_takes_deliveries(send: Any, to: str) -> None:
    assert send(to=to).status_code == 404


def test_a_body_that_is_too_large_is_refused(send: Any, sqlite: Engine) -> None:
    assert send(body=b"x" * (hooks.LARGEST_BYTES + 1)).status_code == 413
    assert send(body=b"x" * 2_000_000).status_code == 202
    assert len(kept(sqlite)) == 1


def test_too_many_in_a_minute_are_asked_to_wait(send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PER_MINUTE", 1)
    assert send(delivery="d1").status_code == 202
    answer = send(delivery="d2")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_what_nobody_can_read_is_kept_and_answered_with_success(send: Any, sqlite: Engine) -> None:
    assert send(body=b"\x00\xff nothing").status_code == 202
    inbox.process(office(sqlite, Shop()))
    assert [row.state for row in kept(sqlite)] == ["unreadable"]


def test_without_a_secret_nothing_is_taken_and_no_name_is_told(
    send: Any, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOP_HOOK")
    answer = send()
    assert answer.status_code == 503 and "SHOP_HOOK" not in answer.text
    with transaction(sqlite) as session:
        sources.named(session, "shop").secrets = {}
    assert send().status_code == 503


def test_a_paused_source_still_keeps_what_is_sent(send: Any, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        sources.pause(session, sources.named(session, "shop"), "ana", paused=True)
    assert send().status_code == 202

"""Headers, forms and keys that keep others out."""

import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ops_console import factory
from ops_console.contracts.parts import Parts
from ops_console.core.errors import Misconfigured
from ops_console.core.settings import Settings, settings
from ops_console.web.secret_key import secret_key
from tests.web.conftest import csrf


def test_pages_allow_no_inline_script_no_style_and_no_third_party(visitor: FlaskClient) -> None:
    policy = visitor.get("/sign-in").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/nope", "/healthz"])
def test_every_answer_carries_the_safe_headers(admin: FlaskClient, path: str) -> None:
    headers = admin.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_https_is_remembered_where_the_console_is_reached_by_it(visitor: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/sign-in").headers
    assert "Strict-Transport-Security" in visitor.get("/sign-in", base_url="https://localhost").headers


def test_forwarding_headers_count_when_a_proxy_is_declared(app: Flask, visitor: FlaskClient) -> None:
    forwarded = {"X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" not in visitor.get("/sign-in", headers=forwarded).headers


def test_with_a_declared_proxy_https_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPS_CONSOLE_TRUSTED_PROXIES", "1")
    settings.cache_clear()
    made = factory.create_app(Parts(), database_url=f"sqlite:///{tmp_path / 'x.db'}")
    settings.cache_clear()
    answer = made.test_client().get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" in answer.headers


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/password", "/account/preferences"])
def test_a_form_without_its_token_is_refused_with_the_next_step(admin: FlaskClient, path: str) -> None:
    answer = admin.post(path, data={"email": "a", "password": "b"})
    assert answer.status_code == 400 and "Open the page again" in answer.text


def test_a_form_that_is_far_too_large_is_refused_clearly(visitor: FlaskClient) -> None:
    token = csrf(visitor.get("/sign-in").text)
    answer = visitor.post("/sign-in", data={"csrf_token": token, "email": "x" * 1_100_000})
    assert answer.status_code == 413 and "smaller parts" in answer.text


def test_the_signing_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    keys = {secret_key(Settings(secret_key=""), url) for _ in range(3)}
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "x.db.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.db.key"]


def test_on_postgresql_the_signing_key_must_be_set() -> None:
    with pytest.raises(Misconfigured, match="No secret key"):
        secret_key(Settings(secret_key=""), "postgresql://db/ops")


def test_a_given_key_is_used(tmp_path: Path) -> None:
    assert secret_key(Settings(secret_key="given"), f"sqlite:///{tmp_path / 'x.db'}") == "given"


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    folder = Path(factory.__file__).parent / "web" / "templates"
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text), path.name
        for script in re.findall(r"<script[^>]*>", text):
            assert " src=" in script or 'type="application/json"' in script, path.name


def test_assets_may_be_kept_for_ever_under_an_address_with_their_hash(visitor: FlaskClient) -> None:
    address = re.search(r'href="(/assets/[0-9a-f]{12}/console\.css)"', visitor.get("/sign-in").text)
    assert address is not None
    answer = visitor.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"] and answer.headers["Content-Encoding"] == "gzip"
    assert visitor.get(address[1].replace("/console", "x/console")).status_code == 404


def test_the_style_sheet_stays_small(visitor: FlaskClient) -> None:
    address = re.search(r'href="(/assets/[^"]+\.css)"', visitor.get("/sign-in").text)
    assert address is not None
    assert len(visitor.get(address[1], headers={"Accept-Encoding": "gzip"}).data) < 60_000

"""Signing in, staying in, signing out."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import select

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.records.access import SignIn
from ops_console.records.workspace import Workspace
from ops_console.web import auth
from ops_console.web.pages.sign_in import own_address
from tests.web.conftest import csrf, make_link, sign_in

GOOD = "correct horse battery staple"


@pytest.fixture
def ana(sqlite: Engine) -> str:
    """An account with a password."""
    with transaction(sqlite) as session:
        people.set_password(session, people.add(session, "ana@example.com", Role.VIEWER, now()), GOOD)
    return "ana@example.com"


def attempt(browser: FlaskClient, email: str, password: str, **more: str):
    token = csrf(browser.get("/sign-in").text)
    return browser.post("/sign-in", data={"csrf_token": token, "email": email, "password": password} | more)


def test_the_right_password_opens_the_page_that_was_asked_for(visitor: FlaskClient, ana: str) -> None:
    sent = visitor.get("/account?x=1")
    assert sent.headers["Location"] == "/sign-in?next=/account?x%3D1"
    answer = attempt(visitor, ana, GOOD, next="/account?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1")
    assert visitor.get("/account").status_code == 200


@pytest.mark.parametrize(("email", "password"), [("ana@example.com", "hunter2"), ("nobody@example.com", GOOD)])
def test_a_wrong_password_and_an_unknown_account_read_the_same(
    visitor: FlaskClient, ana: str, email: str, password: str
) -> None:
    answer = attempt(visitor, email, password)
    assert answer.status_code == 401 and "do not belong together" in answer.text
    assert email in answer.text and password not in answer.text


def test_after_five_failures_even_the_right_password_waits(visitor: FlaskClient, ana: str) -> None:
    for _ in range(5):
        assert attempt(visitor, ana, "wrong").status_code == 401
    assert attempt(visitor, ana, GOOD).status_code == 429
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert attempt(visitor, ana, GOOD).status_code == 303


def test_a_closed_account_stays_out(visitor: FlaskClient, sqlite: Engine, ana: str) -> None:
    with transaction(sqlite) as session:
        people.disable(session, people.get(session, ana), now())
    assert attempt(visitor, ana, GOOD).status_code == 401


def test_the_sign_in_cookie_is_kept_from_scripts_and_other_sites(visitor: FlaskClient, ana: str) -> None:
    cookies = attempt(visitor, ana, GOOD).headers.getlist("Set-Cookie")
    mine = next(cookie for cookie in cookies if cookie.startswith(auth.COOKIE))
    assert "HttpOnly" in mine and "SameSite=Lax" in mine


def test_the_cookie_holds_a_key_the_database_does_not(admin: FlaskClient, sqlite: Engine) -> None:
    cookie = admin.get_cookie(auth.COOKIE)
    with reading(sqlite) as session:
        assert cookie is not None and cookie.value not in repr(session.exec(select(SignIn)).all())


def test_a_link_asks_for_one_press_and_then_works_once(visitor: FlaskClient, sqlite: Engine) -> None:
    path = make_link(sqlite)
    page = visitor.get(path)
    assert "Sign in as Ana Lee" in page.text and visitor.get("/account").status_code == 303
    token = csrf(page.text)
    assert visitor.post(path, data={"csrf_token": token}).headers["Location"] == "/account/password"
    assert visitor.get("/account").status_code == 200
    assert visitor.get(path).status_code == 410
    assert visitor.post(path, data={"csrf_token": token}).status_code == 410


def test_in_the_demo_a_link_leads_straight_to_the_overview(visitor: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        session.add(Workspace(name="Demo", time_zone="UTC", currency="USD", is_demo=True, made_at=now()))
    path = make_link(sqlite)
    answer = visitor.post(path, data={"csrf_token": csrf(visitor.get(path).text)})
    assert answer.headers["Location"] == "/"


def test_a_made_up_link_is_used_up(visitor: FlaskClient) -> None:
    assert visitor.get("/sign-in/link/x").status_code == 410


def test_signing_out_ends_the_sign_in_on_the_server(admin: FlaskClient) -> None:
    cookie = admin.get_cookie(auth.COOKIE)
    assert cookie is not None
    admin.post("/sign-out", data={"csrf_token": csrf(admin.get("/account").text)})
    admin.set_cookie(auth.COOKIE, cookie.value)
    assert admin.get("/account").status_code == 303


def test_who_is_signed_in_need_not_sign_in_again(admin: FlaskClient) -> None:
    assert admin.get("/sign-in?next=/account").headers["Location"] == "/account"


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/evil", "", "a"]
)
def test_signing_in_never_leads_to_another_site(evil: str) -> None:
    assert own_address(evil) == "/"


def test_a_first_password_is_set_and_signs_other_browsers_out(app, admin: FlaskClient, sqlite: Engine) -> None:
    other = sign_in(app.test_client(), sqlite)
    token = csrf(admin.get("/account/password").text)
    assert admin.post("/account/password", data={"csrf_token": token, "password": GOOD}).status_code == 303
    assert (admin.get("/account").status_code, other.get("/account").status_code) == (200, 303)


def test_a_password_that_is_too_short_keeps_the_form_and_says_so(admin: FlaskClient) -> None:
    token = csrf(admin.get("/account/password").text)
    answer = admin.post("/account/password", data={"csrf_token": token, "password": "short"})
    assert answer.status_code == 400 and "<title>Error: " in answer.text
    assert 'href="#password"' in answer.text and 'aria-invalid="true"' in answer.text


def test_changing_a_password_needs_the_present_one(visitor: FlaskClient, ana: str) -> None:
    attempt(visitor, ana, GOOD)
    token = csrf(visitor.get("/account/password").text)
    answer = visitor.post("/account/password", data={"csrf_token": token, "current": "no", "password": GOOD + "!"})
    assert answer.status_code == 400 and "present password is not right" in answer.text

"""A fixed day, and a browser over a small workspace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import transaction
from tests.integrations.github.forge import Forge
from tests.web.conftest import csrf, sign_in
from tests.web.pages.builders import Workspace

HOUR = timedelta(hours=1)
TODAY = "2026-11-04T09:00:00+00:00"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(TODAY):
        yield


@pytest.fixture
def editor(app: object, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.EDITOR)  # type: ignore[attr-defined]


@pytest.fixture
def world(sqlite: Engine) -> Callable[[], "contextmanager[Workspace]"]:
    """`with world() as rows:` adds rows and commits them."""

    @contextmanager
    def opened() -> Iterator[Workspace]:
        with transaction(sqlite) as session:
            yield Workspace(session)

    return opened


def page(browser: FlaskClient, address: str, status: int = 200) -> str:
    """The text of a page that answers as expected."""
    response = browser.get(address)
    assert response.status_code == status, response.text
    return response.text


def send(browser: FlaskClient, form_on: str, to: str, **fields: object) -> tuple[int, str]:
    """Post a form with the token of the page it stands on: status, and where it leads or what it says."""
    token = csrf(page(browser, form_on))
    response = browser.post(to, data={"csrf_token": token, **fields}, content_type="multipart/form-data")
    return response.status_code, response.headers.get("Location", response.text)


@pytest.fixture
def forge(httpserver: HTTPServer) -> Forge:
    """A GitHub on loopback with twelve deployments to production and three to staging."""
    made = Forge(httpserver)
    for number in range(15):
        at = now() - timedelta(days=20) + number * HOUR
        made.deploy(at, "prod-eu" if number < 12 else "staging")
        made.status(1000 + number, "success", at + HOUR)
    return made

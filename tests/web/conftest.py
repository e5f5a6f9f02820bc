"""An application over an empty SQLite database, and browsers that are signed in to it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import stamina
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

import integrations
import reports
from ops_console import factory
from ops_console.accounts import links, people, sign_ins
from ops_console.accounts.roles import Role
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts, assemble
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.settings import settings
from ops_console.web.auth import COOKIE
from ops_console.web.console import EXTENSION
from tests.conftest import Filled
from tests.integrations.github.forge import SECRET, TOKEN
from tests.web import company


def csrf(page: str) -> str:
    """The hidden token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, "the page has no form that posts"
    return found[1]


def make_link(engine: Engine, email: str = "ana@example.com", role: Role = Role.ADMIN) -> str:
    """The path of a fresh one-time link."""
    with transaction(engine) as session:
        return links.PATH + links.make(session, people.add(session, email, role, now(), name="Ana Lee"), now())


def sign_in(browser: FlaskClient, engine: Engine, role: Role = Role.ADMIN) -> FlaskClient:
    with transaction(engine) as session:
        account = people.add(session, f"{role}@example.com", role, now(), name="Ana Lee")
        browser.set_cookie(COOKIE, sign_ins.begin(session, account, now()))
    return browser


@pytest.fixture(scope="session")
def console_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once: its routes and templates are the same over every database."""
    return factory.create_app(Parts(), database_url=f"sqlite:///{tmp_path_factory.mktemp('console') / 'none.db'}")


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The same with every integration and every report."""
    nowhere = f"sqlite:///{tmp_path_factory.mktemp('console') / 'none.db'}"
    return factory.create_app(assemble(integrations, reports), database_url=nowhere)


@contextmanager
def over(made: Flask, engine: Engine) -> Iterator[Flask]:
    """The console on a database, by the settings of the moment; what is listened to there is its own."""
    console = made.extensions[EXTENSION]
    kept = console.settings
    console.engine, console.settings = engine.execution_options(), settings()
    yield made
    console.settings = kept


@pytest.fixture
def app(console_app: Flask, sqlite: Engine) -> Iterator[Flask]:
    with over(console_app, sqlite):
        yield console_app


@pytest.fixture
def full_app(whole_app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Every integration is there, a GitHub on loopback may be read, and nobody waits for long."""
    monkeypatch.setenv("OPS_CONSOLE_PRIVATE_ADDRESSES", "127.0.0.0/8,::1/128")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_HOOK", SECRET)
    settings.cache_clear()
    with stamina.set_testing(True, attempts=2), over(whole_app, sqlite):
        yield whole_app
    settings.cache_clear()


def office_of(app: Flask) -> Office:
    console = app.extensions[EXTENSION]
    return Office(console.engine, console.parts, console.settings)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser that nobody signed in."""
    return app.test_client()


@pytest.fixture
def admin(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite)


@pytest.fixture
def viewer(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.VIEWER)


@pytest.fixture
def statements(app: Flask) -> Callable[[], "contextmanager[list[str]]"]:
    """`with statements() as seen:` collects the SQL that pages send meanwhile."""
    engine = app.extensions[EXTENSION].engine

    @contextmanager
    def watch() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)

    return watch


@pytest.fixture(scope="session")
def company_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small company, as bytes: copying it is faster than telling it again."""
    with time_machine.travel(company.NOW, tick=False):
        return company.as_bytes(tmp_path_factory.mktemp("company") / "company.db")


@pytest.fixture
def company_database(company_template: bytes, sqlite_filled: Filled) -> Engine:
    """The small company's database."""
    return sqlite_filled(company_template, "company")

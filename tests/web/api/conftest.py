"""The small company, asked by programs."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from ops_console.web.console import EXTENSION
from tests.web.api.test_facts import bearer
from tests.web.company import NOW

Ask = Callable[..., TestResponse]


@pytest.fixture
def company(company_database: Engine) -> Iterator[Engine]:
    """Its database, on its day; the clock goes on."""
    with time_machine.travel(NOW):
        yield company_database


@pytest.fixture
def caller(console_app: Flask, company: Engine) -> FlaskClient:
    """Somebody without a token."""
    console_app.extensions[EXTENSION].engine = company
    return console_app.test_client()


@pytest.fixture
def ask(caller: FlaskClient, company: Engine) -> Ask:
    """`ask(path)` with a token that reads figures; other headers by name."""
    token = bearer(company, "kpis:read")
    return lambda path, **headers: caller.get(
        path, headers=token | {name.replace("_", "-"): value for name, value in headers.items()}
    )

"""A desk on loopback, once as JSM Operations and once as Opsgenie, a fixed day, and no waiting."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
import time_machine
from pytest_httpserver import HTTPServer

from tests.integrations.jsm_operations.desk import Desk

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=4, cap=True):
        yield traveller


@pytest.fixture
def desk(httpserver: HTTPServer) -> Desk:
    return Desk(httpserver)


@pytest.fixture(params=["jsm", "opsgenie"])
def either(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    desk.is_opsgenie = request.param == "opsgenie"
    return desk

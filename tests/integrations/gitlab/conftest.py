"""A GitLab on loopback, a fixed day, and no waiting."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
import time_machine
from pytest_httpserver import HTTPServer

from tests.integrations.gitlab.lab import Lab

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=4, cap=True):
        yield traveller


@pytest.fixture
def lab(httpserver: HTTPServer) -> Lab:
    return Lab(httpserver)

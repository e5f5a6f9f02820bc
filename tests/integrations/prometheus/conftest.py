"""A Prometheus on loopback, a fixed day, and no waiting."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
import time_machine
from pytest_httpserver import HTTPServer

from tests.integrations.prometheus.watchtower import Watchtower

NOW = datetime(2026, 11, 4, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[time_machine.Traveller | None]:
    if request.node.get_closest_marker("servers"):  # a real server goes by the real clock
        yield None
        return
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=4, cap=True):
        yield traveller


@pytest.fixture
def tower(httpserver: HTTPServer) -> Watchtower:
    return Watchtower(httpserver)

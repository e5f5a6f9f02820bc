"""AWS on loopback, a fixed day, and no waiting."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
import time_machine
from moto.server import ThreadedMotoServer
from pytest_httpserver import HTTPServer

from tests.integrations.aws_cost.cloud import Cloud
from tests.integrations.aws_cost.explorer import Explorer

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=4, cap=True):
        yield traveller


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloud(moto: str) -> Cloud:
    """An account without anything in it but an empty bucket."""
    return Cloud(moto)


@pytest.fixture
def explorer(httpserver: HTTPServer) -> Explorer:
    return Explorer(httpserver)

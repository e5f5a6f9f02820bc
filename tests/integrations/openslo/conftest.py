"""A forge that serves files on loopback, and no waiting."""

from collections.abc import Iterator

import pytest
import stamina
from pytest_httpserver import HTTPServer

from tests.integrations.openslo.shelf import Shelf


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


@pytest.fixture
def shelf(httpserver: HTTPServer) -> Shelf:
    return Shelf(httpserver)

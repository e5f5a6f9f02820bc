"""A server of files on loopback, a folder of files, a fixed day, and no waiting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
import time_machine
from pytest_httpserver import HTTPServer

from tests.integrations.focus.shelf import NOW, Shelf


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=4, cap=True):
        yield traveller


@pytest.fixture
def shelf(httpserver: HTTPServer, tmp_path: Path) -> Shelf:
    folder = tmp_path / "files"
    folder.mkdir()
    return Shelf(httpserver, folder)

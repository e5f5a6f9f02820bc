"""Worlds in which a vendor on loopback is watched by a console."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine
from sqlmodel import SQLModel

from ops_console.contracts.integration import Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET
from tests.integrations.deliveries import Console
from tests.integrations.interleavings import World


class Worlds(Protocol):
    def __call__(
        self,
        parts: tuple[Manifest, Any, Any],
        vendor: Callable[[HTTPServer], Any],
        tables: Sequence[type[SQLModel]],
        token: str,
        secret: str,
    ) -> Callable[[], World]:
        """What begins a new world in the emptied database; `parts` are manifest, collector and webhook."""
        ...


@pytest.fixture
def worlds(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> Worlds:
    def begin(
        parts: tuple[Manifest, Any, Any],
        vendor: Callable[[HTTPServer], Any],
        tables: Sequence[type[SQLModel]],
        token: str,
        secret: str,
    ) -> Callable[[], World]:
        manifest, collector, webhook = parts
        places = {"token": "VENDOR_TOKEN", WEBHOOK_SECRET: "VENDOR_HOOK"}
        monkeypatch.setenv("VENDOR_TOKEN", token)
        monkeypatch.setenv("VENDOR_HOOK", secret)

        def fresh() -> World:
            httpserver.clear()
            made = vendor(httpserver)
            console = Console(sqlite, manifest, webhook, tables, made.settings(), collector=collector, places=places)
            return World(made, console, clock, webhook, secret)

        return fresh

    return begin

"""Prometheus, files of objectives and calendars, set up on the page of their integration and synced from there."""

from collections.abc import Iterator

import pytest
import stamina
from flask import Flask
from flask.testing import FlaskClient
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, func, select

from ops_console.contracts.office import Office
from ops_console.core import settings
from ops_console.core.db import reading
from ops_console.ingest import sources, sync
from ops_console.records.alerts import Shift
from ops_console.records.slos import SliSlice, Slo
from ops_console.web.console import EXTENSION
from tests.integrations.ical.wall import SECRET, Wall, calendar, shift
from tests.integrations.openslo.shelf import TOKEN as SHELF_TOKEN
from tests.integrations.openslo.shelf import Shelf
from tests.integrations.openslo.test_reader import slo
from tests.integrations.prometheus.watchtower import TOKEN, Watchtower
from tests.web.conftest import over
from tests.web.pages.conftest import page, send


@pytest.fixture
def app(whole_app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("OPS_CONSOLE_PRIVATE_ADDRESSES", "127.0.0.0/8,::1/128")
    monkeypatch.setenv("PROM_TOKEN", TOKEN)
    monkeypatch.setenv("SHELF_TOKEN", SHELF_TOKEN)
    settings.settings.cache_clear()
    with stamina.set_testing(True, attempts=2), over(whole_app, sqlite):
        yield whole_app
    settings.settings.cache_clear()


def set_up(admin: FlaskClient, key: str, **said: str) -> str:
    """What the preview says; then the source is saved."""
    new, form = f"/integrations/{key}/new", {"name": key, "since": "2026-10-01"} | said
    status, text = send(admin, new, new, then="check", **form)
    assert status == 200, text
    assert send(admin, new, new, then="save", **form) == (303, f"/sources/{key}")
    return text


def synced(app: Flask, name: str) -> str:
    console = app.extensions[EXTENSION]
    with reading(console.engine) as session:
        number = sources.named(session, name).id or 0
    return sync.sync(Office(console.engine, console.parts, console.settings), number, "test").state


def count(engine: Engine, table: type[Slo] | type[SliSlice] | type[Shift]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_prometheus_is_set_up_with_a_look_at_its_history(
    app: Flask, admin: FlaskClient, httpserver: HTTPServer, sqlite: Engine
) -> None:
    tower = Watchtower(httpserver)
    for name in ("ranker", "embed"):
        tower.serve(name, lambda _: (1, 100, 3600), model=name)
    asked = {"api_url": tower.url, "secret-token": "PROM_TOKEN", "replica_label": "prometheus_replica"}
    text = set_up(admin, "prometheus", **asked, **{"answer-objectives": "ranker-requests"})
    assert "Objectives can be read: 1 of sloth." in text and "Which objectives count?" in text
    assert "History starts on 07 August 2026." in text
    assert synced(app, "prometheus") == "done"
    assert (count(sqlite, Slo), count(sqlite, SliSlice)) == (1, 34 * 24 + 8)
    assert "825" in page(admin, "/sources/prometheus").replace(",", "")


def test_files_of_objectives_are_set_up_by_their_addresses(
    app: Flask, admin: FlaskClient, httpserver: HTTPServer, sqlite: Engine
) -> None:
    shelf = Shelf(httpserver, {"/a.yaml": slo("a"), "/b.yaml": slo("b")})
    new = "/integrations/openslo/new"
    wrong = {"name": "openslo", "since": "2026-10-01", "addresses": f"{shelf.addresses()[0]}\nnowhere"}
    status, text = send(admin, new, new, then="check", **wrong)
    assert status == 422 and "Write an address such as" in text
    said = set_up(admin, "openslo", addresses="\n".join(shelf.addresses()), **{"secret-token": "SHELF_TOKEN"})
    assert "a.yaml: 1 objective." in said
    assert synced(app, "openslo") == "done" and count(sqlite, Slo) == 2
    shelf.files["/a.yaml"] = slo("a", objectives="[{target: 99}]")
    assert synced(app, "openslo") == "rejected"
    assert "a.yaml, line 1: 99 is no share between 0 and 1" in page(admin, "/sources/openslo")


def test_calendars_are_set_up_and_a_secret_address_is_shown_to_nobody(
    app: Flask, admin: FlaskClient, httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = Wall(httpserver, {f"/{SECRET}.ics": calendar(shift("Ana", 3), shift("Ben", 4), shift("Ana", 60))})
    monkeypatch.setenv("ROTA", f"Search {wall.server.url_for(f'/{SECRET}.ics')}")
    said = set_up(admin, "ical", calendars="", **{"secret-addresses": "ROTA"})
    assert "Search: 2 shifts of 2 people." in said and "They are called Ana, Ben." in said
    assert synced(app, "ical") == "done" and count(sqlite, Shift) == 2
    wall.files.clear()
    assert synced(app, "ical") == "rejected"
    shown = page(admin, "/sources/ical") + page(admin, "/data-health")
    assert "does not find the calendar" in shown and SECRET not in shown

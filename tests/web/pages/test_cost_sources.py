"""Costs from set-up to figure: what a request costs is said before, the export's months after, and no day too many."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import stamina
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from moto.server import ThreadedMotoServer
from sqlalchemy import Engine, select

from ops_console.accounts.roles import Role
from ops_console.contracts.office import Office
from ops_console.core import settings
from ops_console.core.db import reading
from ops_console.ingest import sources, sync
from ops_console.records.costs import CostPartition
from ops_console.web.console import EXTENSION
from tests.integrations.aws_cost.cloud import BUCKET, FOLDER, KEYS, Cloud, month
from tests.web.conftest import over, sign_in
from tests.web.pages.conftest import page, send

NEW = "/integrations/aws_cost/new"


@pytest.fixture
def app(whole_app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("OPS_CONSOLE_PRIVATE_ADDRESSES", "127.0.0.0/8,::1/128")
    for name, value in KEYS.items():
        monkeypatch.setenv(f"AWS_COST_{name.upper()}", value)
    settings.settings.cache_clear()
    with stamina.set_testing(True, attempts=2), over(whole_app, sqlite):
        yield whole_app
    settings.settings.cache_clear()


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield Cloud(f"http://{host}:{port}")
    server.stop()


@pytest.fixture
def admin(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.ADMIN)


def form(cloud: Cloud, **changes: str) -> dict[str, str]:
    return {
        "name": "aws",
        "export": f"s3://{BUCKET}/{FOLDER}",
        "endpoint_url": cloud.url,
        "region": "us-east-1",
        "since": "2026-08-01",
        **{f"secret-{name}": f"AWS_COST_{name.upper()}" for name in KEYS},
    } | changes


def run(app: Flask) -> str:
    console = app.extensions[EXTENSION]
    with reading(console.engine) as session:
        number = sources.named(session, "aws").id or 0
    return sync.sync(Office(console.engine, console.parts, console.settings), number, "timetable").state


def test_the_set_up_says_what_a_request_costs(admin: FlaskClient) -> None:
    text = page(admin, NEW)
    assert "Each request costs 0.01 USD: about 1.20 USD a month" in text
    assert "at most 6 times" in page(admin, "/integrations")


def test_an_export_is_looked_at_before_it_is_saved(admin: FlaskClient, cloud: Cloud, sqlite: Engine) -> None:
    cloud.write("2026-10", [month("2026-10")])
    status, text = send(admin, NEW, NEW, then="check", **form(cloud))
    assert status == 200
    assert f"The export s3://{BUCKET}/{FOLDER} can be read; 2026-10 is whole, in 1 file" in text
    assert "1 billing period, 2026-10 to 2026-10." in text
    assert KEYS["secret_access_key"] not in text
    status, text = send(admin, NEW, NEW, then="save", **form(cloud, explorer="yes"))
    assert status == 422 and "each charge would count twice" in text
    with reading(sqlite) as session:
        assert sources.every(session) == []


def test_costs_that_arrived_stand_on_every_page_that_tells_of_them(
    app: Flask, admin: FlaskClient, cloud: Cloud
) -> None:
    cloud.write("2026-10", [month("2026-10", 120, Tags='{"model": "ranker"}')], [month("2026-10", "-20", Tags="")])
    assert send(admin, NEW, NEW, then="save", **form(cloud)) == (303, "/sources/aws")
    assert run(app) == "done"
    source, told = page(admin, "/sources/aws"), page(admin, "/imports")
    assert "Working" in source and "The 2 facts it brought stay." in source
    assert "sync of aws: 2026-10" in told
    assert "2 Oct 2026 to 2 Oct 2026" in page(admin, "/data-health"), "costs reach no further than the newest charge"
    cloud.write("2026-10", [month("2026-10", 500)])
    with time_machine.travel("2026-11-04T16:00:00+00:00"):
        assert run(app) == "done"
    assert spent(app) == [("2026-10", Decimal(500), Decimal(100))]


def spent(app: Flask) -> list[tuple[str, Decimal, Decimal | None]]:
    """Each billing period, what it costs, and what it cost before."""
    with reading(app.extensions[EXTENSION].engine) as session:
        rows = session.scalars(select(CostPartition))
        return [(row.billing_period, row.billed, row.previous_billed) for row in rows]

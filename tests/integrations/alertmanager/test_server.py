"""A real Alertmanager, told to send to a console on loopback: what it sends is read as it was meant."""

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from integrations.alertmanager import MANIFEST, webhook
from ops_console import factory
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources
from ops_console.records.alerts import Alert
from ops_console.web.console import EXTENSION
from tests.conftest import skip_or_fail
from tests.integrations.alertmanager.group import BEGAN, SECRET
from tests.servers.loopback import free_port, serving, wait

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
PARTS = Parts({"alertmanager": MANIFEST}, webhooks={"alertmanager": webhook})
CONFIGURATION = """
route: {{receiver: console, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: console
    webhook_configs:
      - url: {address}/hooks/alertmanager/am
        http_config: {{authorization: {{credentials: {secret}}}}}
"""

pytestmark = pytest.mark.servers


@pytest.fixture
def app(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("ALERTMANAGER_TOKEN", SECRET)
    with transaction(sqlite) as session:
        sources.add(session, MANIFEST, "am", {}, {WEBHOOK_SECRET: "ALERTMANAGER_TOKEN"}, BEGAN, "ana")
    made = factory.create_app(PARTS, database_url=str(sqlite.url))
    yield made
    made.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def console(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def alertmanager(console: str, tmp_path: Path) -> Iterator[str]:
    if BINARY is None:
        skip_or_fail("servers", "no Alertmanager: install the Debian package prometheus-alertmanager")
    configuration, port = tmp_path / "alertmanager.yml", free_port()
    configuration.write_text(CONFIGURATION.format(address=console, secret=SECRET))
    listen = (f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=")
    where = (f"--config.file={configuration}", f"--storage.path={tmp_path / 'data'}")
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([BINARY, *where, *listen], stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            wait(lambda: _is_ready(address))
            yield address
        finally:
            process.terminate()
            process.wait()


def test_what_a_real_alertmanager_sends_is_read_as_it_was_meant(alertmanager: str, sqlite: Engine) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    slow = {"alertname": "RankerSlow", "severity": "critical", "model": "ranker"}
    watchdog = {"alertname": "Watchdog", "severity": "none"}
    for labels in (slow, watchdog):
        _fire(alertmanager, labels, began)
    wait(lambda: len(_read(sqlite)) == 1)
    (fired,) = _read(sqlite)
    assert (fired.name, fired.class_, fired.ended_at) == ("RankerSlow", "page", None)
    assert abs(fired.started_at - began) < timedelta(milliseconds=1)
    _fire(alertmanager, slow, began, began + timedelta(minutes=4))
    wait(lambda: _read(sqlite)[0].ended_at is not None)
    (ended,) = _read(sqlite)
    assert ended.external_id == fired.external_id
    assert ended.ended_at is not None and ended.ended_at > ended.started_at


def _fire(address: str, labels: dict[str, str], began: datetime, ended: datetime | None = None) -> None:
    said: dict[str, Any] = {"labels": labels, "startsAt": began.isoformat()}
    if ended is not None:
        said["endsAt"] = ended.isoformat()
    sent = urllib.request.Request(
        f"{address}/api/v2/alerts", json.dumps([said]).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(sent) as answer:
        assert answer.status == 200


def _read(engine: Engine) -> list[Alert]:
    """The alerts after what was delivered so far is read."""
    inbox.process(Office(engine, PARTS, Settings()))
    with reading(engine) as session:
        return list(session.scalars(select(Alert)))


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/-/ready") as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False

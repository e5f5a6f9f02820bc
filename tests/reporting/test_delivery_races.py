"""Real processes on a real database: two at once send nothing twice, and a killed one loses nothing silently."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import time_machine
from sqlalchemy import Engine

from ops_console.contracts.integration import Receipt
from ops_console.core.clock import now
from ops_console.reporting.delivery import deliver_due, reconcile
from tests.reporting.posting import Pigeons, deliveries, pack, planned, post

ROOT = Path(__file__).parents[2]


def process(engine: Engine, run_id: int, log: Path, seconds: float = 0) -> subprocess.Popen[bytes]:
    address = engine.url.render_as_string(hide_password=False)
    call = [sys.executable, "-m", "tests.reporting.racing", address, str(run_id), str(log), str(seconds)]
    return subprocess.Popen(call, cwd=ROOT)


def wait_for(log: Path, lines: int) -> None:
    for _ in range(600):
        if log.exists() and log.read_text().count("\n") >= lines:
            return
        time.sleep(0.05)
    raise AssertionError(f"{log} never had {lines} lines")


def test_two_processes_at_once_send_every_report_once(database: Engine, tmp_path: Path) -> None:
    pigeons = Pigeons(readers=[f"{n}@example.com" for n in range(30)])
    run_id, log = planned(database, pigeons), tmp_path / "log"
    both = [process(database, run_id, log, 0.01) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert sorted(line.split()[0] for line in log.read_text().splitlines()) == sorted(pigeons.readers)
    assert {row.state for row in deliveries(database, run_id)} == {"delivered"}


def test_a_process_killed_while_sending_leaves_one_unknown_row_and_the_rest_to_others(
    database: Engine, tmp_path: Path
) -> None:
    pigeons = Pigeons(readers=[f"{n}@example.com" for n in range(3)])
    run_id, log = planned(database, pigeons), tmp_path / "log"
    killed = process(database, run_id, log, 60)
    wait_for(log, 1)
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.addressees == ["1@example.com", "2@example.com"]
    assert [row.state for row in deliveries(database, run_id)] == ["sending", "delivered", "delivered"]


def test_after_a_kill_the_vendor_is_asked_and_nothing_is_sent_twice(database: Engine, tmp_path: Path) -> None:
    log = tmp_path / "log"
    pigeons = Pigeons(
        readers=["0@example.com"], history=lambda name: Receipt(name) if name in log.read_text() else None
    )
    run_id = planned(database, pigeons)
    killed = process(database, run_id, log, 60)
    wait_for(log, 1)
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        reconcile(database, post(pigeons=pigeons))
        deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.sent == []
    assert [row.state for row in deliveries(database, run_id)] == ["delivered"]

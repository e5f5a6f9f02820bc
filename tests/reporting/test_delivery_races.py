"""Real processes on a real database: two at once send nothing twice, and a killed one loses nothing silently."""

import time
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import time_machine
from sqlalchemy import Engine

from ops_console.contracts.integration import Receipt
from ops_console.core.clock import now
from ops_console.reporting.delivery import deliver_due, reconcile
from tests.forked import begun, ended, killed
from tests.reporting.posting import Pigeons, deliveries, pack, planned, post
from tests.reporting.racing import send_all


def process(engine: Engine, run_id: int, log: Path, seconds: float) -> BaseProcess:
    return begun(send_all, engine.url.render_as_string(hide_password=False), run_id, log, seconds)


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
    assert [ended(one) for one in both] == [0, 0]
    assert sorted(line.split()[0] for line in log.read_text().splitlines()) == sorted(pigeons.readers)
    assert {row.state for row in deliveries(database, run_id)} == {"delivered"}


def test_a_process_killed_while_sending_leaves_one_unknown_row_and_the_rest_to_others(
    database: Engine, tmp_path: Path
) -> None:
    pigeons = Pigeons(readers=[f"{n}@example.com" for n in range(3)])
    run_id, log = planned(database, pigeons), tmp_path / "log"
    sending = process(database, run_id, log, 60)
    wait_for(log, 1)
    killed(sending)
    deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.addressees == ["1@example.com", "2@example.com"]
    assert [row.state for row in deliveries(database, run_id)] == ["sending", "delivered", "delivered"]


def test_after_a_kill_the_vendor_is_asked_and_nothing_is_sent_twice(database: Engine, tmp_path: Path) -> None:
    log = tmp_path / "log"
    pigeons = Pigeons(
        readers=["0@example.com"], history=lambda name: Receipt(name) if name in log.read_text() else None
    )
    run_id = planned(database, pigeons)
    sending = process(database, run_id, log, 60)
    wait_for(log, 1)
    killed(sending)
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        reconcile(database, post(pigeons=pigeons))
        deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.sent == []
    assert [row.state for row in deliveries(database, run_id)] == ["delivered"]

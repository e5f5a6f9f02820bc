"""What processes do until they are killed."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ops_console.contracts.sources import Charges
from ops_console.core.db import engine_for
from ops_console.ingest import batches, door, sources, store, sync
from ops_console.ingest.delivery import Delivery
from tests.ingest.test_costs import charge
from tests.ingest.till import Till, synced
from tests.ingest.vendor import Shop, deployment, office

IMPORTED = 2_000
"""Rows after which an import kills itself."""


def sync_a_shop(address: str) -> None:
    sync.BATCH = 1
    sync.sync(office(engine_for(address), Shop([deployment(number) for number in range(60)], size=3)), 1, "killed")


def hold_a_shop(address: str) -> None:
    with sources.claimed(engine_for(address), 1):
        time.sleep(60)


def october(count: int) -> list[Mapping[str, Any]]:
    return [charge(ServiceName=f"s{number % 7}", BilledCost=1) for number in range(count)]


def read_a_bill(address: str) -> None:
    synced(engine_for(address), Till([Charges(f"part {number}", october(200)) for number in range(8)]))


def import_deployments(address: str, path: Path) -> None:
    _import(address, path)


def import_and_die_between_batches(address: str, path: Path) -> None:
    _import(address, path, dies=True)


def import_and_die_in_a_batch(address: str, path: Path) -> None:
    whole, seen = store.conclude, []

    def conclude(*told: Any) -> None:
        whole(*told)
        seen.append(1)
        if len(seen) == IMPORTED // 500:
            _die()

    store.conclude = conclude
    _import(address, path)


def _import(address: str, path: Path, *, dies: bool = False) -> None:
    def told(_done: int, _total: int | None, rows: int) -> None:
        if dies and rows >= IMPORTED:
            _die()

    batches.BATCH = 500
    door.import_file(engine_for(address), path, Delivery("deployments", source="cd"), progress=told)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

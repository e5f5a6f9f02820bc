"""What a process does that delivers: every message becomes a line of a log, and seconds of sleep follow each, so that a
test can kill it there.
"""

import time
from pathlib import Path

from ops_console.contracts.integration import Receipt
from ops_console.core.db import engine_for
from ops_console.reporting.delivery import deliver
from tests.reporting.posting import Pigeons, pack, post


class Logged(Pigeons):
    def __init__(self, log: Path, seconds: float) -> None:
        super().__init__()
        self.log, self.seconds = log, seconds

    def send(self, document: object, to: str, settings: object, *, delivery_id: str, **rest: object) -> Receipt:
        with self.log.open("a") as file:
            file.write(f"{to} {delivery_id}\n")
        time.sleep(self.seconds)
        return Receipt(to)


def send_all(address: str, run_id: int, log: Path, seconds: float) -> None:
    deliver(engine_for(address), run_id, post(pigeons=Logged(log, seconds)), pack)

"""A process that delivers: `python -m tests.reporting.racing DATABASE RUN LOG [SECONDS]`.

Every message becomes a line of the log; SECONDS of sleep follow each, so that a test can kill the process there.
"""

import sys
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


if __name__ == "__main__":
    address, run_id, log, *seconds = sys.argv[1:]
    deliver(engine_for(address), int(run_id), post(pigeons=Logged(Path(log), float((seconds or ["0"])[0]))), pack)

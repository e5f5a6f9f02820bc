"""The server starts on an empty machine, answers, and stops when asked."""

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from ops_console.cli import serve

pytestmark = pytest.mark.xdist_group("served")
START = "from app import main; main()"
PATIENCE = 60


class Served:
    """A running `ops-console serve` and the address it announced."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.said = process, []
        self.ready = threading.Event()
        self.address = ""
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        assert self.ready.wait(PATIENCE), "".join(self.said)

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := re.search(r"address=\S*?(http://127\.0\.0\.1:\d+)", line):
                self.address = found[1]
                self.ready.set()
        self.ready.set()

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    environment = os.environ | {"OPS_CONSOLE_DATABASE_URL": f"sqlite:///{folder / 'x.db'}"}
    process = subprocess.Popen(
        [sys.executable, "-c", START, "serve", "--port", "0", "--web-only"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Served(process)
    finally:
        process.kill()
        process.wait()


def test_it_migrates_and_answers(served: Served) -> None:
    assert (served.get("/healthz"), served.get("/readyz"), served.get("/sign-in")) == (200, 200, 200)
    assert served.get("/api/v1/nothing") == 404


def test_it_stops_gracefully_with_its_requests_logged_by_route_and_never_by_address(served: Served) -> None:
    served.get("/sign-in/link/not-a-real-key")
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 0
    served.listener.join(PATIENCE)
    log = "".join(served.said)
    assert "/sign-in/link/<key>" in log and "not-a-real-key" not in log


@pytest.mark.parametrize(("host", "bound"), [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80")])
def test_both_kinds_of_addresses_can_be_listened_on(host: str, bound: str) -> None:
    assert serve.options(host, 80, 1)["bind"] == [bound]

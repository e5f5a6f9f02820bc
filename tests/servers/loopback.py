"""Servers on loopback: a console of this process, and ports and patience for those of others."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

NAP = 0.02
"""Seconds between two looks whether it shall stop: the server's own half a second would end every test."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Where the console answers, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(NAP,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


def wait(happened: Callable[[], bool], limit: float = 60.0) -> None:
    """Until it happened, for so many seconds at the most."""
    deadline = time.monotonic() + limit
    while not happened():
        assert time.monotonic() < deadline, "nothing came of it"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

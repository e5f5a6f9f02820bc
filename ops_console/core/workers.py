"""Processes that work for this one, and end when it does."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any


def workers(processes: int, begin: Callable[..., None] | None = None, *told: Any) -> ProcessPoolExecutor:
    """Processes that start with the first task; each calls `begin` once, with what it is told."""
    # Not by fork: other threads of a server may hold locks that nobody would ever release in the copy.
    return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(begin, *told))


def _begin(begin: Callable[..., None] | None, *told: Any) -> None:
    """A server that is killed tells nobody, and its processes would wait for work for ever."""
    Thread(target=_end_with_the_server, daemon=True).start()
    if begin is not None:
        begin(*told)


def _end_with_the_server() -> None:
    if (server := parent_process()) is not None:
        server.join()
        os._exit(0)

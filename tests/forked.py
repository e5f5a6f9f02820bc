"""Processes of their own, forked from one that has loaded what they do: tests that kill them wait for no imports."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.ingest.killed", "tests.reporting.racing"])
LIMIT = 100.0


def begun(doing: Callable[..., None], *told: object) -> BaseProcess:
    """A process at the moment in which it begins."""
    ours, its = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_begin, args=(its, doing, *told))
    process.start()
    assert ours.poll(LIMIT) and ours.recv() == "ready"
    return process


def _begin(to: Connection, doing: Callable[..., None], *told: object) -> None:
    to.send("ready")
    doing(*told)


def ended(process: BaseProcess) -> int | None:
    """How it ended: 0, or the signal it was killed by with a minus before."""
    process.join(LIMIT)
    return process.exitcode


def killed(process: BaseProcess) -> None:
    process.kill()
    process.join(LIMIT)

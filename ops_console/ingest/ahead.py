"""A long file in two processes: while this one stores a batch, the other reads on and makes the next ones."""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice

import structlog

from ops_console.core.workers import workers
from ops_console.ingest.batches import Batch, BatchMaker
from ops_console.ingest.opened import Part
from ops_console.ingest.script import HERE, Script, follow, next_batch

AHEAD = 2
"""Batches that are made before they are wanted."""

log = structlog.get_logger()


def made(parts: Iterator[Part], make: BatchMaker, script: Script | None) -> Generator[Batch]:
    """What the parts of a delivery become; the last batch is empty, and has reached the end. By the script another
    process makes those of a long file.
    """
    if script is None:
        yield from map(make, parts)
        return
    head = [*islice(parts, HERE + 1)]
    if not head[-1].rows:
        yield from map(make, head)
        return
    with workers(1, follow, script) as pool:
        asked = deque(_ask(pool) for _ in range(AHEAD))
        yield from map(make, head[:HERE])
        came = 0
        while batch := _made(asked.popleft()):
            asked.append(_ask(pool))
            yield batch
            if not batch.read:
                return
            came += 1
        log.warning("the process that reads ahead is gone; this one goes on alone")
        yield from map(make, islice(chain(head[HERE:], parts), came, None))


def _ask(pool: ProcessPoolExecutor) -> Future[Batch] | None:
    try:
        return pool.submit(next_batch)
    except BrokenProcessPool:
        return None


def _made(asked: Future[Batch] | None) -> Batch | None:
    try:
        return asked.result() if asked else None
    except (BrokenProcessPool, OSError):
        return None

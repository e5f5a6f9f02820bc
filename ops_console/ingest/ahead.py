"""A long file in two processes: while this one stores a batch, the other makes the next ones."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from itertools import chain, islice

import structlog

from ops_console.core.garbage import collect_rarely
from ops_console.core.workers import workers
from ops_console.ingest.batches import Batch, BatchMaker, Recipe, Rows

HERE = 2
"""So many batches are made here, long enough for the other process to start; what is longer is long."""
AHEAD = 2
"""Batches that are made before they are wanted."""

log = structlog.get_logger()


def made_here(parts: Iterable[Rows], make: BatchMaker, _: Recipe) -> Generator[tuple[Rows, Batch]]:
    """Each part of a file with the batch it becomes."""
    yield from ((part, make(part)) for part in parts)


def made_ahead(parts: Iterator[Rows], make: BatchMaker, recipe: Recipe) -> Generator[tuple[Rows, Batch]]:
    """The same, in order, of a long file made by another process."""
    head = [*islice(parts, HERE)]
    following = next(parts, None)
    if following is None:
        yield from made_here(head, make, recipe)
        return
    with workers(1, _keep, recipe) as pool:
        asked = _asked(chain([following], parts), pool)
        waiting = deque(islice(asked, AHEAD))
        yield from made_here(head, make, recipe)
        while waiting:
            part, batch = waiting.popleft()
            yield part, _made(part, batch, make)
            waiting.extend(islice(asked, 1))


def _asked(parts: Iterator[Rows], pool: ProcessPoolExecutor) -> Iterator[tuple[Rows, Future[Batch] | None]]:
    for part in parts:
        try:
            yield part, pool.submit(_make, part)
        except BrokenProcessPool:
            yield part, None


def _made(part: Rows, asked: Future[Batch] | None, make: BatchMaker) -> Batch:
    try:
        return asked.result() if asked else make(part)
    except BrokenProcessPool:
        log.warning("the process that reads ahead died; this one goes on alone")
        return make(part)


_recipe: list[Recipe] = []
"""In the other process: what its batches are made by."""


def _keep(recipe: Recipe) -> None:
    _recipe[:] = [recipe]
    collect_rarely()


@lru_cache(maxsize=1)
def _maker() -> BatchMaker:
    maker = BatchMaker(_recipe[0])
    maker.unknown()  # of the header the first process has told already
    return maker


def _make(part: Rows) -> Batch:
    return _maker()(part)

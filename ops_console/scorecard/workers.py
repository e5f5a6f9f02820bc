"""Several KPIs at a time, each in a process and on a connection of its own, so that pages do not wait for them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache

import structlog
from sqlalchemy import Engine

from ops_console.core import garbage
from ops_console.core.db import engine_for, reading
from ops_console.core.workers import workers
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.making import Made, Task, make
from ops_console.scorecard.reach import Calendar

log = structlog.get_logger()
Asked = dict[Future[Made], Task]


def made(tasks: Sequence[Task], engine: Engine, calendar: Calendar, processes: int) -> Iterator[tuple[Task, Made]]:
    """Each as soon as it is made; the processes begin before anybody waits for them. They see what is committed. Where
    one died, perhaps long ago and idle, new ones go on with what is left; if that dies too, so does the call.
    """
    address = engine.url.render_as_string(hide_password=False)

    def ask(left: Sequence[Task]) -> Asked:
        pool = _pool(processes)
        return {pool.submit(_made, address, task, calendar): task for task in left}

    try:
        begun = ask(tasks)
    except BrokenProcessPool:
        begun = {}  # whoever waits asks again
    return _gathered(tasks, begun, ask)


def _gathered(
    tasks: Sequence[Task], begun: Asked, ask: Callable[[Sequence[Task]], Asked]
) -> Iterator[tuple[Task, Made]]:
    left, asked = {task.key: task for task in tasks}, begun
    for is_last in (False, True):
        try:
            asked = asked or ask([*left.values()])
            for done in as_completed(asked):
                found = done.result()
                yield left.pop(asked[done].key), found
            return
        except BrokenProcessPool:
            _pool.cache_clear()
            if is_last:
                raise
            asked = {}
            log.warning("a process that computes figures died; others go on", left=len(left))


@lru_cache(maxsize=1)
def _pool(processes: int) -> ProcessPoolExecutor:
    return workers(processes, garbage.keep)


def _made(address: str, task: Task, calendar: Calendar) -> Made:
    with reading(_engine(address)) as session:
        return make(session, task, calendar, setting_of(session))


@lru_cache(maxsize=1)
def _engine(address: str) -> Engine:
    return engine_for(address)

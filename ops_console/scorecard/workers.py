"""Several KPIs at a time, each in a process and on a connection of its own, so that pages do not wait for them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from itertools import count
from time import perf_counter
from typing import NamedTuple

import structlog
from sqlalchemy import Engine

from ops_console.core import garbage
from ops_console.core.db import engine_for, reading
from ops_console.core.workers import workers
from ops_console.measures.figures import Setting
from ops_console.records.people import everyone
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.extent import bounded
from ops_console.scorecard.making import Made, Task, make
from ops_console.scorecard.reach import Calendar

log = structlog.get_logger()
Asked = dict[Future[tuple[Made, float]], Task]
_numbers = count()
Work = tuple[str, bool]
"""A KPI, and whether all of its time is computed or a part."""
_took: dict[Work, float] = {}
"""How long each work took last: the longest begin first, so that no process is left waiting for another's."""


class Run(NamedTuple):
    """What the tasks of one refresh share: the database, the clock, and a number that no other refresh has."""

    address: str
    calendar: Calendar
    number: int


def made(tasks: Sequence[Task], engine: Engine, calendar: Calendar, processes: int) -> Iterator[tuple[Task, Made]]:
    """Each as soon as it is made; the processes begin before anybody waits for them. They see what is committed. Where
    one died, perhaps long ago and idle, new ones go on with what is left; if that dies too, so does the call.
    """
    run = Run(engine.url.render_as_string(hide_password=False), calendar, next(_numbers))

    def ask(left: Sequence[Task]) -> Asked:
        pool = _pool(processes)
        return {pool.submit(_made, run, task): task for task in sorted(left, key=_longest_first)}

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
                found, _took[_work(asked[done])] = done.result()
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


def _longest_first(task: Task) -> float:
    key, is_whole = _work(task)
    return -_took.get((key, is_whole), _took.get((key, not is_whole), 0))


def _work(task: Task) -> Work:
    return task.key, bool(any(task.stretches.values()) and bounded(task.stretches) is None)


def _made(run: Run, task: Task) -> tuple[Made, float]:
    began = perf_counter()
    with reading(_engine(run.address)) as session:
        found = make(session, task, run.calendar, _setting(run))
    return found, perf_counter() - began


@lru_cache(maxsize=1)
def _setting(run: Run) -> Setting:
    """Once for all tasks of a run."""
    with reading(_engine(run.address)) as session:
        return setting_of(session, session.execute(everyone()).all())


@lru_cache(maxsize=1)
def _engine(address: str) -> Engine:
    return engine_for(address)

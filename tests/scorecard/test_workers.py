"""Figures made in other processes are the figures made here."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select

from ops_console.core.db import reading, transaction
from ops_console.core.periods import Grain
from ops_console.ingest.outdated import mark
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Span
from ops_console.records.scorecard import MovingPoint, ScorecardPoint
from ops_console.scorecard import workers
from ops_console.scorecard.compute import PERIOD
from ops_console.scorecard.known import Window
from ops_console.scorecard.making import Task
from ops_console.scorecard.reach import DAY, EVERYTHING
from ops_console.scorecard.refresh import rebuild, refresh
from tests.conftest import Filled
from tests.dying import kill_oneself
from tests.kpis.records import NOW, Books, at
from tests.scorecard.changing import points

pytestmark = pytest.mark.xdist_group("workers")
SERVER = """
import sys, time
from datetime import UTC, datetime
from ops_console.core.db import engine_for
from ops_console.scorecard import workers
from ops_console.scorecard.refresh import rebuild
if __name__ == "__main__":
    rebuild(engine_for(sys.argv[1]), datetime.now(UTC), processes=2)
    print(*workers._pool(2)._processes, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module", autouse=True)
def _own_pool() -> Iterator[None]:
    """The processes of one test work for the next: to start them takes longer than what they do."""
    workers._pool.cache_clear()
    yield
    workers._pool(2).shutdown()
    workers._pool.cache_clear()


@pytest.fixture
def alone(sqlite_filled: Filled, sqlite_template: bytes, request: pytest.FixtureRequest) -> Engine:
    """An empty database that the processes have not opened for another test."""
    return sqlite_filled(sqlite_template, request.function.__name__)


def books(engine: Engine) -> None:
    with transaction(engine) as session:
        written = Books(session)
        model = written.model()
        for day in ("08-03", "09-14", "10-14"):
            written.failure(model, at(day)) if day == "09-14" else written.release(model, at(day))


def figures(engine: Engine) -> object:
    with reading(engine) as session:
        moving = session.scalars(select(MovingPoint)).all()
        return points(session), sorted((m.kpi, m.aspect, m.scope_key, str(m.starts_at), str(m.value)) for m in moving)


def lose_points(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(delete(ScorecardPoint))


def test_a_rebuild_by_several_processes_ends_where_one_ends(database: Engine) -> None:
    books(database)
    alone = rebuild(database, NOW)
    expected = figures(database)
    lose_points(database)

    assert rebuild(database, NOW, processes=2) == alone > 0
    assert figures(database) == expected


def test_a_refresh_by_several_processes_ends_where_a_rebuild_ends(alone: Engine) -> None:
    books(alone)
    refresh(alone, NOW, 2)
    refreshed = figures(alone)
    rebuild(alone, NOW)

    assert refreshed == figures(alone)


def test_a_late_fact_is_seen_by_processes_that_see_what_was_kept(alone: Engine) -> None:
    """What is not committed yet, as that something kept is gone, they do not see."""
    books(alone)
    rebuild(alone, NOW, processes=2)
    with transaction(alone) as session:
        written = Books(session)
        written.release(written.model("late"), at("10-06"))
        mark(session, "deployments", [(at("10-06"), at("10-06"))])
    refresh(alone, NOW, 2)
    refreshed = figures(alone)
    rebuild(alone, NOW)

    assert refreshed == figures(alone)


def test_each_run_sees_the_catalog_of_its_time(alone: Engine) -> None:
    books(alone)
    rebuild(alone, NOW, processes=2)
    with transaction(alone) as session:
        written = Books(session)
        written.release(written.model("late", team="Search"), at("10-20"))
    rebuild(alone, NOW, processes=2)
    found = figures(alone)
    rebuild(alone, NOW)

    assert found == figures(alone)


def test_what_took_longest_begins_first(alone: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuild(alone, NOW, processes=2)
    assert {key for key, is_whole in workers._took if is_whole} == CATALOGUE.keys()
    monkeypatch.setattr(workers, "_took", {("mttr", False): 2.0, ("lead_time", False): 3.0, ("mttr", True): 9.0})
    day, ever = ({(Grain.WEEK, PERIOD): [span]} for span in (Span(NOW - DAY, NOW), EVERYTHING))

    def begin(stretches: Mapping[Window, list[Span]]) -> list[str]:
        tasks = [Task(key, stretches, (), ()) for key in ("toil", "mttr", "lead_time")]
        return [task.key for task in sorted(tasks, key=workers._longest_first)]

    assert begin(day) == begin({}) == ["lead_time", "mttr", "toil"]
    assert begin(ever) == ["mttr", "lead_time", "toil"]


def test_where_processes_died_others_go_on(alone: Engine) -> None:
    books(alone)
    rebuild(alone, NOW, processes=2)
    expected = figures(alone)
    for worker in list(workers._pool(2)._processes):
        os.kill(worker, signal.SIGKILL)
    lose_points(alone)

    assert rebuild(alone, NOW, processes=2)
    assert figures(alone) == expected


def test_processes_that_die_again_and_again_take_the_refresh_with_them_and_not_the_next(
    alone: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    books(alone)
    rebuild(alone, NOW, processes=2)
    expected = figures(alone)
    with monkeypatch.context() as broken, pytest.raises(BrokenProcessPool):
        broken.setattr(workers, "_made", kill_oneself)
        rebuild(alone, NOW, processes=2)
    assert figures(alone) == expected
    lose_points(alone)
    assert rebuild(alone, NOW, processes=2)
    assert figures(alone) == expected


def test_no_process_outlives_a_server_that_was_killed(sqlite: Engine, tmp_path: Path) -> None:
    books(sqlite)
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    address = sqlite.url.render_as_string(hide_password=False)
    path = os.pathsep.join(filter(None, (str(Path.cwd()), os.environ.get("PYTHONPATH"))))
    server = subprocess.Popen(
        [sys.executable, script, address], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    )
    assert server.stdout is not None
    pids = [int(pid) for pid in server.stdout.readline().split()]
    server.kill()
    server.wait()
    server.stdout.close()

    assert pids
    for _ in range(200):
        if not any(alive(pid) for pid in pids):
            return
        time.sleep(0.05)
    pytest.fail("processes still wait for work")


def alive(pid: int) -> bool:
    """Not counting one that has ended and waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False

"""A process that ended is known to have ended, and nothing else is."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops_console.core import processes
from tests.forked import begun, killed

SLEEPING = "import time; print('up', flush=True); time.sleep(60)"


def pause() -> None:
    time.sleep(60)


@pytest.fixture(params=["linux", "elsewhere"])
def system(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where /proc tells about processes, and where there is none."""
    if request.param == "elsewhere":
        monkeypatch.setattr(processes, "PROC", tmp_path)


def name_of(number: int | None) -> str:
    own, _, place = processes.this_process().split(maxsplit=2)
    assert own == str(os.getpid())
    return f"{number} {processes._began(number or 0)} {place}"


@pytest.mark.usefixtures("system")
def test_this_process_is_here_and_alive() -> None:
    mine = processes.this_process()
    assert processes.is_here(mine) and not processes.is_gone(mine)
    assert processes.told(mine).startswith(f"process {os.getpid()} on ")
    assert len(mine) <= 300


@pytest.mark.usefixtures("system")
def test_a_killed_process_is_gone() -> None:
    child = begun(pause)
    name = name_of(child.pid)
    assert not processes.is_gone(name)
    killed(child)
    assert processes.is_gone(name)


def test_one_that_nobody_has_buried_yet_is_gone_too() -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEPING], stdout=subprocess.PIPE) as child:
        assert child.stdout and child.stdout.readline() == b"up\n"
        name = name_of(child.pid)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert processes.is_gone(name)


def test_another_that_was_given_the_same_number_is_not_taken_for_it() -> None:
    number, began, place = processes.this_process().split(maxsplit=2)
    assert processes.is_gone(f"{number} {int(began) - 1} {place}")


@pytest.mark.parametrize("place", ["another-boot pid:[1] far-away", "far-away"])
def test_of_a_process_on_another_machine_nobody_knows(place: str) -> None:
    name = f"999999 4711 {place}"
    assert not processes.is_here(name) and not processes.is_gone(name)
    assert processes.told(name) == "process 999999 on far-away"

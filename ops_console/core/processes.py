"""A process, named so that another on the same machine can tell whether it is still there.

A number alone does not do: numbers are given again, and each container counts its own. On Linux the name holds the
boot, the namespace of the number and when the process began; elsewhere the host and the number.
"""

import os
import socket
from pathlib import Path

PROC = Path("/proc")
STATE, BEGAN = 0, 19
"""Where they stand behind the name of the program: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"""
ENDED = ("Z", "X")
UNKNOWN = "-"


def this_process() -> str:
    """The name of this one: its number, when it began, where such numbers mean something, and its host."""
    number = os.getpid()
    return f"{number} {_began(number)} {_place()}"


def is_gone(name: str) -> bool:
    """Whether a process has surely ended; of one on another machine nobody can know."""
    number, began, _ = name.split(maxsplit=2)
    if not is_here(name):
        return False
    if began == UNKNOWN:
        return not _answers(int(number))
    return _began(int(number)) != began


def is_here(name: str) -> bool:
    """Whether a process is, or was, on this machine."""
    return name.split(maxsplit=2)[2] == _place()


def told(name: str) -> str:
    """A process in words."""
    number, _, place = name.split(maxsplit=2)
    return f"process {number} on {place.split()[-1]}"


def _place() -> str:
    host = socket.gethostname().replace(" ", "-")[:100] or UNKNOWN
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{boot} {(PROC / 'self/ns/pid').readlink()} {host}"
    except OSError:
        return host


def _began(number: int) -> str:
    """When a process began, in ticks since the machine did; unknown where it is gone, or the system does not say."""
    try:
        said = (PROC / str(number) / "stat").read_text("utf-8", "replace")
    except OSError:
        return UNKNOWN
    facts = said.rpartition(")")[2].split()
    return UNKNOWN if facts[STATE] in ENDED else facts[BEGAN]


def _answers(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

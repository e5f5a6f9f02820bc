"""Measures a process of its own: its peak memory says nothing of ours."""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MB = 1024 * 1024


def peak_of(script: str, *arguments: str) -> tuple[float, str]:
    """Peak resident MB of a Python script, and what it printed last."""
    # ru_maxrss would also count what this process held when it started the other (getrusage(2)).
    ended = "\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    done = subprocess.run(
        [sys.executable, "-c", script + ended, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    *printed, peak = done.stdout.strip().splitlines()
    return int(peak) / 1024, printed[-1] if printed else ""


def resident_now() -> float:
    """Resident MB of this process."""
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB


def peak_now() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

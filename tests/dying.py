"""What a process does that dies at its work. It stands alone, so that such a process begins quickly."""

import os
import signal


def kill_oneself(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)

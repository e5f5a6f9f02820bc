"""Work that outlives the request that asked for it. It writes its progress to the database, so any page can show it."""

from collections.abc import Callable
from threading import Thread

import structlog

from ops_console.core.errors import OpsConsoleError

log = structlog.get_logger()


def start(name: str, work: Callable[[], object], *, patience: float = 0.0) -> Thread:
    """Begin; wait `patience` seconds, so that short work is done before the next page is shown."""
    thread = Thread(target=_logged, args=(name, work), name=name, daemon=True)
    thread.start()
    thread.join(patience)
    return thread


def _logged(name: str, work: Callable[[], object]) -> None:
    """What is wrong with the input is told by the import itself; anything else ends the thread with its traceback."""
    try:
        work()
    except OpsConsoleError as error:
        log.warning("background work ended early", work=name, reason=str(error))

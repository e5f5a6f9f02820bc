"""Things that happen at the same moment."""

import threading
from collections.abc import Callable


def at_once(*doings: Callable[[], object]) -> None:
    """Do them all in threads of their own; what one of them raises is raised."""
    troubles: list[BaseException] = []

    def guarded(doing: Callable[[], object]) -> None:
        try:
            doing()
        except BaseException as error:  # noqa: BLE001  (a thread's trouble is told by whoever waits for it)
            troubles.append(error)

    threads = [threading.Thread(target=guarded, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if troubles:
        raise troubles[0]

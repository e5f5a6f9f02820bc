"""At most one message a second per channel: https://docs.slack.dev/apis/web-api/rate-limits"""

import threading
import time

SECONDS = 1.0

_next: dict[str, float] = {}
_lock = threading.Lock()


def wait_for_turn(channel: str) -> None:
    """Return when the channel may receive its next message."""
    with _lock:
        now = time.monotonic()
        turn = max(now, _next.get(channel, now))
        _next[channel] = turn + SECONDS
    if turn > now:
        time.sleep(turn - now)

"""Two that refresh at once: the second begins with what the first has left."""

import threading
import time
from datetime import timedelta

from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.kpis import CATALOGUE
from ops_console.scorecard.known import computed, remember
from ops_console.scorecard.reach import Calendar
from ops_console.scorecard.refresh import rebuild
from tests.kpis.records import NOW
from tests.racing import at_once
from tests.scorecard.measuring import UTC_ZONE

LATER = NOW + timedelta(days=7)


def test_who_waits_sees_what_was_computed_meanwhile(database: Engine) -> None:
    """Seeing nothing, it would take every KPI for a new one and compute the whole past."""
    rebuild(database, NOW)
    asked, seen = threading.Event(), {}

    def first() -> None:
        with transaction(database) as session:
            computed(session)
            asked.set()
            time.sleep(0.3)  # so that the second one waits
            remember(session, {}, Calendar(LATER, UTC_ZONE))

    def second() -> None:
        asked.wait(timeout=30)
        with transaction(database) as session:
            seen.update(computed(session))

    at_once(first, second)

    assert seen == dict.fromkeys(CATALOGUE, LATER)

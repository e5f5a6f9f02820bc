"""Last month's reports, frozen as they would have gone out; a demo sends none of them."""

from datetime import datetime

from sqlalchemy import Engine

from ops_console.contracts.parts import Parts
from ops_console.core.db import reading
from ops_console.core.periods import latest_complete
from ops_console.core.settings import Settings
from ops_console.demo.load import MADE_BY
from ops_console.records import workspace
from ops_console.reporting import report
from ops_console.reporting.publishing import Published, publish


def make(engine: Engine, parts: Parts, settings: Settings, now: datetime) -> list[Published]:
    """One run of every report about its newest complete period."""
    with reading(engine) as session:
        zone = workspace.current(session).zone
    found = [report.named(parts, name) for name in parts.reports]
    return [
        publish(engine, parts, settings, each, latest_complete(now, each.grain, zone), made_by=MADE_BY)
        for each in found
    ]

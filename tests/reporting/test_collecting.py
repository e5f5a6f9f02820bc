"""What a snapshot compares with: a month of which nothing is known is no month of zeros."""

import time_machine
from sqlalchemy import Engine

from ops_console.contracts.document import Lines
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.periods import Period, parse
from ops_console.reporting.collecting import take
from ops_console.reporting.composing import document
from ops_console.reporting.snapshot import Snapshot
from ops_console.scorecard.refresh import rebuild
from reports.monthly_operations import REPORT
from tests.kpis.records import Books, at
from tests.reporting import snapshots
from tests.reporting.posting import NINE
from tests.reporting.shown import LONDON
from tests.reporting.workspaces import OCTOBER, imported, workspace

JANUARY = parse("2026-01", LONDON)
"""Facts begin with it."""


def taken(engine: Engine, period: Period) -> Snapshot:
    with transaction(engine) as session:
        return take(session, snapshots.facts(period=period.label, taken_at=now()), period)


@time_machine.travel(NINE, tick=False)
def test_a_month_before_the_facts_is_compared_with_by_nothing(sqlite: Engine) -> None:
    workspace(sqlite)
    with transaction(sqlite) as session:
        session.add(imported("costs"))
        books = Books(session)
        for day in ("01-14", "10-14"):
            books.cost(at(day), "35", books.model(f"m{day}"))
        rebuild(session, now())

    first, later = taken(sqlite, JANUARY), taken(sqlite, OCTOBER)
    assert (first.evidence.incidents.before, first.evidence.movers) == (None, ())
    assert _began(first) == "No incidents began in Jan 2026"
    assert later.evidence.incidents.before == 0
    assert _began(later) == "5 began: SEV2 5 (Sep 0)"


def _began(snapshot: Snapshot) -> str:
    (blocks,) = (part.blocks for part in document(REPORT, snapshot, "").sections if part.key == "incidents")
    return next(block for block in blocks if isinstance(block, Lines)).lines[0].text

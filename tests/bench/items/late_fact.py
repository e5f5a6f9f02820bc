"""Refresh after one late fact, with a history and with one ten times as long."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.ingest.door import Delivery, import_rows
from ops_console.scorecard import refresh
from tests.bench import table
from tests.bench.fill import filled
from tests.bench.ground import Bench
from tests.bench.sizes import NOW, SIZES
from tests.bench.table import Figure

LARGEST = 1.2
REPEATS = 5


def measure(bench: Bench) -> Iterator[Figure]:
    """Always the pace of S, so that ten times 24 months fit the machine; M would only say the same again."""
    if bench.size.name == "M":
        return
    shorter, longer = (_grown(bench, factor) for factor in (1, 10))
    # By turns, so that what else the machine does weighs on both alike.
    pairs = [(_late(shorter, number), _late(longer, number)) for number in range(REPEATS)]
    for place, name in enumerate(("import of one late fact", "refresh after one late fact")):
        once, ten = (min(pair[history][place] for pair in pairs) for history in (0, 1))
        yield Figure(name, once * 1000, "ms", note=f"{ten * 1000:,.1f} ms with ten times the history")
        yield Figure(f"{name}: 10 × history", ten / once, "×", LARGEST)


def _grown(bench: Bench, factor: int) -> Engine:
    size = SIZES["S"]
    grown = replace(size, span=size.span * factor, incidents=size.incidents * factor)
    engine = filled(bench.folder / f"late-{factor}.db", grown)
    with transaction(engine) as session:
        refresh.rebuild(session, NOW)
    return engine


def _late(engine: Engine, number: int) -> tuple[float, float]:
    live = NOW - timedelta(days=30, minutes=number)
    fact = {
        "external_id": f"late-{number}",
        "model": "model-1",
        "version": f"late.{number}",
        "environment": "production",
        "status": "succeeded",
        "ready_at": live - timedelta(days=3),
        "started_at": live - timedelta(hours=1),
        "finished_at": live,
    }
    began = table.watch()
    import_rows(engine, [fact], Delivery("deployments", "cd"))
    landed = table.watch()
    with transaction(engine) as session:
        if not refresh.refresh(session, NOW):
            raise RuntimeError("the late fact changed no figure")
    return landed - began, table.watch() - landed

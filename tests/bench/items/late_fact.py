"""Refresh after one late fact, with a history and with one ten times as long."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import perf_counter

from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.ingest.door import Delivery, import_rows
from ops_console.scorecard import refresh
from tests.bench.fill import filled
from tests.bench.ground import Bench
from tests.bench.sizes import NOW, SIZES
from tests.bench.table import Figure

LARGEST = 1.2
REPEATS = 5


def measure(bench: Bench) -> Iterator[Figure]:
    """The pace of S or M; at L its 24 months are those of M, so that ten times as many fit the machine."""
    size = bench.size if bench.size.name == "S" else SIZES["M"]
    times = {}
    for factor in (1, 10):
        longer = replace(size, span=size.span * factor, incidents=size.incidents * factor)
        engine = filled(bench.folder / f"late-{factor}.db", longer)
        with transaction(engine) as session:
            refresh.rebuild(session, NOW)
        times[factor] = min(_late(engine, number) for number in range(REPEATS))
        engine.dispose()
    for place, name in enumerate(("import of one late fact", "refresh after one late fact")):
        once, ten = times[1][place], times[10][place]
        yield Figure(name, once * 1000, "ms", note=f"{ten * 1000:,.1f} ms with ten times the history")
        yield Figure(f"{name}: 10 × history", ten / once, "×", LARGEST)


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
    began = perf_counter()
    import_rows(engine, [fact], Delivery("deployments", "cd"))
    landed = perf_counter()
    with transaction(engine) as session:
        if not refresh.refresh(session, NOW):
            raise RuntimeError("the late fact changed no figure")
    return landed - began, perf_counter() - landed

"""Refresh after one late fact, with a history and with one ten times as long."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, inspect, text
from sqlmodel import Session

from ops_console.core.db import transaction
from ops_console.ingest.door import Delivery, import_rows
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard import refresh
from tests.bench import table
from tests.bench.fill import filled
from tests.bench.ground import Bench
from tests.bench.sizes import NOW, SIZES, Size
from tests.bench.table import Figure

LARGEST = 1.2
REPEATS = 5


def measure(bench: Bench) -> Iterator[Figure]:
    """Always the pace of S, so that ten times 24 months fit the machine; M would only say the same again."""
    size, times = SIZES["S"], {}
    if bench.size.name == "M":
        return
    for factor in (1, 10):
        longer = replace(size, span=size.span * factor, incidents=size.incidents * factor)
        engine = filled(bench.folder / f"late-{factor}.db", longer)
        with transaction(engine) as session:
            refresh.rebuild(session, NOW, NOW - size.span)
            _repeat_points(session, size, factor)
        times[factor] = min(_late(engine, number) for number in range(REPEATS))
        engine.dispose()
    for place, name in enumerate(("import of one late fact", "refresh after one late fact")):
        once, ten = times[1][place], times[10][place]
        yield Figure(name, once * 1000, "ms", note=f"{ten * 1000:,.1f} ms with ten times the history")
        yield Figure(f"{name}: 10 × history", ten / once, "×", LARGEST)


def _repeat_points(session: Session, size: Size, factor: int) -> None:
    """The scorecard of the years before: as many points again for each, shifted, without computing them."""
    names = [column.name for column in inspect(ScorecardPoint).columns if column.name != "id"]
    shifted = [f"{name} - :shift" if name in {"starts_at", "ends_at"} else name for name in names]
    statement = f"INSERT INTO scorecard_point ({', '.join(names)}) SELECT {', '.join(shifted)} FROM scorecard_point"
    last = session.execute(text("SELECT max(id) FROM scorecard_point")).scalar_one()
    for number in range(1, factor):
        shift = number * (size.span // timedelta(milliseconds=1))
        session.execute(text(f"{statement} WHERE id <= :last"), {"shift": shift, "last": last})


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

"""A database per group of exports, loaded and measured once."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from ops_console.core.clock import now
from ops_console.core.db import engine_for, reading, transaction
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard import refresh
from tests.conftest import samples
from tests.samples.exports import Export, add_slos, folder, load

Expected = dict[str, dict[str, str]]
Points = dict[str, ScorecardPoint]


@pytest.fixture(scope="session")
def exports() -> Path:
    return folder(samples())


@pytest.fixture(scope="session")
def measured(exports: Path, sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Engine]:
    """Load a group of exports into a database of its own and compute every point."""
    made: dict[tuple[Export, ...], Engine] = {}

    def make(*group: Export, slos: tuple[str, ...] = ()) -> Engine:
        if group not in made:
            path = tmp_path_factory.mktemp("workspace") / "ops-console.db"
            path.write_bytes(sqlite_template)
            engine = made[group] = engine_for(f"sqlite:///{path}")
            if slos:
                add_slos(engine, list(slos))
            assert all(summary.is_clean for summary in load(engine, exports, *group))
            with transaction(engine) as session:
                refresh.rebuild(session, now())
        return made[group]

    return make


def expected(path: Path, key: str = "month") -> Expected:
    """The rows of an expectation file by their first column."""
    with path.open(encoding="utf-8") as lines:
        return {row[key]: row for row in csv.DictReader(lines)}


def months(rows: Expected) -> list[str]:
    return [label for label in rows if len(label) == 7]


def points(engine: Engine, kpi: str, scope: str = "", grain: str = "month") -> Points:
    """The points of one KPI by period, for the workspace or one model."""
    wanted = select(ScorecardPoint).where(
        ScorecardPoint.kpi == kpi,
        ScorecardPoint.grain == grain,
        ScorecardPoint.window == "period",
        ScorecardPoint.scope_kind == ("model" if scope else "workspace"),
        col(ScorecardPoint.scope_key) == scope,
    )
    with reading(engine) as session:
        return {point.period: point for point in session.exec(wanted)}

"""The bench itself: its data is what it says, and its table says what was measured."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from ops_console.core.db import reading
from ops_console.kpis import CATALOGUE
from ops_console.records.alerts import Alert
from ops_console.records.catalog import CatalogEntry
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.records.incidents import Incident
from ops_console.records.pipelines import Gate, QualityCheck
from ops_console.records.scorecard import ScorecardPoint
from ops_console.records.slos import SliSlice
from ops_console.scorecard import refresh
from tests.bench import pace
from tests.bench.fill import filled
from tests.bench.sizes import NOW, SIZES, Size
from tests.bench.table import Figure, lines

TINY = Size(
    "tiny", deployments=120, incidents=12, slos=2, cost_rows=0, models=5, span=timedelta(days=73), alerts=40, checks=60
)


def _count(path: Path, size: Size, table: type[SQLModel]) -> int:
    with reading(filled(path, size)) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (Release, 24),
        (Deployment, 24),
        (Change, 72),
        (Incident, 12),
        (SliSlice, 2 * 73 * 24),
        (CatalogEntry, 5),
        (Alert, 40),
        (QualityCheck, 60),
        (Gate, 6),
    ],
)
def test_a_filled_database_holds_what_its_size_says(tmp_path: Path, table: type[SQLModel], rows: int) -> None:
    assert _count(tmp_path / "bench.db", TINY, table) == rows


def test_the_same_seed_fills_in_the_same_rows(tmp_path: Path) -> None:
    found = []
    for name in ("one.db", "two.db"):
        with reading(filled(tmp_path / name, TINY)) as session:
            found.append(session.execute(select(Release.live_at, Release.entry_id).order_by(Release.id)).all())  # type: ignore[call-overload]
    assert found[0] == found[1]
    assert all(live < NOW for live, _ in found[0])


def test_every_kpi_has_cases_to_measure(tmp_path: Path) -> None:
    engine = filled(tmp_path / "bench.db", replace(TINY, span=timedelta(days=200), incidents=80))
    refresh.rebuild(engine, NOW)
    has_cases = (col(ScorecardPoint.scope_kind) == "workspace") & (col(ScorecardPoint.n) != 0)
    with reading(engine) as session:
        measured = session.scalars(select(ScorecardPoint.kpi).where(has_cases).distinct()).all()
    assert sorted(measured) == sorted(CATALOGUE)


def test_the_sizes_are_those_that_were_promised() -> None:
    assert {name: size.deployments for name, size in SIZES.items()} == {"S": 2_000, "M": 10_000, "L": 100_000}
    large = SIZES["L"]
    assert (large.incidents, large.cost_rows) == (13_600, 5_000_000)
    assert (large.alerts, large.checks) == (1_000_000, 1_000_000)
    assert large.slos * large.hours == pytest.approx(440_000, rel=0.01)


def test_a_shorter_history_keeps_its_pace() -> None:
    half = replace(TINY, span=TINY.span * 2)
    assert half.releases == TINY.releases * 2


@pytest.mark.parametrize(
    ("figure", "verdict", "ratio"),
    [
        (Figure("time", 0.2, "s", 0.3, 0.1), "ok", 2.0),
        (Figure("time", 0.4, "s", 0.3), "over", None),
        (Figure("rate", 30_000, "/s", 20_000, 60_000), "ok", 2.0),
        (Figure("rate", 10_000, "/s", 20_000), "over", None),
        (Figure("ratio", 1.3, "×", 1.2), "over", None),
        (Figure("told", 5, "ms"), "", None),
    ],
)
def test_a_figure_is_held_against_its_goal_and_plain_sql(figure: Figure, verdict: str, ratio: float | None) -> None:
    assert (figure.verdict, figure.ratio) == (verdict, ratio)


def test_the_table_names_figure_goal_and_ratio() -> None:
    heading, row = lines([Figure("one page", 25.0, "ms", 100, 10.0, note="12 kB")])
    assert heading.split()[:3] == ["figure", "ours", "goal"]
    assert row.split() == ["one", "page", "25.0", "ms", "≤", "100.0", "ms", "ok", "10.0", "ms", "2.50×", "12", "kB"]


def test_a_steady_clock_counts_what_an_undisturbed_machine_would(monkeypatch: pytest.MonkeyPatch) -> None:
    at = iter([0.0, 10.0])
    monkeypatch.setattr(pace, "slower", lambda: 2.0)
    monkeypatch.setattr(pace, "perf_counter", lambda: next(at))
    assert pace.SteadyClock()() == 10 / 2


def test_a_steady_clock_looks_at_the_pace_all_the_while(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, looked = iter([2.0]), Event()

    def slower() -> float:
        if (first := next(seen, None)) is not None:
            return first
        looked.set()
        return 4.0

    at = iter([0.0, 1.0, 11.0])
    monkeypatch.setattr(pace, "slower", slower)
    monkeypatch.setattr(pace, "EVERY", 0.001)
    monkeypatch.setattr(pace, "perf_counter", lambda: next(at))
    clock = pace.SteadyClock()
    assert looked.wait(10)
    sleep(0.1)  # what was seen is written down
    before = clock()
    assert 1 / 4 < before <= 1 / 2
    assert clock() - before == pytest.approx(10 / 4)

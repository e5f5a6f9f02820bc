"""A demo of seven months, loaded once for all tests that read it; they run in one process (`xdist_group("demo")`)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ops_console.core.db import engine_for
from ops_console.core.periods import Grain, latest_complete
from ops_console.demo.load import Loaded, load
from ops_console.demo.story import LONDON
from ops_console.records.schema import metadata
from tests.demo.stories import ANCHOR

MONTHS = 7
LATEST = latest_complete(ANCHOR, Grain.MONTH, LONDON)
BAD = LATEST.previous(2)
LATER = ANCHOR + timedelta(days=20)


@dataclass
class Demo:
    engine: Engine
    loaded: Loaded
    path: Path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    engine = engine_for(f"sqlite:///{path}")
    metadata.create_all(engine)
    yield Demo(engine, load(engine, ANCHOR, months=MONTHS), path)
    engine.dispose()


def copied(path: Path, to: Path) -> Path:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to


@pytest.fixture(scope="session")
def topped(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A copy that was brought up to date twenty days later."""
    engine = engine_for(f"sqlite:///{copied(demo.path, tmp_path_factory.mktemp('topped') / 'demo.db')}")
    load(engine, LATER, months=MONTHS)
    yield engine
    engine.dispose()

"""A demo of seven months, loaded once for all tests that read it; they run in one process (`xdist_group("demo")`)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ops_console.core.db import engine_for, transaction
from ops_console.core.periods import Grain, latest_complete
from ops_console.demo.database import workspace
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


@dataclass
class Topped:
    """A copy that was brought up to date twenty days later, and what that brought."""

    engine: Engine
    loaded: Loaded


@pytest.fixture(scope="session")
def topped(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topped]:
    path = tmp_path_factory.mktemp("topped") / "demo.db"
    with closing(sqlite3.connect(demo.path)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    engine = engine_for(f"sqlite:///{path}")
    yield Topped(engine, load(engine, LATER, months=MONTHS))
    engine.dispose()


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo of the same day, told for the first time twenty days later."""
    path = tmp_path_factory.mktemp("rebuilt") / "demo.db"
    engine = engine_for(f"sqlite:///{path}")
    metadata.create_all(engine)
    with transaction(engine) as session:
        workspace(session, ANCHOR)
    yield Demo(engine, load(engine, LATER, months=MONTHS), path)
    engine.dispose()

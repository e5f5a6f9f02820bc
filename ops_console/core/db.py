"""Engines and transactions. Whoever opens a transaction (web, cli, jobs) commits it; nothing below does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlmodel import Session

from ops_console.core.errors import Misconfigured

PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "cache_size=-16384",
    "wal_autocheckpoint=16000",
)
"""Of SQLite. Up to 64 MB of what was written wait in its log: pages that one batch after another changes, as those of
indexes, are brought home once for many of them.
"""
SETTINGS: tuple[str, ...] = ("work_mem = '64MB'", "hash_mem_multiplier = 8", "jit = off")
"""Of PostgreSQL. What is added up over thousands of stretches of time is hashed in memory instead of sorted on disk,
and statements that run for a tenth of a second are not first compiled for as long.
"""


def json_text(value: Any) -> str:
    return to_json(value).decode()


JSON: dict[str, Any] = {"json_serializer": json_text, "json_deserializer": from_json}
"""Several times as fast as the standard library's, of which a scorecard has a million."""


def engine_for(url: str) -> Engine:
    """An engine whose connections behave as the console expects on either database."""
    parsed = _address(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **JSON)
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if parsed.get_backend_name() != "sqlite":
        raise Misconfigured(
            f"{parsed.get_backend_name()} is no supported database.", remedy="Use SQLite or PostgreSQL."
        )
    engine = create_engine(parsed, **JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        # The text may hold a password: it is not repeated.
        raise Misconfigured(
            "The address of the database cannot be read.",
            remedy="Write sqlite:///file.db or postgresql://user:password@host/name.",
        ) from None


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    # In a transaction of its own, else a rollback would undo it.
    connection.autocommit = True
    for setting in SETTINGS:
        connection.execute(f"SET {setting}")
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself, else reads and writes could not be told apart below:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#serializable-isolation-savepoints-transactional-ddl
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A reader that later writes would fail at once with "database is locked" under WAL; writers say so at the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that writes: committed when the block ends, rolled back when it raises."""
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
        yield session


def reader(engine: Engine) -> Session:
    """A session that only reads, on one consistent view, until it is closed."""
    return Session(engine, expire_on_commit=False)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """The same for one block."""
    with reader(engine) as session:
        yield session


def is_unprepared(error: DatabaseError) -> bool:
    """Whether a statement failed because migrations have not run: a table or column is missing."""
    text = str(error.orig).lower()
    return any(sign in text for sign in ("no such table", "no such column", "does not exist", "has no column"))

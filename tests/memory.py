"""A database in memory, for tests that begin many: what its tables are is worked out once."""

from functools import cache

from sqlalchemy import Engine

from ops_console.core.db import engine_for
from ops_console.records.schema import metadata


def in_memory() -> Engine:
    """An empty one with every table, that lives as long as it is used."""
    engine = engine_for("sqlite://")
    with engine.begin() as connection:
        for statement in _tables():
            connection.exec_driver_sql(statement)
    return engine


@cache
def _tables() -> tuple[str, ...]:
    engine = engine_for("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        return tuple(connection.exec_driver_sql(made).scalars())

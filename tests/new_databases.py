"""Databases without a single table."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from ops_console.core.db import engine_for


@contextmanager
def new_postgres(server: str, name: str) -> Iterator[str]:
    """The address of one beside others on a server; several test processes share it, so the name is theirs."""
    base, _, query = server.partition("?")
    admin = engine_for(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()

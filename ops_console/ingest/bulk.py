"""Many rows in one statement, past the parts of SQLAlchemy that cost more per row than the database does."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Rows = Sequence[Mapping[str, Any]]


class Stored(NamedTuple):
    """Rows as a driver takes them, with the names of their columns."""

    names: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


def insert_rows(session: Session, table: Table, rows: Rows, *, unless: Sequence[str] = ()) -> int:
    """Insert rows that all have the same columns; how many landed. With `unless`, those whose key is there do not."""
    return insert_stored(session, table, stored(session, table, rows), unless=unless)


def stored(session: Session, table: Table, rows: Rows) -> Stored:
    """Rows that all have the same columns, each value as the driver takes it."""
    if not rows:
        return Stored((), ())
    dialect = session.get_bind().dialect
    names = [column.name for column in table.columns if column.name in rows[0]]
    columns = []
    for name in names:
        values = [row[name] for row in rows]
        kind = table.c[name].type
        # Both drivers take truth values as they are.
        process = None if isinstance(kind, Boolean) else kind.dialect_impl(dialect).bind_processor(dialect)
        columns.append([None if value is None else process(value) for value in values] if process else values)
    return Stored(names, list(zip(*columns, strict=True)))


def insert_stored(session: Session, table: Table, stored: Stored, *, unless: Sequence[str] = ()) -> int:
    if not stored.rows:
        return 0
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return _insert(connection, sqlite.insert(table), _light(table, stored), unless)
    return _insert(connection, postgresql.insert(table), stored, unless) if unless else _copy(connection, table, stored)


def _light(table: Table, stored: Stored) -> Stored:
    """The same rows without what costs SQLite's driver more than numbers and text do: columns in which no row says
    anything, and truth values.
    """
    told, columns = [], []
    for name, values in zip(stored.names, zip(*stored.rows, strict=True), strict=True):
        if values.count(None) < len(values):
            told.append(name)
            is_truth = isinstance(table.c[name].type, Boolean)
            columns.append([None if value is None else int(value) for value in values] if is_truth else values)
    return Stored(told, list(zip(*columns, strict=True)))


def _insert(connection: Connection, statement: Any, stored: Stored, unless: Sequence[str]) -> int:
    if unless:
        statement = statement.on_conflict_do_nothing(index_elements=list(unless))
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(stored.names))
    rows: Any = stored.rows
    if not compiled.positional:
        rows = [dict(zip(stored.names, row, strict=True)) for row in rows]
    return connection.exec_driver_sql(str(compiled), rows).rowcount


def _copy(connection: Connection, table: Table, stored: Stored) -> int:
    """https://www.psycopg.org/psycopg3/docs/basic/copy.html"""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in stored.names)
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in stored.rows:
            copy.write_row(row)
    return len(stored.rows)

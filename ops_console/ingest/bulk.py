"""Many rows in one statement, past the parts of SQLAlchemy that cost more per row than the database does."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, Column, Connection, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from ops_console.core.db import json_text

Rows = Sequence[Mapping[str, Any]]
BLOCK = 1_000
"""Rows that are turned into columns and back at once: so many stay in the processor's own memory."""


class Stored(NamedTuple):
    """Rows as a driver takes them, with the names of their columns."""

    names: Sequence[str]
    rows: Sequence[tuple[Any, ...]]


def insert_rows(session: Session, table: Table, rows: Rows, *, unless: Sequence[str] = ()) -> int:
    """Insert rows that all have the same columns; how many landed. With `unless`, those whose key is there do not."""
    return insert_stored(session, table, stored(session, table, rows), unless=unless)


def stored(session: Session, table: Table, rows: Rows) -> Stored:
    """Rows that all have the same columns, each value as the driver takes it: text, numbers and truth values alone,
    which cost least to hand on.
    """
    if not rows:
        return Stored((), ())
    dialect = session.get_bind().dialect
    names = [column.name for column in table.columns if column.name in rows[0]]
    told = ((place, _processor(table.c[name], dialect)) for place, name in enumerate(names))
    processors = [(place, process) for place, process in told if process]
    taken = map(itemgetter(*names), rows)
    return Stored(names, [_processed([*row], processors) for row in taken] if processors else [*taken])


def _processor(column: Column[Any], dialect: Dialect) -> Any:
    if isinstance(column.type, Boolean):  # both drivers take truth values as they are
        return None
    if isinstance(column.type, JSON):  # the driver of PostgreSQL would wrap it, and write it as text in the end
        return json_text
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _processed(values: list[Any], processors: Sequence[tuple[int, Any]]) -> tuple[Any, ...]:
    for place, process in processors:
        if values[place] is not None:
            values[place] = process(values[place])
    return tuple(values)


def insert_stored(session: Session, table: Table, stored: Stored, *, unless: Sequence[str] = ()) -> int:
    if not stored.rows:
        return 0
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        blocks = (stored.rows[start : start + BLOCK] for start in range(0, len(stored.rows), BLOCK))
        lighter = (_light(table, Stored(stored.names, block)) for block in blocks)
        return sum(_insert(connection, sqlite.insert(table), light, unless) for light in lighter)
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

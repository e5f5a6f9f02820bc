"""Many rows in one statement, past the parts of SQLAlchemy that cost more per row than the database does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
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
    connection = session.connection()
    if connection.dialect.name == "postgresql" or not rows:
        return insert_stored(session, table, stored(session, table, rows), unless=unless)
    names = _names(table, rows)
    blocks = (_columns(table, names, rows[at : at + BLOCK], connection.dialect) for at in range(0, len(rows), BLOCK))
    return sum(_insert(connection, table, _light(table, names, block), unless) for block in blocks)


def stored(session: Session, table: Table, rows: Rows) -> Stored:
    """Rows that all have the same columns, each value as the driver takes it: text, numbers and truth values alone,
    which cost least to hand on.
    """
    if not rows:
        return Stored((), ())
    names = _names(table, rows)
    return Stored(names, [*zip(*_columns(table, names, rows, session.get_bind().dialect), strict=True)])


def _names(table: Table, rows: Rows) -> list[str]:
    return [column.name for column in table.columns if column.name in rows[0]]


def _columns(table: Table, names: Sequence[str], rows: Rows, dialect: Dialect) -> Iterator[Sequence[Any]]:
    for name, values in zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True):
        process = _processor(table.c[name], dialect)
        yield [None if value is None else process(value) for value in values] if process else values


def _processor(column: Column[Any], dialect: Dialect) -> Any:
    if isinstance(column.type, Boolean):  # both drivers take truth values as they are
        return None
    if isinstance(column.type, JSON):  # the driver of PostgreSQL would wrap it, and write it as text in the end
        return json_text
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def insert_stored(session: Session, table: Table, stored: Stored, *, unless: Sequence[str] = ()) -> int:
    if not stored.rows:
        return 0
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        blocks = (stored.rows[at : at + BLOCK] for at in range(0, len(stored.rows), BLOCK))
        lighter = (_light(table, stored.names, zip(*block, strict=True)) for block in blocks)
        return sum(_insert(connection, table, light, unless) for light in lighter)
    return _insert(connection, table, stored, unless) if unless else _copy(connection, table, stored)


def _light(table: Table, names: Sequence[str], columns: Iterable[Sequence[Any]]) -> Stored:
    """Rows without what costs SQLite's driver more than numbers and text do: columns in which no row says anything, and
    truth values.
    """
    told, light = [], []
    for name, values in zip(names, columns, strict=True):
        if values.count(None) < len(values):
            told.append(name)
            is_truth = isinstance(table.c[name].type, Boolean)
            light.append([None if value is None else int(value) for value in values] if is_truth else values)
    return Stored(told, [*zip(*light, strict=True)])


def _insert(connection: Connection, table: Table, stored: Stored, unless: Sequence[str]) -> int:
    compiled = _compiled(connection.dialect, table, tuple(stored.names), tuple(unless))
    rows: Any = stored.rows
    if not compiled.positional:
        rows = [dict(zip(stored.names, row, strict=True)) for row in rows]
    return connection.exec_driver_sql(str(compiled), rows).rowcount


@lru_cache(maxsize=64)
def _compiled(dialect: Dialect, table: Table, names: Sequence[str], unless: Sequence[str]) -> Any:
    statement: Any = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
    if unless:
        statement = statement.on_conflict_do_nothing(index_elements=unless)
    return statement.compile(dialect=dialect, column_keys=names)


def _copy(connection: Connection, table: Table, stored: Stored) -> int:
    """https://www.psycopg.org/psycopg3/docs/basic/copy.html"""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in stored.names)
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in stored.rows:
            copy.write_row(row)
    return len(stored.rows)

"""Many rows in one statement, past the parts of SQLAlchemy that cost more per row than the database does."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Rows = Sequence[Mapping[str, Any]]


def insert_rows(session: Session, table: Table, rows: Rows, *, unless: Sequence[str] = ()) -> int:
    """Insert rows that all have the same columns; how many landed. With `unless`, those whose key is there do not."""
    if not rows:
        return 0
    connection = session.connection()
    processors = {
        name: process
        for name in rows[0]
        if not isinstance(table.c[name].type, Boolean)  # both drivers take truth values as they are
        and (process := table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
    }
    ready = rows if not processors else [_processed(row, processors) for row in rows]
    if connection.dialect.name == "postgresql" and not unless:
        return _copy(connection, table, ready)
    return _insert(connection, table, ready, unless)


def _insert(connection: Connection, table: Table, rows: Rows, unless: Sequence[str]) -> int:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement: Insert = dialect.insert(table)
    if unless:
        statement = dialect.insert(table).on_conflict_do_nothing(index_elements=list(unless))
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    if compiled.positiontup:
        take = itemgetter(*compiled.positiontup)
        return connection.exec_driver_sql(str(compiled), [take(row) for row in rows]).rowcount
    return connection.exec_driver_sql(str(compiled), [dict(row) for row in rows]).rowcount


def _copy(connection: Connection, table: Table, rows: Rows) -> int:
    """https://www.psycopg.org/psycopg3/docs/basic/copy.html"""
    names, quote = list(rows[0]), connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    take = itemgetter(*names)
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(take(row))
    return len(rows)


def _processed(row: Mapping[str, Any], processors: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {name: process(value) for name, process in processors.items() if (value := row[name]) is not None}
    return {**row, **found} if found else row

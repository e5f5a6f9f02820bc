"""Many rows in one statement, past the parts of SQLAlchemy that cost more per row than the database does."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Rows = Sequence[Mapping[str, Any]]


def insert_rows(session: Session, table: Table, rows: Rows, *, unless: Sequence[str] = ()) -> int:
    """Insert rows that all have the same columns; how many landed. With `unless`, those whose key is there do not."""
    if not rows:
        return 0
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement: Insert = dialect.insert(table)
    if unless:
        statement = dialect.insert(table).on_conflict_do_nothing(index_elements=list(unless))
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    processors = {
        name: process
        for name in rows[0]
        if not isinstance(table.c[name].type, Boolean)  # both drivers take truth values as they are
        and (process := table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
    }
    ready = rows if not processors else [_processed(row, processors) for row in rows]
    if compiled.positiontup:
        take = itemgetter(*compiled.positiontup)
        result = connection.exec_driver_sql(str(compiled), [take(row) for row in ready])
    else:
        result = connection.exec_driver_sql(str(compiled), [dict(row) for row in ready])
    return result.rowcount


def _processed(row: Mapping[str, Any], processors: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(row)
    for name, process in processors.items():
        if (value := found[name]) is not None:
            found[name] = process(value)
    return found

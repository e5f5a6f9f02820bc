"""Many rows in one statement, past the parts of SQLAlchemy that cost more per row than the database does."""

from collections.abc import Iterator, Mapping, Sequence
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
    if connection.dialect.name == "postgresql" and not unless:
        return _copy(connection, table, list(rows[0]), rows)
    return _insert(connection, table, rows, unless)


def _insert(connection: Connection, table: Table, rows: Rows, unless: Sequence[str]) -> int:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement: Insert = dialect.insert(table)
    if unless:
        statement = dialect.insert(table).on_conflict_do_nothing(index_elements=list(unless))
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    names = compiled.positiontup or list(rows[0])
    ready: Iterator[Any] = _stored(connection, table, names, rows)
    if not compiled.positiontup:
        ready = (dict(zip(names, row, strict=True)) for row in ready)
    return connection.exec_driver_sql(str(compiled), list(ready)).rowcount


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> int:
    """https://www.psycopg.org/psycopg3/docs/basic/copy.html"""
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as copy:
        for row in _stored(connection, table, names, rows):
            copy.write_row(row)
    return len(rows)


def _stored(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them, in the order of these columns."""
    processors = [
        (place, process)
        for place, name in enumerate(names)
        if not isinstance(table.c[name].type, Boolean)  # both drivers take truth values as they are
        and (process := table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
    ]
    for row in rows:
        values = [row[name] for name in names]
        for place, process in processors:
            if values[place] is not None:
                values[place] = process(values[place])
        yield tuple(values)

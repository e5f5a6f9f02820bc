"""A filled SQLite database as a PostgreSQL one, through COPY."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Boolean, Engine, Table, text

from ops_console.records.schema import metadata


def copy(origin: Engine, onto: Engine) -> None:
    """Every row of every table; numbers go on after the largest, and the planner knows what is there."""
    metadata.create_all(onto)
    source, target = origin.raw_connection(), onto.raw_connection()
    try:
        for table in metadata.sorted_tables:
            _copy(source.cursor(), target.cursor(), table)
        target.commit()
    finally:
        source.close()
        target.close()
    with onto.begin() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), {_next(table)})")
                )
        connection.execute(text("ANALYZE"))


def _next(table: Table) -> str:
    return f'(SELECT coalesce(max(id), 0) + 1 FROM "{table.name}")'


def _copy(source: Any, target: Any, table: Table) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    source.execute(f'SELECT {names} FROM "{table.name}"')
    readers = [bool if isinstance(column.type, Boolean) else None for column in table.columns]
    with target.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as rows:
        for row in _read(source, readers):
            rows.write_row(row)


def _read(source: Any, readers: Sequence[Callable[[Any], Any] | None]) -> Iterator[list[Any]]:
    for row in source:
        yield [
            value if value is None or reader is None else reader(value)
            for value, reader in zip(row, readers, strict=True)
        ]

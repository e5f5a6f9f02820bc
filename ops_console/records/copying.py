"""Every row of a database into another one that has the same tables and no rows, whichever kind each of them is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Boolean, Engine, Table

from ops_console.core.columns import exact_text
from ops_console.records.schema import metadata

Said = Callable[[str], None]
BATCH = 5_000
LARGE = 100_000
"""Tables with so many rows are named as they come."""


def copy(origin: Engine, onto: Engine, said: Said) -> dict[str, int]:
    """As they are at one moment; returns how many of each table. Nothing is there unless everything is."""
    counts: dict[str, int] = {}
    with closing(origin.raw_connection()) as source, closing(onto.raw_connection()) as target:
        _begin(source, origin)
        _begin(target, onto)
        for table in metadata.sorted_tables:
            rows = _rows(source, origin, table)
            counts[table.name] = _write(target, onto, table, rows)
            if counts[table.name] >= LARGE:
                said(f"{table.name}: {counts[table.name]:,} rows")
        _go_on(target, onto)
        target.commit()
    return counts


def _begin(connection: Any, engine: Engine) -> None:
    cursor = connection.cursor()
    if engine.dialect.name == "postgresql":
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    else:
        cursor.execute("PRAGMA foreign_keys=OFF")  # rows may refer to rows that come later
        cursor.execute("BEGIN")


def _names(table: Table, template: str = '"{}"') -> str:
    return ", ".join(template.format(column.name) for column in table.columns)


def _rows(connection: Any, engine: Engine, table: Table) -> Iterator[Sequence[Any]]:
    if engine.dialect.name == "sqlite":
        yield from connection.cursor().execute(f'SELECT {_names(table)} FROM "{table.name}"')  # noqa: S608  (our names)
        return
    # As text, for a null of JSON and no value at all are both None to the driver.
    chosen = ", ".join(
        f'"{column.name}"::text' if isinstance(column.type, JSON) else f'"{column.name}"' for column in table.columns
    )
    with connection.cursor(name="copying") as cursor:
        cursor.itersize = BATCH
        cursor.execute(f'SELECT {chosen} FROM "{table.name}"')  # noqa: S608  (our names)
        yield from cursor


def _write(connection: Any, engine: Engine, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    return (_to_sqlite if engine.dialect.name == "sqlite" else _to_postgresql)(connection.cursor(), table, rows)


def _to_postgresql(cursor: Any, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    truths = [isinstance(column.type, Boolean) for column in table.columns]
    count = 0
    with cursor.copy(f'COPY "{table.name}" ({_names(table)}) FROM STDIN') as taken:
        for row in rows:
            taken.write_row([_truth(value) if is_one else value for value, is_one in zip(row, truths, strict=True)])
            count += 1
    return count


def _to_sqlite(cursor: Any, table: Table, rows: Iterable[Sequence[Any]]) -> int:
    marks = ", ".join("?" * len(table.columns))
    statement = f'INSERT INTO "{table.name}" ({_names(table)}) VALUES ({marks})'  # noqa: S608  (our names)
    count, left = 0, iter(rows)
    while batch := [[*map(_plain, row)] for row in islice(left, BATCH)]:
        cursor.executemany(statement, batch)
        count += len(batch)
    return count


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _plain(value: Any) -> Any:
    """As SQLite keeps it."""
    if isinstance(value, Decimal):
        return exact_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _go_on(connection: Any, engine: Engine) -> None:
    """Numbers go on after the largest, and the planner knows what is there."""
    cursor = connection.cursor()
    if engine.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            if "id" in table.c:
                largest = f'SELECT coalesce(max(id), 0) + 1 FROM "{table.name}"'  # noqa: S608  (our names)
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), ({largest}), false)")
    cursor.execute("ANALYZE")

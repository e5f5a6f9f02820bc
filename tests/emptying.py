"""A database is emptied for the next example of a test: most tables are empty anyway, and no statement is made anew."""

from functools import cache

from sqlalchemy import Connection

from ops_console.records.schema import metadata


def empty(connection: Connection) -> None:
    for statement in _deletes():
        connection.exec_driver_sql(statement)


@cache
def _deletes() -> tuple[str, ...]:
    return tuple(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))

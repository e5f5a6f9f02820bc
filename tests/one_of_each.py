"""One row in every table, with a value of its type in every column."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Engine, Text, insert
from sqlmodel import AutoString

from ops_console.core.columns import Exact, Instant
from ops_console.core.db import transaction
from ops_console.records.schema import metadata

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)


def value_for(column: Column[Any]) -> Any:
    """Something that fits a column."""
    if isinstance(column.type, Instant):
        return NOON
    if isinstance(column.type, Exact):
        return Decimal("1.5")
    if isinstance(column.type, AutoString | Text):
        return "x"
    simple = {int: 1, bool: True, float: 1.5, date: NOON.date(), bytes: b"x"}
    return simple.get(column.type.python_type, {"a": 1})


def fill(engine: Engine) -> None:
    """One row in every table; every foreign key points at the row with number 1."""
    with transaction(engine) as session:
        for table in metadata.sorted_tables:
            session.execute(insert(table).values({c.name: value_for(c) for c in table.columns if c.name != "id"}))

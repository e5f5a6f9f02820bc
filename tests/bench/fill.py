"""Records by the hundred thousand, written straight into the tables of a SQLite file: the ground figures stand on."""

import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import SQLModel

from ops_console.core.db import engine_for
from ops_console.records.schema import metadata
from tests.bench import rows_of_catalog, rows_of_delivery, rows_of_operations, rows_of_people, rows_of_quality
from tests.bench.sizes import Size

PARTS = (rows_of_catalog, rows_of_delivery, rows_of_operations, rows_of_people, rows_of_quality)


def filled(path: Path, size: Size, seed: int = 1) -> Engine:
    """A database of one size at `path`; the same seed gives the same rows."""
    engine = engine_for(f"sqlite:///{path}")
    metadata.create_all(engine)
    dice = random.Random(seed)
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        for table, rows in chain.from_iterable(part.tables(size, dice) for part in PARTS):
            _insert(cursor, table, iter(rows))
        raw.commit()
    finally:
        raw.close()
    return engine


def _insert(cursor: Any, table: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows, None)
    if first is None:
        return
    names = ", ".join(f'"{name}"' for name in first)
    marks = ", ".join(f":{name}" for name in first)
    cursor.executemany(f'INSERT INTO "{table.__tablename__}" ({names}) VALUES ({marks})', chain([first], rows))

"""What list pages share: search, and every row of a list."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement


def containing(column: Any, text: str) -> ColumnElement[bool]:
    """The column holds the text, whatever its case; `%` and `_` mean themselves."""
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found


Row = TypeVar("Row")
CHUNK = 2000


def every(fetch: Callable[[int, int], list[Row]]) -> Iterator[Row]:
    """Every row of a list, fetched in chunks so that no statement names more rows than a database takes."""
    offset = 0
    while chunk := fetch(CHUNK, offset):
        yield from chunk
        offset += len(chunk)

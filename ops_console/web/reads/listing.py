"""What list pages share: the standing of an entry at an instant, and search."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from ops_console.records.catalog import CatalogInterval


def stood(entry_id: Any, anchor: Any) -> ColumnElement[bool]:
    """The join of `CatalogInterval` that finds how an entry stood at an anchor."""
    return and_(
        col(CatalogInterval.entry_id) == entry_id,
        col(CatalogInterval.valid_from) <= anchor,
        col(CatalogInterval.valid_to) > anchor,
    )


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

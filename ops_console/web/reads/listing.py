"""What every list page shares: rows and their total, the order a link asks for, and the standing at an instant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from ops_console.records.catalog import CatalogInterval

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a filtered list, and how many rows the filter lets through in all."""

    rows: list[Row]
    total: int


def ordering(sort: str, columns: Mapping[str, Any], default: str) -> tuple[ColumnElement[Any], ...]:
    """The order `-cost` or `cost` asks for; an unknown word falls back to the default. Unknown values come last."""
    name = sort.removeprefix("-")
    if name not in columns:
        sort, name = default, default.removeprefix("-")
    column = columns[name]
    return (column.is_(None), column.desc() if sort.startswith("-") else column.asc())


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

"""Column types that mean the same on SQLite and on PostgreSQL.

Instants are stored as milliseconds since the epoch, because SQLite has no time type and because a duration is
then a subtraction in the same SQL on both databases. Money is exact: NUMERIC where the database has it,
text that Python's Decimal adds up where it has not (SQLite keeps NUMERIC as a float).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact
from functools import lru_cache, reduce
from typing import Any

from pydantic_core import from_json
from sqlalchemy import BigInteger, ColumnElement, Dialect, Integer, Numeric, Text, TypeDecorator, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from ops_console.core.clock import EPOCH, MILLISECOND, milliseconds
from ops_console.core.db import json_text

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of an interval that has not ended."""

WIDE = Context(prec=200, traps=[Inexact])
"""Python's own context would round after 28 digits."""
BigId = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit key; SQLite numbers rows by itself only for INTEGER."""


@lru_cache(maxsize=8192)  # pages and figures meet the same few bounds of periods thousands of times
def instant(stored: int) -> datetime:
    """The instant, in UTC, that `milliseconds` stored."""
    return EPOCH + timedelta(milliseconds=stored)


class Instant(TypeDecorator[datetime]):
    """A UTC instant with milliseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else milliseconds(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        return _instant_or_none


def _instant_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else instant(stored)


class Exact(TypeDecorator[Decimal]):
    """A Decimal that comes back digit for digit."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> str | None:
        return None if value is None else exact_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None] | None:
        return None if dialect.name == "postgresql" else _decimal_or_none  # there it comes as it is


def exact_text(value: Decimal | int) -> str:
    """Every digit, and no exponent."""
    return format(Decimal(value), "f")


def _decimal_or_none(stored: str | None) -> Decimal | None:
    return None if stored is None else Decimal(stored)


class JsonText(TypeDecorator[Any]):
    """JSON that is kept as text: nobody asks the database what is in it, and it need not take it apart."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        return _json_or_none


def _json_or_none(stored: str | None) -> Any:
    return None if stored is None else from_json(stored)


class Summed(Exact):
    """The sum of a group; SQLite, which would add up floats, tells its amounts, which are added up here."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None] | None:
        return None if dialect.name == "postgresql" else _added_up


def _added_up(amounts: str | None) -> Decimal | None:
    return None if amounts is None else reduce(WIDE.add, map(Decimal, amounts.split()))


class exact_sum(GenericFunction[Decimal]):  # noqa: N801  (a SQL function, named as SQL names them)
    """SUM over an `Exact` column without rounding, where it is selected and nothing more is done with it in SQL."""

    type = Summed()
    inherit_cache = True


@compiles(exact_sum, "sqlite")
def _amounts(element: exact_sum, compiler: Any, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)}, ' ')"


@compiles(exact_sum, "postgresql")
def _sum_numeric(element: exact_sum, compiler: Any, **kw: Any) -> str:
    return f"sum({compiler.process(element.clauses, **kw)})"


class Several(TypeDecorator[list[Any]]):
    """The numbers that a column holds in several rows."""

    impl = Text
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], list[Any]] | None:
        return None if dialect.name == "postgresql" else from_json  # there it comes as it is


class several(GenericFunction[list[Any]]):  # noqa: N801  (a SQL function, named as SQL names them)
    """Every number of a group, in any order; nulls are none."""

    type = Several()
    inherit_cache = True


@compiles(several, "sqlite")
def _json_array(element: several, compiler: Any, **kw: Any) -> str:
    number = compiler.process(element.clauses, **kw)
    return f"json_group_array({number}) FILTER (WHERE {number} IS NOT NULL)"


@compiles(several, "postgresql")
def _array(element: several, compiler: Any, **kw: Any) -> str:
    number = compiler.process(element.clauses, **kw)
    return f"coalesce(array_agg({number}) FILTER (WHERE {number} IS NOT NULL), '{{}}')"


def milliseconds_between(began: Any, ended: Any) -> ColumnElement[int]:
    """`ended - began` of two `Instant` columns, in SQL, as a number of milliseconds."""
    return type_coerce(ended, BigInteger) - type_coerce(began, BigInteger)


def shifted(column: Any, by: timedelta) -> ColumnElement[datetime]:
    """An `Instant` column moved by a fixed time, in SQL."""
    return shifted_by(column, by // MILLISECOND)


def shifted_by(column: Any, ms: Any) -> ColumnElement[datetime]:
    """An `Instant` column moved by a number of milliseconds, which may be a column itself."""
    return type_coerce(type_coerce(column, BigInteger) + ms, Instant())

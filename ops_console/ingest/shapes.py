"""What each field of a fact is made of, read off the fact classes, so that no list is kept twice."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.contracts.readers import (
    read_bool,
    read_date,
    read_decimal,
    read_instant,
    read_integer,
    read_names,
    read_spans,
)
from ops_console.core.errors import BadInput

Values = Mapping[str, Any]
"""What the fields of a fact say."""
Columns = dict[str, Any]
"""A row of a table, by column; instants are milliseconds."""
Finish = Callable[[Columns, Values, ZoneInfo], None]
"""Adds the columns that are not simply copied; days are those of the workspace's zone."""
_ALTERNATIVES = re.compile(r"\^\((\w+(?:\|\w+)+)\)\$")
"""A pattern that is a list of words."""


class Shape(StrEnum):
    TEXT = "text"
    INSTANT = "time"
    DAY = "day"
    NUMBER = "number"
    TRUTH = "true or false"
    NAMES = "names"
    SPANS = "stretches of time"


_BY_READER = {
    read_instant: Shape.INSTANT,
    read_date: Shape.DAY,
    read_decimal: Shape.NUMBER,
    read_integer: Shape.NUMBER,
    read_bool: Shape.TRUTH,
    read_names: Shape.NAMES,
    read_spans: Shape.SPANS,
}


def fact_class(kind: str) -> type[Fact]:
    """The class of a kind of fact; `BadInput` for a kind that does not exist."""
    if kind not in KINDS:
        raise BadInput(f"{kind!r} is no kind of fact.", remedy=f"Choose one of {', '.join(KINDS)}.")
    return KINDS[kind]


@cache
def shapes(kind: str) -> dict[str, Shape]:
    """Every field of a kind of fact and its shape."""
    fields = fact_class(kind).model_fields
    return {name: _shape((field.annotation, *field.metadata)) for name, field in fields.items()}


def _shape(parts: tuple[Any, ...]) -> Shape:
    for part in parts:
        if isinstance(part, BeforeValidator) and part.func in _BY_READER:
            return _BY_READER[part.func]
        inner = (*get_args(part), *getattr(part, "__metadata__", ()))
        if inner and (found := _shape(inner)) is not Shape.TEXT:
            return found
    return Shape.TEXT


@cache
def limits(kind: str, name: str) -> dict[str, Any]:
    """What a field, or each name in its list, must keep to in the words of JSON Schema: `maxLength`, `pattern`…"""
    schema = _schema(kind)
    told = schema["properties"][name]
    found: dict[str, Any] = {}
    for part in (told, *told.get("anyOf", ()), told.get("items", {})):
        named = part.get("$ref", "").rpartition("/")[2]
        found |= (schema["$defs"][named] if named else {}) | part
    return found


@cache
def _schema(kind: str) -> dict[str, Any]:
    return fact_class(kind).model_json_schema()


def choices(kind: str, name: str) -> tuple[str, ...]:
    """The words a field may say; empty where it may say anything."""
    told = limits(kind, name)
    alternatives = _ALTERNATIVES.fullmatch(told.get("pattern", ""))
    return tuple(told["enum"]) if "enum" in told else tuple(alternatives[1].split("|")) if alternatives else ()


@cache
def sentences(kind: str) -> frozenset[str]:
    """Required fields that hold any text, and name nothing: a title may well be `N/A`."""
    texts = (name for name in required(kind) if shapes(kind)[name] is Shape.TEXT and not choices(kind, name))
    return frozenset(name for name in texts if not {"minLength", "pattern"} & limits(kind, name).keys())


@cache
def required(kind: str) -> tuple[str, ...]:
    return tuple(name for name, field in fact_class(kind).model_fields.items() if field.is_required())

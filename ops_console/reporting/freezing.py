"""Readings as plain data and back, field for field, so that what was sent can be shown again as it was.

A figure keeps the words it was defined with then; the formula's code is not frozen, because nobody computes again.
"""

import hashlib
import json
from dataclasses import MISSING, Field, fields
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as Factory

from ops_console.measures.definition import Definition
from ops_console.measures.readings import Reading

Data = dict[str, Any]

UNFROZEN = {"compute", "targets"}
_TOLERANT = ConfigDict(extra="ignore")


def _mirror(name: str, of: type, without: set[str]) -> type[BaseModel]:
    # Defaults let a snapshot from before a field was added be read.
    hints = get_type_hints(of, localns={"Aggregate": object})
    kept: Any = {field.name: (hints[field.name], _default(field)) for field in fields(of) if field.name not in without}
    return create_model(name, __config__=_TOLERANT, **kept)


def _default(of: Field[Any]) -> Any:
    if of.default_factory is not MISSING:
        return Factory(default_factory=of.default_factory)
    return ... if of.default is MISSING else of.default


_READING = _mirror("FrozenReading", Reading, {"definition"})
_DEFINITION = _mirror("FrozenDefinition", Definition, UNFROZEN)


def freeze(reading: Reading) -> Data:
    """The reading as JSON-ready data."""
    return _dump(_READING, reading) | {"definition": _dump(_DEFINITION, reading.definition)}


def thaw(data: Data) -> Reading:
    """The reading that `freeze` wrote."""
    definition = Definition(compute=_not_kept, **_load(_DEFINITION, data["definition"]))
    return Reading(definition=definition, **_load(_READING, data))


def canonical(data: Any) -> bytes:
    """One spelling per value: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: Any) -> str:
    """What proves that data did not change."""
    return hashlib.sha256(canonical(data)).hexdigest()


def plain(value: Any) -> Any:
    """The value as a database gives it back: no negative zero, no float where a whole number is exact and huge."""
    if isinstance(value, float):
        return int(value) if abs(value) >= 2**53 else value + 0.0
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _dump(mirror: type[BaseModel], what: object) -> Data:
    values = {name: getattr(what, name) for name in mirror.model_fields}
    return dict(plain(mirror.model_validate(values).model_dump(mode="json")))


def _load(mirror: type[BaseModel], data: Data) -> Data:
    frozen = mirror.model_validate(data)
    return {name: getattr(frozen, name) for name in mirror.model_fields}


def _not_kept() -> Any:
    raise AssertionError("a frozen definition computes nothing")

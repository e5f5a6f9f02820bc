"""JSON Schema of what the API takes and answers, as pydantic reads it off the classes."""

import json
from functools import lru_cache
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from ops_console.web.operation import Query

Json = dict[str, Any]
PLACE = "#/components/schemas/"
DIGITS = r"^-?[0-9]{1,30}(\.[0-9]{1,20})?$"


class Schemas:
    """Schemas by reference; `components` and `parameters` collect what was referred to."""

    def __init__(self) -> None:
        self.components: Json = {}
        self.parameters: Json = {}

    def of_answer(self, kind: Any) -> Json:
        return self._named(kind, "serialization")

    def of_rows(self, fact: type[BaseModel]) -> Json:
        """A batch. Rows need not name their source: the request does."""
        reference = self._named(fact, "validation")
        component = self.components[fact.__name__]
        self.components[fact.__name__] = component | {
            "required": [name for name in component.get("required", ()) if name != "source"]
        }
        return {"type": "array", "minItems": 1, "items": reference}

    def of_query(self, query: type[Query]) -> list[Json]:
        """Each parameter by reference; operations with the same query share them."""
        found = self._collected(query, "validation").get("properties", {})
        names = {name: f"{_owner(query, name)}.{name}" for name in found}
        self.parameters |= {names[name]: _parameter(name, schema) for name, schema in found.items()}
        return [{"$ref": f"#/components/parameters/{each}"} for each in names.values()]

    def _named(self, kind: Any, mode: JsonSchemaMode) -> Json:
        self.components[kind.__name__] = self._collected(kind, mode)
        return {"$ref": f"{PLACE}{kind.__name__}"}

    def _collected(self, kind: Any, mode: JsonSchemaMode) -> Json:
        found = dict(_schema(kind, mode))
        self.components |= found.pop("$defs", {})
        return found


class _Untitled(GenerateJsonSchema):
    """Without a title that repeats the name of each field, and with exact numbers as they may be written."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def decimal_schema(self, schema: Any) -> Json:
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": DIGITS}]}


@lru_cache(maxsize=256)  # takes longer than everything else about the description
def _schema(kind: Any, mode: JsonSchemaMode) -> Json:
    adapter = TypeAdapter(kind)
    found = adapter.json_schema(mode=mode, ref_template=f"{PLACE}{{model}}", schema_generator=_Untitled)
    return cast(Json, _spelt(found))


LIMITS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}


def _spelt(schema: Any) -> Any:
    """Limits behind a reader of our own are left in pydantic's words; they belong to the numbers among its kinds."""
    if isinstance(schema, list):
        return [_spelt(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    limits = {
        LIMITS[name]: value for name, value in schema.items() if name in LIMITS and isinstance(value, int | float)
    }
    found = {name: _spelt(value) for name, value in schema.items() if LIMITS.get(name) not in limits}
    numbers = [kind for kind in found.get("anyOf", [found]) if kind.get("type") in ("number", "integer")]
    for kind in numbers if limits else ():
        kind.update(limits)
    return found


def _owner(query: type[Query], name: str) -> str:
    """The class that says it: queries that are made from it share the parameter."""
    return next(each.__name__ for each in query.__mro__ if name in each.__annotations__)


def _parameter(name: str, schema: Json) -> Json:
    """A query cannot say null: a parameter that may be left out is one that is not required."""
    told: Json = {"name": name, "in": "query", "required": False, "description": schema["description"]}
    if schema.get("examples"):
        told["examples"] = {json.dumps(value).strip('"'): {"value": value} for value in schema["examples"]}
    rest = {key: value for key, value in schema.items() if key not in ("description", "examples", "anyOf", "default")}
    default = {} if schema.get("default") is None else {"default": schema["default"]}
    return told | {"schema": rest | _not_null(schema) | default}


def _not_null(schema: Json) -> Json:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    return kinds[0] if kinds else {}

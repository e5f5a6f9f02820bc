"""The operations of the API in words, with a command to try each: from what its description is made of."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ops_console.web.access import Route
from ops_console.web.described import Described, described
from ops_console.web.openapi import TAGS
from ops_console.web.schemas import Json, Schemas

SHOWN_IN_EXAMPLES = 2
"""Parameters that a command shows; the others are in the table."""


@dataclass(frozen=True, slots=True)
class ParameterHelp:
    name: str
    says: str
    holds: str
    usual: str


@dataclass(frozen=True, slots=True)
class OperationHelp:
    """One route; `kinds` are the kinds of body it takes, each at an address of its own."""

    name: str
    tag: str
    method: str
    path: str
    title: str
    says: str
    scope: str | None
    parameters: list[ParameterHelp]
    answers: dict[int, str]
    kinds: list[str]
    command: str


def operations(routes: Iterable[Route], address: str) -> list[OperationHelp]:
    """Every operation, as one asks it at this address, under the headings of the description."""
    found = [_help(list(described([route])), route, address) for route in routes if route.operation]
    return sorted(found, key=lambda each: list(TAGS).index(each.tag))


def _help(found: list[Described], route: Route, address: str) -> OperationHelp:
    first, operation = found[0], found[0].operation
    schemas = Schemas()
    references = schemas.of_query(operation.query)
    parameters = [schemas.parameters[each["$ref"].rsplit("/", 1)[1]] for each in references]
    return OperationHelp(
        name=route.endpoint.split(".")[1],
        tag=operation.tag,
        method=first.method,
        path=route.rule.replace("<", "{").replace(">", "}"),
        title=operation.summary,
        says=" ".join(operation.says.split()),
        scope=first.scope,
        parameters=[_parameter(each, schemas) for each in parameters],
        answers=dict(operation.statuses),
        kinds=list(operation.bodies),
        command=_command(first, parameters, address),
    )


def _parameter(parameter: Json, schemas: Schemas) -> ParameterHelp:
    schema = parameter["schema"]
    if "$ref" in schema:
        schema = schemas.components[schema["$ref"].rsplit("/", 1)[1]] | schema
    usual = schema.get("default", "")
    return ParameterHelp(parameter["name"], parameter["description"], _holds(schema), json.dumps(usual).strip('"'))


def _holds(schema: Json) -> str:
    if schema.get("enum"):
        return ", ".join(schema["enum"])
    if schema["type"] == "integer":
        return f"{schema['minimum']} to {schema['maximum']}"
    if schema["type"] == "boolean":
        return "true or false"
    return str(schema.get("format", "text")).replace("date-time", "time").replace("-", " ")


def _command(each: Described, parameters: list[Json], address: str) -> str:
    path = each.path
    for name, variable in each.variables.items():
        path = path.replace(f"{{{name}}}", variable.example)
    shown = [parameter for parameter in parameters if parameter.get("examples")][:SHOWN_IN_EXAMPLES]
    query = urlencode({parameter["name"]: next(iter(parameter["examples"])) for parameter in shown}, safe=":/")
    parts = ["curl", '-H "Authorization: Bearer $TOKEN"' if each.scope else "", _body(each.example)]
    return " ".join(filter(None, [*parts, f'"{address}{path.lstrip("/")}{"?" if query else ""}{query}"']))


def _body(rows: list[Any] | None) -> str:
    return "" if rows is None else f"--json '{json.dumps(rows)}'"

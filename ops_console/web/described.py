"""The operations there are, one by one: what the description of the API and its help page are made of."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from ops_console.contracts import kind_words
from ops_console.web.access import Route
from ops_console.web.fact_tables import kinds
from ops_console.web.operation import Number, Operation, Variable


@dataclass(frozen=True, slots=True)
class Described:
    """One operation at one address. A route that takes several kinds of body is one operation for each of them."""

    method: str
    path: str
    name: str
    summary: str
    scope: str | None
    operation: Operation
    variables: Mapping[str, Variable | Number]
    fact: type[BaseModel] | None = None
    example: list[Any] | None = None


def described(routes: Iterable[Route]) -> list[Described]:
    """In the order in which they were registered."""
    return [each for route in routes if route.operation for each in _each(route, route.operation)]


def _each(route: Route, operation: Operation) -> Iterator[Described]:
    path, name = re.sub(r"<(\w+)>", r"{\1}", route.rule), route.endpoint.split(".")[1]
    whole = Described(route.method, path, name, operation.summary, route.access.scope, operation, operation.variables)
    examples = {each.kind: json.loads(each.api) for each in kinds()} if operation.bodies else {}
    for kind, fact in operation.bodies.items():
        yield replace(
            whole,
            path=re.sub(r"{\w+}", kind, path),
            name=f"{name}_{kind}",
            summary=f"{operation.summary}: {kind_words.many(kind)}",
            variables={},
            fact=fact,
            example=[_typed(fact, row) for row in examples[kind]],
        )
    if not operation.bodies:
        yield whole


def _typed(fact: type[BaseModel], row: dict[str, Any]) -> dict[str, Any]:
    """A row whose values are of their own types; a file's are all text."""
    return fact.model_validate({"source": "example"} | row).model_dump(mode="json", include=set(row))

"""The description of the API (OpenAPI 3.1), generated from the routes, their types and their access."""

from collections.abc import Iterable
from importlib.metadata import version

from typing_extensions import TypedDict

from ops_console.contracts.integration import Manifest
from ops_console.web.access import Route
from ops_console.web.described import Described, described
from ops_console.web.hook_operations import PROOF, PROOF_SAYS, TAG, hook_operations
from ops_console.web.operation import Operation
from ops_console.web.problems import PROBLEMS, ProblemDocument
from ops_console.web.schemas import Json, Schemas

USUAL, WITH_TOKEN = {400, 500}, {401, 403, 404}
ABOUT = (
    "Figures and decisions out, facts in. A request carries a token as `Authorization: Bearer …`; each operation names "
    "the scope that the token needs."
)
RULES = (
    "Null is unknown, never zero. Durations are seconds, shares run from 0 to 1, instants are UTC, and money is text, "
    "so that no digit is lost. Stretches of time are half-open: `[start, end)`.",
    "A list goes on behind `next`, in the body and as `Link` header: follow it as it is. Rows that arrive meanwhile "
    "neither hide nor repeat others.",
    "An answer carries an `ETag`. Send it back as `If-None-Match`, and it is answered by 304 while nothing changed.",
    "An error is a problem document (RFC 9457): decide by `type`, read `detail`. An unknown parameter is an error.",
)
TAGS = {
    "Figures": "The scorecard, the history of a KPI, and the rows behind its number.",
    "Practices": "What people decided: reviews of incidents, and the actions that were promised.",
    "Facts": "What other systems know, through the door that files and forms use too.",
    TAG: "What vendors send by webhook, signed or shown a secret as each of them does it.",
    "Description": "What this is.",
}
HEADERS: Json = {
    "ETag": {"description": "Changes when the answer does.", "schema": {"type": "string"}},
    "Link": {"description": "The next page, where there is one.", "schema": {"type": "string"}},
}


class Document(TypedDict):
    """An OpenAPI document."""

    openapi: str
    info: Json
    servers: list[Json]
    tags: list[Json]
    paths: Json
    components: Json


def description(routes: Iterable[Route], manifests: Iterable[Manifest] = ()) -> Document:
    """The document. What a view, a fact class, a KPI or an integration says of itself is all there is to it."""
    schemas, paths = Schemas(), Json()
    for each in described(routes):
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, schemas)
    for path, delivery in hook_operations(manifests, schemas):
        paths.setdefault(path, {})["post"] = delivery
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ops Console", "version": version("ops-console"), "description": _about()},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": says} for name, says in TAGS.items()],
        "paths": paths,
        "components": {
            "responses": _problems(schemas),
            "parameters": schemas.parameters,
            "schemas": dict(sorted(schemas.components.items())),
            "securitySchemes": {"token": _bearer("An API token."), PROOF: _bearer(PROOF_SAYS)},
        },
    }


def _bearer(says: str) -> Json:
    return {"type": "http", "scheme": "bearer", "description": says}


def _about() -> str:
    return "\n".join((ABOUT, "", *(f"- {rule}" for rule in RULES)))


def _operation(each: Described, schemas: Schemas) -> Json:
    told: Json = {
        "operationId": each.name,
        "tags": [each.operation.tag],
        "summary": each.summary,
        "description": each.operation.says,
        "security": [{"token": [each.scope]}] if each.scope else [],
        "parameters": [*_variables(each), *schemas.of_query(each.operation.query)],
        "responses": _responses(each, schemas),
    }
    if each.fact is not None:
        content = {"schema": schemas.of_rows(each.fact), "example": each.example}
        told["requestBody"] = {"required": True, "content": {"application/json": content}}
    return told


def _variables(each: Described) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": f"The {variable.what}.",
            "schema": variable.schema,
        }
        for name, variable in each.variables.items()
    ]


def _responses(each: Described, schemas: Schemas) -> Json:
    operation = each.operation
    found = {str(status): _answer(status, operation, schemas) for status in operation.statuses}
    if each.method == "GET":
        names = ("ETag", "Link") if "cursor" in operation.query.model_fields else ("ETag",)
        found["200"]["headers"] = {name: HEADERS[name] for name in names}
        found["304"] = {"description": "Unchanged since the answer whose `ETag` was sent."}
    wrong = USUAL | {*operation.problems} | (WITH_TOKEN if each.scope else set())
    return found | {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in sorted(wrong)}


def _answer(status: int, operation: Operation, schemas: Schemas) -> Json:
    body = schemas.of_answer(operation.answer)
    if status not in PROBLEMS:
        said = operation.statuses[status]
        return {"description": said, "content": {"application/json": {"schema": body}}}
    both = {"allOf": [schemas.of_answer(ProblemDocument), body]}
    return {"description": PROBLEMS[status].when, "content": {"application/problem+json": {"schema": both}}}


def _problems(schemas: Schemas) -> Json:
    content = {"application/problem+json": {"schema": schemas.of_answer(ProblemDocument)}}
    return {_name(status): {"description": each.when, "content": content} for status, each in PROBLEMS.items()}


def _name(status: int) -> str:
    return "".join(word.capitalize() for word in PROBLEMS[status].name.split("-"))

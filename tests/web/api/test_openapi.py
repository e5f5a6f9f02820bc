"""The description of the API is made of what the code says, and of nothing else."""

from typing import Annotated, Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from pydantic import Field
from sqlalchemy import Engine

from ops_console.contracts.facts import KINDS, Fact, Integer
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.ingest import sources
from ops_console.kpis import CATALOGUE
from ops_console.web.access import Access
from ops_console.web.api._api import Api
from ops_console.web.console import EXTENSION
from ops_console.web.described import described
from ops_console.web.hook_operations import TAG
from ops_console.web.openapi import TAGS, description
from ops_console.web.operation import Answer, Query
from tests.integrations.github.forge import SECRET

SCHEMAS = "#/components/schemas/"


@pytest.fixture
def document(visitor: FlaskClient) -> dict[str, Any]:
    answer = visitor.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that stands on its own."""
    return schema | {"components": document["components"]}


def test_every_address_of_the_api_is_an_operation(app: Flask) -> None:
    routes = app.extensions[EXTENSION].routes.values()
    assert [route.rule for route in routes if route.rule.startswith("/api/") and route.operation is None] == []


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_heading(document: dict[str, Any]) -> None:
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)
    assert all(each["summary"] and each["tags"][0] in TAGS for each in operations)


def test_every_operation_names_its_scope(app: Flask, document: dict[str, Any]) -> None:
    for each in described(app.extensions[EXTENSION].routes.values()):
        told = document["paths"][each.path][each.method.lower()]
        assert told["security"] == ([{"token": [each.scope]}] if each.scope else [])
        assert ("401" in told["responses"]) == ("403" in told["responses"]) == bool(each.scope)


def test_every_kind_of_fact_has_an_address_with_its_fields(document: dict[str, Any]) -> None:
    for kind, fact in KINDS.items():
        rows = document["paths"][f"/api/v1/facts/{kind}"]["post"]["requestBody"]["content"]["application/json"]
        component = document["components"]["schemas"][rows["schema"]["items"]["$ref"].removeprefix(SCHEMAS)]
        assert set(component["properties"]) == set(fact.model_fields)
        assert "source" not in component["required"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_kind_is_valid(document: dict[str, Any], kind: str) -> None:
    rows = document["paths"][f"/api/v1/facts/{kind}"]["post"]["requestBody"]["content"]["application/json"]
    jsonschema_rs.validate(resolved(document, rows["schema"]), rows["example"])


def test_every_kpi_is_named(document: dict[str, Any]) -> None:
    for path in ("readings", "records"):
        (key, *_) = document["paths"][f"/api/v1/kpis/{{key}}/{path}"]["get"]["parameters"]
        assert key["schema"]["enum"] == list(CATALOGUE)


def test_limits_stand_where_a_validator_looks_for_them(document: dict[str, Any]) -> None:
    fields = document["components"]["schemas"]
    assert fields["SliSliceFact"]["properties"]["seconds"] == {"type": "integer", "exclusiveMinimum": 0}
    objective = resolved(document, fields["SloFact"]["properties"]["objective_percent"])
    assert [jsonschema_rs.is_valid(objective, each) for each in (99.9, "99.95", 0, 100, "much")] == [
        True,
        True,
        False,
        False,
        False,
    ]


class GaugeFact(Fact):
    """How full something is."""

    kind_of_fact = "gauges"

    level: Annotated[Integer, Field(ge=0)]


def test_a_new_kind_and_a_new_kpi_appear_by_being_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "gauges", GaugeFact)
    monkeypatch.setitem(CATALOGUE, "fullness", CATALOGUE["mttr"])
    document = description(app.extensions[EXTENSION].routes.values())
    told = document["paths"]["/api/v1/facts/gauges"]["post"]
    assert (told["operationId"], told["summary"]) == ("facts_gauges", "Send facts: gauges")
    level = document["components"]["schemas"]["GaugeFact"]["properties"]["level"]
    assert level == {"type": "integer", "minimum": 0}
    assert "fullness" in document["paths"]["/api/v1/kpis/{key}/records"]["get"]["parameters"][0]["schema"]["enum"]


class Asked(Query):
    """A query."""

    colour: str | None = Field(None, description="Which `colour`.", examples=["red"])


def test_an_operation_is_read_off_its_view() -> None:
    pages = Api("api_more", "Figures")

    @pages.get("/api/v1/more", access=Access.token("kpis:read"))
    def more(asked: Asked) -> Answer[dict[str, int]]:
        """More

        And still more.
        """
        return Answer({"seen": len(asked.colour or "")})

    (each,) = described(pages.routes)
    assert (each.method, each.path, each.name, each.summary) == ("GET", "/api/v1/more", "more", "More")
    assert (each.operation.says, each.operation.query, each.scope) == ("And still more.", Asked, "kpis:read")


def test_each_integration_that_is_told_says_where_and_how(full_app: Flask) -> None:
    document = full_app.test_client().get("/api/v1/openapi.json").json
    schemathesis.openapi.from_dict(document).validate()
    told = {path: item["post"] for path, item in document["paths"].items() if item.get("post", {}).get("tags") == [TAG]}
    manifests = full_app.extensions[EXTENSION].parts.manifests.values()
    assert {path for path in told if path.startswith("/hooks/")} == {
        f"/hooks/{each.key}/{{source}}" for each in manifests if "webhook" in each.roles
    }
    lineage = told["/api/v1/lineage"]
    assert lineage["security"] == [{"delivery": []}] and "OPENLINEAGE_API_KEY" in lineage["description"]
    assert len({each["operationId"] for each in told.values()}) == len(told)


def test_a_delivery_is_answered_as_it_is_described(full_app: Flask, sqlite: Engine) -> None:
    document = full_app.test_client().get("/api/v1/openapi.json").json
    manifest = full_app.extensions[EXTENSION].parts.manifests["openlineage"]
    with transaction(sqlite) as session:
        sources.add(session, manifest, "lineage", {}, {"webhook_secret": "GITHUB_HOOK"}, now(), "ana")
    for path, at in (
        ("/api/v1/lineage", "/api/v1/lineage"),
        ("/hooks/openlineage/{source}", "/hooks/openlineage/lineage"),
    ):
        for key in (SECRET, SECRET, "wrong"):
            answer = full_app.test_client().post(at, json={"path": path}, headers={"Authorization": f"Bearer {key}"})
            described = document["paths"][path]["post"]["responses"][str(answer.status_code)]["content"]
            said = answer.json if answer.mimetype.endswith("json") else answer.text
            jsonschema_rs.validate(resolved(document, described[answer.mimetype]["schema"]), said)


def test_the_description_needs_no_token_and_names_nothing_of_the_workspace(
    visitor: FlaskClient, document: dict[str, Any]
) -> None:
    assert document["openapi"] == "3.1.0" and document["servers"] == [{"url": "/"}]
    assert visitor.get("/api/v1/openapi.json", headers={"Host": "secret.internal"}).json == document

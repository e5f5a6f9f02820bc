"""The API does what its description says: each operation, tried with what it takes and with what it does not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
import schemathesis
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from sqlalchemy import Engine

from ops_console import factory, web
from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.accounts.tokens import TokenScope
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for, transaction
from ops_console.records.incidents import Incident
from ops_console.scorecard.refresh import refresh
from ops_console.web.described import Described, described
from ops_console.web.operation import Variable
from tests.practices.stories import ANA, complete, promised
from tests.web.api.test_facts import bearer
from tests.web.company import NOW

pytestmark = pytest.mark.xdist_group("api conformance")

OPERATIONS = described(route for module in web.modules() for route in module.pages.routes)
TRIED = [
    pytest.param(each, mode, id=f"{each.name}-{mode.value}")
    for each in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or each.operation.query.model_fields
]
"""Those that write come first, so that what they sent is there when the others are asked."""
TRIED.sort(key=lambda each: each.values[0].method == "GET")
READS, WRITES = 8, 3
"""Examples of each."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")

PERIODS = ("2026-10", "2026-W43", "2026-Q3", "2026", "2030-01", "1970-01", "2199-Q4", "2026-08-01..2026-10-31")
SCOPES = ("workspace", "team:Search", "team:Nobody", "tier:3", "model:ranker")
TIMES = st.datetimes(
    datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.sampled_from([UTC, ZoneInfo("Asia/Kolkata")])
)
schemathesis.openapi.format("period", st.sampled_from(PERIODS))
schemathesis.openapi.format("scope", st.sampled_from(SCOPES))
schemathesis.openapi.format("date-time", TIMES.map(datetime.isoformat))
schemathesis.openapi.format("time-zone", st.sampled_from(["Europe/London", "UTC", "America/Havana"]))
load_all_checks()
LENIENT = CHECKS.get_by_names(["negative_data_rejection"])
"""A row may be read where its schema is stricter: numbers and truths come as text from many a source."""


class Console(NamedTuple):
    app: Flask
    engine: Engine
    schema: schemathesis.BaseSchema
    headers: dict[str, str]


@pytest.fixture(scope="module")
def console(company_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """One console for all of them."""
    path = tmp_path_factory.mktemp("api") / "company.db"
    path.write_bytes(company_template)
    engine = engine_for(f"sqlite:///{path}")
    # An unknown team and rows that contradict themselves are well-formed all the same.
    accepted = {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}}
    config = SchemathesisConfig.from_dict({"seed": 1, "checks": accepted})
    with time_machine.travel(NOW, tick=False):
        with transaction(engine) as session:
            people.add(session, ANA, Role.EDITOR, NOW)
            incident = session.get_one(Incident, 1)
            complete(session, incident, "capacity")
            promised(session, incident)
        app = factory.create_app(Parts(), database_url=str(engine.url))
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
        yield Console(app, engine, schema, bearer(engine, *TokenScope))
    engine.dispose()


def test_the_description_is_a_valid_one(console: Console) -> None:
    console.schema.validate()


@pytest.mark.parametrize(("each", "mode"), TRIED)
def test_an_operation_answers_as_it_is_described(console: Console, each: Described, mode: GenerationMode) -> None:
    @given(case=console.schema[each.path][each.method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=READS if each.method == "GET" else WRITES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case: schemathesis.Case) -> None:
        assume(mode is GenerationMode.NEGATIVE or "cursor" not in (case.query or {}))
        excluded = [] if each.method == "GET" else LENIENT
        case.call_and_validate(headers=console.headers, excluded_checks=excluded)

    tried()


def test_whatever_was_sent_the_figures_can_still_be_read(console: Console) -> None:
    refresh(console.engine, NOW)
    for each in OPERATIONS:
        if each.method == "GET":
            for path in addresses(each):
                answer = console.app.test_client().get(path, headers=console.headers)
                assert answer.status_code == 200, answer.text


def addresses(each: Described) -> list[str]:
    """Every address of an operation that names something there is."""
    found = [each.path]
    for name, variable in each.variables.items():
        values = list(variable.values) if isinstance(variable, Variable) else [variable.example]
        found = [path.replace(f"{{{name}}}", value) for path in found for value in values]
    return found


@pytest.mark.parametrize("each", {each.path: each for each in OPERATIONS}.values(), ids=lambda each: each.path)
def test_other_methods_are_refused_with_those_that_there_are(console: Console, each: Described) -> None:
    taken = {other.method for other in OPERATIONS if other.path == each.path}
    for method in set(METHODS) - taken:
        answer = console.app.test_client().open(addresses(each)[0], method=method, headers=console.headers)
        assert answer.status_code == 405 and taken <= set(answer.headers["Allow"].split(", "))
        assert answer.json["type"] == "/help/api#wrong-method"

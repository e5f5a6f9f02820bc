"""Every KPI says what it is, and is found by being there."""

import inspect
import re
from dataclasses import replace

import pytest
from sqlalchemy import BigInteger, column, literal, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression

from ops_console.contracts.facts import KINDS
from ops_console.core.clock import milliseconds
from ops_console.core.columns import FOREVER, Instant
from ops_console.kpis import CATALOGUE
from ops_console.measures.aggregates import Rows
from ops_console.measures.definition import FIRST_OWN, GROUPS, OWN, Better, Definition
from ops_console.measures.snapshots import AtMoments, Snapshot

EVERY = pytest.mark.parametrize("definition", CATALOGUE.values(), ids=CATALOGUE)
COLUMNS = {"anchor", "entry_id", "record_id", "label", "excluded"}


MOMENTS = table("moment", column("at", Instant()), column("since", BigInteger()), column("until", BigInteger()))


def arms(definition: Definition) -> Rows:
    """The selects of its candidates, at any time."""
    return definition.compute().arms(literal(0), literal(milliseconds(FOREVER)), lambda: MOMENTS)


@EVERY
def test_it_says_that_it_is_a_snapshot_if_it_is_one(definition: Definition) -> None:
    aggregate = definition.compute()
    assert definition.snapshot is isinstance(aggregate, Snapshot)
    stands = (each for each in (aggregate, *aggregate.besides.values()) if isinstance(each, AtMoments))
    assert all(each.rows for each in stands), "there is no state before the first of its rows"


@EVERY
def test_a_measure_that_asks_since_when_a_span_ran_says_so(definition: Definition) -> None:
    """Else spans that end together would be one moment to it, in which nothing happened."""
    aggregate = definition.compute()
    for measure in (aggregate, *aggregate.besides.values()):
        if isinstance(measure, AtMoments):
            asked = (each for arm in measure.at(MOMENTS) for each in visitors.iterate(arm))
            compared = (
                side for each in asked if isinstance(each, BinaryExpression) for side in (each.left, each.right)
            )
            assert measure.over_span is any(getattr(side, "name", "") == "since" for side in compared)


def test_they_stand_in_catalogue_order() -> None:
    numbers = [definition.number for definition in CATALOGUE.values()]

    assert numbers == sorted(set(numbers))


@EVERY
def test_it_stands_under_a_heading(definition: Definition) -> None:
    assert definition.number >= FIRST_OWN or definition.heading in GROUPS


@pytest.mark.parametrize(
    ("number", "group", "heading"),
    [(1, "", "Delivery"), (23, "", "Governance and cost"), (24, "", OWN), (24, "Delivery", "Delivery"), (9, "X", "X")],
)
def test_the_group_a_definition_names_goes_before_its_number(number: int, group: str, heading: str) -> None:
    assert replace(CATALOGUE["mttr"], number=number, group=group).heading == heading


@EVERY
def test_module_function_and_key_are_one_name(definition: Definition) -> None:
    assert definition.compute.__name__ == definition.key
    assert definition.compute.__module__ == f"ops_console.kpis.{definition.key}"


@EVERY
def test_it_explains_itself(definition: Definition) -> None:
    for text in (definition.title, definition.question, definition.formula, definition.statistic, definition.nothing):
        assert text
    assert definition.question.endswith("?")
    assert len(definition.description) > 200


@EVERY
def test_it_needs_facts_that_exist(definition: Definition) -> None:
    assert definition.facts
    assert {*definition.facts, *definition.also} <= set(KINDS)


@EVERY
def test_its_candidates_carry_what_the_engine_and_the_rows_need(definition: Definition) -> None:
    aggregate = definition.compute()
    wanted = COLUMNS | set(aggregate.keys) | ({aggregate.measured} if aggregate.measured else set())
    for arm in arms(definition):
        assert wanted <= set(arm.selected_columns.keys())


@EVERY
@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_the_same_select_is_written_for_both_databases(definition: Definition, dialect: object) -> None:
    for arm in arms(definition):
        assert "SELECT" in str(arm.compile(dialect=dialect))  # type: ignore[arg-type]


@EVERY
def test_the_direction_that_is_better_fits_its_targets(definition: Definition) -> None:
    for bounds in definition.targets.values():
        assert (bounds.low is None) == (definition.better is Better.LOWER)
        assert (bounds.high is None) == (definition.better is Better.HIGHER)


@EVERY
def test_it_knows_nothing_of_periods_and_scopes(definition: Definition) -> None:
    source = inspect.getsource(inspect.getmodule(definition.compute))  # type: ignore[arg-type]

    assert not re.search(r"\b(ScopeKind|CatalogInterval|(?<!Outcome\.)period_start|Span)\b", source)


def test_deployments_are_never_shown_without_their_failure_rate() -> None:
    assert "change_failure_rate" in CATALOGUE["model_deployments"].read_with


def test_per_cent_stands_at_its_number_in_every_definition() -> None:
    apart = [each.key for each in CATALOGUE.values() if re.search(r"\d %", f"{each.description} {each.formula}")]
    assert apart == []

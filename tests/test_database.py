"""Both databases keep instants and money exactly."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import BigInteger, Engine, Text, column, select, values
from sqlalchemy.exc import StatementError

from ops_console.core.columns import exact_sum, several
from ops_console.core.db import engine_for, reading, transaction
from ops_console.core.errors import Misconfigured
from ops_console.records.costs import Budget
from tests import world

NOON = datetime(2026, 10, 31, 12, 0, 0, 123000, tzinfo=UTC)


def test_an_instant_comes_back_to_the_millisecond(database: Engine) -> None:
    with transaction(database) as session:
        session.add(world.budget(starts_at=NOON))
    with reading(database) as session:
        assert session.scalars(select(Budget.starts_at)).one() == NOON


def test_a_naive_time_is_refused(database: Engine) -> None:
    with pytest.raises(StatementError, match="naive time"), transaction(database) as session:
        session.add(world.budget(starts_at=datetime(2026, 10, 31)))


def test_money_is_summed_without_rounding(database: Engine) -> None:
    amounts = [Decimal("0.00000000001"), Decimal("-3.5"), Decimal("123456789012345.67")]
    with transaction(database) as session:
        session.add_all(world.budget(external_id=str(n), amount=amount) for n, amount in enumerate(amounts))
    with reading(database) as session:
        assert session.scalars(select(exact_sum(Budget.amount))).one() == sum(amounts)


@pytest.mark.parametrize("address", ["ops.db", "", "postgresql//ana:secret@db"])
def test_an_address_that_is_none_is_told_without_repeating_it(address: str) -> None:
    with pytest.raises(Misconfigured, match="cannot be read") as refused:
        engine_for(address)
    assert "sqlite:///file.db" in refused.value.remedy and "secret" not in str(refused.value)


def test_the_numbers_of_a_group_come_in_one_list_without_nulls(database: Engine) -> None:
    told = [("a", 2**40), ("a", None), ("a", 2**40), ("b", None)]
    rows = values(column("of", Text), column("number", BigInteger), name="told").data(told).cte()
    with reading(database) as session:
        found = session.execute(select(rows.c.of, several(rows.c.number)).group_by(rows.c.of).order_by(rows.c.of)).all()
    assert [tuple(row) for row in found] == [("a", [2**40, 2**40]), ("b", [])]

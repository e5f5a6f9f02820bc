"""Instants and money mean the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.dialects import sqlite

from ops_console.core.clock import milliseconds, to_milliseconds
from ops_console.core.columns import Summed, exact_sum, instant, milliseconds_between, shifted
from ops_console.core.db import reading, transaction
from ops_console.records.costs import Budget
from tests import world

instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
money = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=15)


@given(instants.map(to_milliseconds))
def test_an_instant_survives_its_number(moment: datetime) -> None:
    assert instant(milliseconds(moment)) == moment


@given(instants, instants)
def test_numbers_are_ordered_as_their_instants(first: datetime, second: datetime) -> None:
    if first <= second:
        assert milliseconds(first) <= milliseconds(second)


def test_an_offset_does_not_change_the_number() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    moment = datetime(2026, 10, 31, 12, tzinfo=UTC)
    assert milliseconds(moment.astimezone(kathmandu)) == milliseconds(moment)


def test_a_naive_time_has_no_number() -> None:
    with pytest.raises(ValueError, match="naive time 2026-10-31T00:00:00"):
        milliseconds(datetime(2026, 10, 31))


@given(amounts=st.lists(money, min_size=1, max_size=20))
def test_a_sum_of_money_loses_no_digit(amounts: list[Decimal]) -> None:
    added_up = Summed().result_processor(sqlite.dialect(), None)
    assert added_up is not None
    assert Fraction(added_up(" ".join(format(amount, "f") for amount in amounts)) or 0) == sum(map(Fraction, amounts))


def test_the_sum_of_no_rows_is_unknown_on_both_databases(database: Engine) -> None:
    with reading(database) as session:
        assert session.scalars(select(exact_sum(Budget.amount))).one() is None


def test_time_passes_in_milliseconds_in_sql(database: Engine) -> None:
    with transaction(database) as session:
        session.add(world.budget(starts_at=world.NOW, ends_at=world.NOW + timedelta(hours=1, milliseconds=5)))
    with reading(database) as session:
        assert session.scalars(select(milliseconds_between(Budget.starts_at, Budget.ends_at))).one() == 3_600_005


def test_an_instant_is_moved_in_sql(database: Engine) -> None:
    with transaction(database) as session:
        session.add(world.budget(starts_at=world.NOW))
    with reading(database) as session:
        assert session.scalars(select(shifted(Budget.starts_at, timedelta(days=-7)))).one() == world.NOW - timedelta(7)

"""What is kept of a cell is what comes back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.scorecard.cell_text import cells_from, made_by, text_of

NUMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False),
    st.text(),
    st.lists(st.integers()),
    st.decimals(allow_nan=False, allow_infinity=False, places=6),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)


@given(measures=st.lists(st.lists(st.lists(NUMBERS, min_size=5, max_size=8).map(tuple)), max_size=3))
def test_every_kind_of_value_comes_back(measures: list[list[tuple[object, ...]]]) -> None:
    assert cells_from(text_of(measures)) == measures


def test_an_amount_keeps_every_digit_and_its_kind() -> None:
    amount = Decimal("1234567890123456789.000000001")
    [[[back]]] = cells_from(text_of([[(amount,)]]))

    assert (back, type(back)) == (amount, Decimal)


def test_a_day_is_no_instant() -> None:
    cell = (date(2026, 10, 1), datetime(2026, 10, 1, tzinfo=UTC))
    assert cells_from(text_of([[cell]])) == [[cell]]


def test_a_value_of_another_kind_is_refused_and_shown() -> None:
    with pytest.raises(TypeError, match="A cell holds UUID"):
        text_of([[(UUID(int=1),)]])


def test_one_code_has_one_number_that_fits_a_column() -> None:
    assert made_by() == made_by()
    assert -(2**63) <= made_by() < 2**63

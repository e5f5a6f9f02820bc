"""Round ticks for every unit, enclosing every value."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.definition import Unit
from ops_console.reporting.charts.axes import axis
from tests.reporting.shown import DAY

AMOUNTS = st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=12)
SHARES = st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=12)


def ticks(unit: Unit, values: list[float], *, from_zero: bool = False) -> list[str]:
    return [tick.text for tick in axis(unit, values, from_zero=from_zero, currency="USD").ticks]


@pytest.mark.parametrize(
    ("unit", "values", "texts"),
    [
        (Unit.SECONDS, [5 * DAY, 14 * DAY], ["0", "5", "10", "15 days"]),
        (Unit.SECONDS, [300.0, 3600.0], ["0", "15", "30", "45", "60 min"]),
        (Unit.SECONDS, [0.5 * 3600, 5.5 * 3600], ["0", "2", "4", "6 h"]),
        (Unit.SHARE, [0.02, 0.15], ["0%", "5%", "10%", "15%"]),
        (Unit.SHARE, [0.6, 1.0], ["0%", "25%", "50%", "75%", "100%"]),
        (Unit.SHARE, [0.9984, 0.9995], ["99.80%", "99.85%", "99.90%", "99.95%"]),
        (Unit.COUNT, [2.0, 10.0], ["0", "5", "10"]),
        (Unit.COUNT, [0.0], ["0", "1"]),
        (Unit.COUNT, [0.0, 1.0], ["0", "1"]),
        (Unit.MONEY, [48210.0], ["$0", "$20k", "$40k", "$60k"]),
        (Unit.MONEY, [1_400_000.0], ["$0", "$0.5M", "$1.0M", "$1.5M"]),
        (Unit.MONEY, [34_000_000.0], ["$0", "$10M", "$20M", "$30M", "$40M"]),
        (Unit.SCORE, [7.1, 8.0], ["7.0", "7.5", "8.0"]),
    ],
)
def test_ticks_are_round_in_the_unit_of_the_value(unit: Unit, values: list[float], texts: list[str]) -> None:
    assert ticks(unit, values) == texts


@given(st.sampled_from(Unit), AMOUNTS, st.booleans())
def test_every_value_lies_between_the_outer_ticks(unit: Unit, values: list[float], from_zero: bool) -> None:
    scale = axis(unit, values, from_zero=from_zero)
    assert scale.low <= min(values) * (1 + 1e-6) and max(values) <= scale.high * (1 + 1e-6) + 1e-9
    assert scale.low < scale.high


@given(st.sampled_from(Unit), AMOUNTS)
def test_ticks_are_few_and_evenly_spaced(unit: Unit, values: list[float]) -> None:
    places = [tick.value for tick in axis(unit, values, from_zero=False).ticks]
    gaps = [after - before for before, after in pairwise(places)]
    assert 2 <= len(places) <= 7
    assert max(gaps) <= min(gaps) * 1.001 or places[-1] == 1.0


@given(SHARES)
def test_an_axis_of_shares_never_goes_beyond_all(values: list[float]) -> None:
    assert axis(Unit.SHARE, values, from_zero=False).high <= 1


@given(st.sampled_from(Unit), AMOUNTS)
def test_bars_start_at_zero(unit: Unit, values: list[float]) -> None:
    scale = axis(unit, values, from_zero=True)
    assert scale.low == 0 and scale.note == ""


@given(st.sampled_from(Unit), AMOUNTS)
def test_a_scale_that_does_not_start_at_zero_says_so(unit: Unit, values: list[float]) -> None:
    scale = axis(unit, values, from_zero=False)
    assert bool(scale.note) == (scale.low > 0)


def test_the_note_names_the_unit_where_the_lowest_tick_does_not() -> None:
    assert axis(Unit.SECONDS, [11 * DAY, 14 * DAY], from_zero=False).note == "axis starts at 11 days"
    assert axis(Unit.SHARE, [0.995, 0.999], from_zero=False).note == "axis starts at 99.5%"


def test_no_values_make_an_axis_too() -> None:
    assert ticks(Unit.COUNT, []) == ["0", "1"]
    assert ticks(Unit.SHARE, [0.0]) == ["0%", "5%", "10%"]


def test_credits_reach_below_zero() -> None:
    assert ticks(Unit.MONEY, [-5.0, 3.0], from_zero=True) == ["−$6", "−$4", "−$2", "$0", "$2", "$4"]

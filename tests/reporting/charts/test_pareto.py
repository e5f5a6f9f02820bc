"""Counted causes, the longest bar first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.reporting.charts.pareto import Bar, pareto
from ops_console.reporting.charts.tokens import LIGHT
from tests.reporting.charts.drawn import found, overlapping, parsed, texts

BARS = [
    Bar("Missing alert", 2, "2 of 9 incidents"),
    Bar("Capacity", 6, "6 of 9 incidents"),
    Bar("Process or documentation", 1, "1 of 9 incidents"),
]


def lengths(text: str) -> list[float]:
    return [float(bar.get("width", 0)) for bar in found(parsed(text), "rect", fill=LIGHT["series-1"])]


def test_the_longest_bar_stands_first_and_lengths_are_in_proportion_from_zero() -> None:
    drawn = pareto("Capacity contributed most often", "Incidents", BARS, 720, theme="light")
    first, second, third = lengths(drawn)
    assert first == pytest.approx(3 * second, abs=0.4) and second == pytest.approx(2 * third, abs=0.4)
    assert texts(parsed(drawn))[0] == "Capacity"


@pytest.mark.parametrize("width", [320, 360, 720])
def test_no_words_stand_on_each_other_or_beyond_the_edge(width: float) -> None:
    root = parsed(pareto("T", "S", BARS, width, theme="light"))
    assert overlapping(root) == []


def test_nothing_counted_is_said_and_no_bar_is_drawn() -> None:
    drawn = pareto("No review names a factor", "Incidents", [], 720, theme="light")
    assert texts(parsed(drawn)) == ["Nothing to show yet"] and lengths(drawn) == []


def test_markup_in_a_label_stays_text() -> None:
    assert "<b>" not in pareto("<b>", "S", [Bar("<b>x", 1, "1")], 720)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=15))
def test_bars_never_grow_downwards(counts: list[int]) -> None:
    bars = [Bar(f"Factor {place}", count, str(count)) for place, count in enumerate(counts)]
    drawn = lengths(pareto("T", "S", bars, 720, theme="light"))
    assert drawn == sorted(drawn, reverse=True) and len(drawn) == len(counts)

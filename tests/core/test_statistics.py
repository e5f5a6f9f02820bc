"""Statistics agree with the textbook and with the standard library."""

import math
import statistics as standard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.core.statistics import nps_margin, quantile, skewness, wilson

numbers = st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=2, max_size=50)
counts = st.integers(min_value=1, max_value=500)


@given(numbers)
def test_the_middle_quantile_is_the_median(values: list[float]) -> None:
    assert quantile(sorted(values), 0.5) == pytest.approx(standard.median(values))


@given(numbers)
def test_quartiles_are_the_inclusive_ones_of_the_standard_library(values: list[float]) -> None:
    found = [quantile(sorted(values), share) for share in (0.25, 0.5, 0.75)]
    assert found == pytest.approx(standard.quantiles(values, n=4, method="inclusive"))


@given(numbers)
def test_the_outermost_quantiles_are_the_outermost_values(values: list[float]) -> None:
    ordered = sorted(values)
    assert (quantile(ordered, 0), quantile(ordered, 1)) == (ordered[0], ordered[-1])


def test_a_quantile_lies_between_its_neighbours_in_proportion() -> None:
    assert quantile([1, 2, 3, 4], 0.9) == pytest.approx(3.7)
    assert quantile([22.0], 0.9) == 22.0


def test_there_is_no_quantile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quantile([], 0.5)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(2, 25, 0.0222, 0.2497), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_score_interval_is_that_of_published_tables(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=2e-4)


@given(counts.flatmap(lambda of: st.tuples(st.integers(min_value=0, max_value=of), st.just(of))))
def test_the_interval_holds_the_share_and_stays_between_nothing_and_all(case: tuple[int, int]) -> None:
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] + 1e-12
    assert case[0] / case[1] - 1e-12 <= high <= 1


@given(counts, counts)
def test_more_cases_make_the_interval_narrower(hits: int, more: int) -> None:
    few, many = wilson(hits, 2 * hits), wilson(hits + more, 2 * (hits + more))
    assert many[1] - many[0] < few[1] - few[0]


def test_the_margin_of_a_promoter_score_is_the_textbook_one() -> None:
    assert nps_margin(8, 2, 14) == pytest.approx(38.2, abs=0.5)
    assert nps_margin(10, 0, 10) == 0
    assert nps_margin(5, 5, 10) == pytest.approx(61.98, abs=0.01)


def test_skewness_of_an_even_sample_is_zero_and_of_a_long_tail_positive() -> None:
    assert skewness([1.0, 2.0, 3.0]) == pytest.approx(0)
    assert skewness([0.0, 0.0, 0.0, 4.0]) == pytest.approx(2 / math.sqrt(3))
    assert skewness([0.0, 0.0, 0.0, 4e-133]) == pytest.approx(2 / math.sqrt(3))
    assert skewness([7.0, 7.0]) == 0


@given(numbers)
def test_a_mirrored_sample_leans_the_other_way(values: list[float]) -> None:
    spread = max(values) - min(values)

    assert spread < 1e-3 or skewness([-value for value in values]) == pytest.approx(-skewness(values), abs=1e-9)

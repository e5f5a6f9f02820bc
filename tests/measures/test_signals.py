"""The individuals chart: what is news and what is noise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures import signals
from ops_console.measures.definition import Better, Bounds, Unit
from ops_console.measures.readings import Signal
from ops_console.measures.signals import Limits, limits, outlook, signal

CALM = [10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0]
SECONDS, COUNT, SHARE = Unit.SECONDS, Unit.COUNT, Unit.SHARE


def judged(
    values: list[float | None], better: Better = Better.LOWER, unit: Unit = SECONDS
) -> tuple[Signal, str | None]:
    return signal(values, limits(values, unit), better)


def test_limits_are_the_mean_and_two_thirds_of_eight_moving_ranges() -> None:
    found = limits(CALM, SECONDS)

    assert found is not None
    assert (found.centre, found.lower, found.upper) == (11, pytest.approx(11 - 5.32), pytest.approx(11 + 5.32))


def test_below_six_points_there_are_none() -> None:
    assert limits(CALM[:5], SECONDS) is None
    assert judged(CALM[:5]) == (Signal.TOO_LITTLE, None)


@pytest.mark.parametrize(("points", "trial"), [(6, True), (11, True), (12, False)])
def test_up_to_eleven_points_the_limits_are_on_trial(points: int, trial: bool) -> None:
    found = limits(CALM[:points], SECONDS)

    assert found is not None and found.trial is trial


def test_the_last_24_points_count() -> None:
    found = limits([1000.0, *CALM, *CALM], SECONDS)

    assert found is not None
    assert (found.points, found.centre) == (24, 11)


def test_one_leap_does_not_widen_the_limits() -> None:
    steady = [10.0, 11.0] * 10
    leap = limits([*steady, 500.0, 10.0], SECONDS)

    assert leap is not None
    assert leap.reach == pytest.approx(signals.SPREAD)


def test_what_leapt_once_and_is_as_it_always_was_is_no_news() -> None:
    attained = [1.0] * 9 + [0.5] + [1.0] * 8

    assert judged(attained, Better.HIGHER, SHARE) == (Signal.USUAL, None)
    assert judged(attained[:10], Better.HIGHER, SHARE)[0] is Signal.WORSE


@pytest.mark.parametrize(
    ("unit", "lower", "upper"), [(SHARE, 0, 1), (SECONDS, 0, None), (Unit.SCORE, 0, 10), (Unit.MONEY, None, None)]
)
def test_limits_stay_within_what_the_unit_allows(unit: Unit, lower: float | None, upper: float | None) -> None:
    found = limits([0.1, 0.9, 9.0, 0.1, 9.9, 0.2, 9.5], unit)

    assert found is not None
    assert lower is None or found.lower == lower
    assert upper is None or found.upper == upper


def test_no_moving_range_spans_a_gap() -> None:
    found = limits([10.0, 11.0, 10.0, None, 90.0, 91.0, 90.0], SECONDS)

    assert found is not None
    assert (found.reach, found.points) == (pytest.approx(signals.SPREAD), 6)


@pytest.mark.parametrize(
    ("better", "up", "down"),
    [
        (Better.LOWER, Signal.WORSE, Signal.BETTER),
        (Better.HIGHER, Signal.BETTER, Signal.WORSE),
        (Better.BAND, Signal.HIGHER, Signal.LOWER),
        (Better.NEITHER, Signal.HIGHER, Signal.LOWER),
    ],
)
def test_the_direction_has_a_name_where_one_is_better(better: Better, up: Signal, down: Signal) -> None:
    assert judged([*CALM, 30.0], better) == (up, signals.OUTSIDE)
    assert judged([*CALM, 0.0], better) == (down, signals.OUTSIDE)


def test_inside_the_limits_there_is_no_news() -> None:
    assert judged([*CALM, 12.0]) == (Signal.USUAL, None)


def test_seven_in_a_row_on_one_side_of_the_mean() -> None:
    values = [14.0, 8.0, 15.0, 7.0, 14.0, 8.0, *[11.9, 11.5, 12.0, 11.4, 11.9, 11.6, 11.5]]

    assert judged(values) == (Signal.WORSE, signals.ONE_SIDE)
    assert judged([*values[:-7], *values[-6:]])[1] != signals.ONE_SIDE


def test_seven_in_a_row_in_one_direction() -> None:
    values = [12.0, 9.0, 13.0, 8.0, 12.0, 9.0, 13.0, 9.0, 9.5, 10.0, 10.5, 11.0, 11.5, 12.0]

    assert judged(values) == (Signal.WORSE, signals.TREND)
    assert judged([value * -1 + 30 for value in values]) == (Signal.BETTER, signals.TREND)


def test_two_of_the_last_three_near_a_limit() -> None:
    values = [*CALM, *CALM[:8], 11.9, 15.4, 15.6]

    assert judged(values) == (Signal.WORSE, signals.TWO_OF_THREE)


def test_the_latest_point_alone_can_signal() -> None:
    assert judged([*CALM, 40.0, 11.0])[1] != signals.OUTSIDE


def test_an_unknown_latest_point_says_nothing() -> None:
    assert judged([*CALM, None]) == (Signal.TOO_LITTLE, None)


LONG_TAIL = [2.0, 3.0, 9.0, 2.0, 4.0, 3.0, 2.0, 14.0, 3.0, 2.0, 5.0, 2.0, 3.0]


def test_values_with_a_long_tail_have_a_wider_limit_on_that_side() -> None:
    found = limits(LONG_TAIL, SECONDS)

    assert found is not None and found.leans == 1
    assert found.upper > found.centre + found.reach
    assert found.lower == 0


def test_a_tail_towards_zero_per_cent_mirrors_one_towards_all() -> None:
    failing = [value / 100 for value in LONG_TAIL]
    up, down = limits(failing, SHARE), limits([1 - value for value in failing], SHARE)

    assert up is not None and down is not None
    assert (down.leans, down.lower) == (-1, pytest.approx(1 - up.upper))


def test_money_has_no_bound_to_lean_away_from() -> None:
    found = limits(LONG_TAIL, Unit.MONEY)

    assert found is not None and found.leans == 0


def test_a_leap_makes_no_room_for_itself() -> None:
    assert judged([*CALM, 60.0]) == (Signal.WORSE, signals.OUTSIDE)


def test_a_run_below_a_mean_that_few_long_values_raise_is_no_news() -> None:
    mean_raised_by_two = [9.0, 14.0, *[3.0, 4.0, 5.0] * 3, *[4.0, 3.0, 4.0, 3.0, 4.0, 3.0, 4.0]]

    assert max(mean_raised_by_two[-7:]) < sum(mean_raised_by_two) / len(mean_raised_by_two)
    assert judged(mean_raised_by_two) == (Signal.USUAL, None)


def test_rare_events_have_no_limits() -> None:
    rare = [0.0, 1.0, 0.0, 2.0, 0.0, 1.0, 0.0]

    assert limits(rare, COUNT) is None
    assert signals.is_rare(rare, COUNT)
    assert limits(rare, SECONDS) is not None
    assert not signals.is_rare([4.0, 3.0] * 4, COUNT)


@pytest.mark.parametrize(
    ("lower", "upper", "target", "expected"),
    [
        (5, 12, Bounds(high=14), "expect_to_meet"),
        (15, 20, Bounds(high=14), "expect_to_miss"),
        (5, 20, Bounds(high=14), "by_chance"),
        (0.96, 0.99, Bounds(low=0.95), "expect_to_meet"),
        (0.80, 0.94, Bounds(low=0.95), "expect_to_miss"),
        (3, 9, Bounds(low=2, high=10), "expect_to_meet"),
        (0, 1, Bounds(low=2, high=10), "expect_to_miss"),
        (1, 11, Bounds(low=2, high=10), "by_chance"),
    ],
)
def test_the_usual_range_says_what_to_expect(lower: float, upper: float, target: Bounds, expected: str) -> None:
    assert outlook(Limits((lower + upper) / 2, lower, upper, (upper - lower) / 2, 24), target) == expected


def test_nothing_is_promised_without_limits_or_target_or_on_trial() -> None:
    assert outlook(None, Bounds(high=1)) is None
    assert outlook(Limits(1, 0, 2, 1, 24), None) is None
    assert outlook(Limits(1, 0, 2, 1, 8), Bounds(high=9)) is None


@given(st.lists(st.floats(0, 1e6), min_size=6, max_size=40))
def test_limits_hold_their_centre_and_nothing_depends_on_the_unit_of_measure(values: list[float]) -> None:
    found = limits(values, SECONDS)

    assert found is not None
    assert found.lower <= found.centre + 1e-6 and found.centre <= found.upper + 1e-6


@given(st.lists(st.floats(1, 100), min_size=6, max_size=30), st.sampled_from([1.0, 60.0, 3600.0]))
def test_a_constant_process_never_signals(values: list[float], level: float) -> None:
    assert judged([level] * len(values))[0] is Signal.USUAL

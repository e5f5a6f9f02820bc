"""Whether somebody is on call: gaps of schedules that cover the clock, and of no others."""

from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.interruptions import HOUR, MINUTE
from ops_console.measures.rota import rota

DAY = 24 * HOUR
WEEK = 7 * DAY


def handed_over(*missing: int) -> list[tuple[int, int]]:
    """A day each, for two weeks, but for some of them."""
    return [(day * DAY, (day + 1) * DAY) for day in range(14) if day not in missing]


def test_a_schedule_handed_over_each_day_has_no_gap() -> None:
    found = rota("primary", handed_over(), 0, 2 * WEEK)
    assert (found.share, list(found.gaps), found.is_around_the_clock) == (1, [], True)


def test_a_day_nobody_took_is_a_gap() -> None:
    assert list(rota("primary", handed_over(5), 0, 2 * WEEK).gaps) == [(5 * DAY, 6 * DAY)]


def test_a_schedule_of_working_hours_has_no_gaps_to_tell() -> None:
    found = rota("days", [(day * DAY + 8 * HOUR, day * DAY + 18 * HOUR) for day in range(14)], 0, 2 * WEEK)
    assert not found.is_around_the_clock and list(found.gaps) == []
    assert 0.42 < found.share < 0.45


def test_a_moment_between_two_people_is_none() -> None:
    late = [(0, DAY - 4 * MINUTE), (DAY, 2 * DAY)]
    assert list(rota("primary", late, 0, 2 * DAY).gaps) == []
    later = [(0, DAY - 5 * MINUTE), (DAY, 2 * DAY)]
    assert list(rota("primary", later, 0, 2 * DAY).gaps) == [(DAY - 5 * MINUTE, DAY)]


def test_what_lies_before_the_first_shift_and_behind_the_last_is_unknown() -> None:
    found = rota("new", handed_over(*range(5), 12, 13), 0, 2 * WEEK)
    assert (found.share, list(found.gaps)) == (1, [])


def test_two_people_at_once_hide_each_others_gaps() -> None:
    assert list(rota("primary", [*handed_over(5), (5 * DAY - HOUR, 6 * DAY)], 0, 2 * WEEK).gaps) == []


PIECE = st.tuples(st.integers(0, 300), st.integers(1, 50)).map(lambda told: (told[0] * HOUR, sum(told) * HOUR))


@given(st.lists(PIECE, min_size=1, max_size=12), st.randoms())
def test_the_order_of_shifts_changes_nothing_and_gaps_touch_none(shifts: list[tuple[int, int]], chance) -> None:
    mixed = [*shifts]
    chance.shuffle(mixed)
    found, again = (rota("any", each, 0, 360 * HOUR) for each in (shifts, mixed))
    assert found == again and 0 <= found.share <= 1
    assert all(end <= began or ended <= start for start, end in found.gaps for began, ended in shifts)

"""Who really was on call: overrides, layers and long stretches."""

from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.duties import HOUR, WEEK, Duty, Planned, duties, union, without
from ops_console.measures.people import Someone

ADA, BEN = Someone("ada"), Someone("ben")
PIECES = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda pair: (pair[0], sum(pair))), max_size=8)


def planned(who: Someone, start: int, end: int, schedule: str = "primary", is_override: bool = False) -> Planned:
    return Planned(schedule, who, start * HOUR, end * HOUR, is_override)


def hours(found: list[Duty], who: Someone) -> float:
    return sum(duty.hours for duty in found if duty.who == who)


def test_an_override_takes_the_planned_persons_place() -> None:
    found = duties([planned(ADA, 0, 12), planned(BEN, 4, 6, is_override=True)])

    assert (hours(found, ADA), hours(found, BEN)) == (10, 2)


def test_an_override_of_the_whole_shift_leaves_nothing_of_it() -> None:
    found = duties([planned(ADA, 0, 12), planned(BEN, -1, 13, is_override=True)])

    assert [duty.who for duty in found] == [BEN]


def test_an_override_of_one_schedule_leaves_the_others_alone() -> None:
    found = duties([planned(ADA, 0, 12, "secondary"), planned(BEN, 4, 6, is_override=True)])

    assert hours(found, ADA) == 12


def test_a_stretch_longer_than_a_week_counts_as_several() -> None:
    found = duties([planned(ADA, 0, 30 * 24)])

    assert len(found) == 4
    assert (found[0].start, found[-1].end, hours(found, ADA)) == (0, 720 * HOUR, 720)


def test_the_week_in_which_the_clocks_go_back_is_one_shift() -> None:
    assert len(duties([Planned("primary", ADA, 0, WEEK + HOUR, False)])) == 1


@given(whole=PIECES.filter(bool), away=PIECES)
def test_what_is_taken_out_and_what_is_left_make_the_whole(
    whole: list[tuple[int, int]], away: list[tuple[int, int]]
) -> None:
    (start, end), taken = whole[0], union(away)
    left = {hour for began, ended in without((start, end), taken) for hour in range(began, ended)}
    gone = {hour for began, ended in away for hour in range(began, ended)}

    assert left == set(range(start, end)) - gone


@given(pieces=PIECES)
def test_a_union_covers_the_same_time_once(pieces: list[tuple[int, int]]) -> None:
    found = union(pieces)
    hours = [hour for start, end in found for hour in range(start, end)]

    assert sorted(hours) == sorted({hour for start, end in pieces for hour in range(start, end)})

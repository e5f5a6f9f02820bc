"""When an owner hears of what is owed: −3 days, the day, +1 day, then weekly; managers after a week."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ops_console.practices.occasions import of_action, of_review

DUE = date(2026, 11, 20)
DAY = timedelta(days=1)


def days(promised_on: date, until: date, whom: str = "owner") -> list[int]:
    return sorted((each.day - DUE).days for each in of_action(promised_on, DUE, until) if each.whom == whom)


def test_they_come_before_on_and_after_the_day_and_then_each_week() -> None:
    assert days(DUE - 30 * DAY, DUE + 25 * DAY) == [-3, 0, 1, 8, 15, 22]
    assert days(DUE - 30 * DAY, DUE + 25 * DAY, "manager") == [7]


def test_nothing_comes_from_before_it_was_promised() -> None:
    assert days(DUE - 2 * DAY, DUE + 2 * DAY) == [0, 1]
    assert days(DUE + 3 * DAY, DUE + 10 * DAY) == [8]


def test_a_moved_day_brings_its_own() -> None:
    marks = {each.mark for each in of_action(DUE - 30 * DAY, DUE, DUE)}
    moved = {each.mark for each in of_action(DUE - 30 * DAY, DUE + DAY, DUE + DAY)}
    assert marks.isdisjoint(moved)


@given(st.integers(0, 700), st.integers(0, 700))
def test_later_nothing_that_was_told_is_named_otherwise(first: int, more: int) -> None:
    early = list(of_action(DUE, DUE, DUE + first * DAY))
    late = list(of_action(DUE, DUE, DUE + (first + more) * DAY))
    assert set(early) <= set(late)
    assert len({each.mark for each in late}) == len(late)


def test_a_review_reminds_its_author_and_at_last_the_managers() -> None:
    found = list(of_review(DUE, DUE + 2 * DAY, DUE + 3 * DAY, DUE + 9 * DAY))
    assert [((each.day - DUE).days, each.whom) for each in found] == [(1, "owner"), (2, "owner"), (3, "manager")]

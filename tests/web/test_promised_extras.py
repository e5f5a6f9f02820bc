"""Beside time to restore stands whether incidents were reviewed in time and promises kept."""

from ops_console.practices.kept import Closure, Timeliness
from ops_console.web.extras import Pairs
from ops_console.web.promised_extras import _actions, _reviews


def told(in_time: int, late: list[tuple[int, str]], waiting: int = 0) -> Pairs:
    return _reviews(Timeliness(in_time, late, waiting, waived=0), "/incidents/{}/review".format)


def test_reviews_are_told_with_their_number_and_the_late_lead_to_theirs() -> None:
    assert told(2, [(9, "INC-7")], waiting=1) == [
        ("Handed in within 72 h", "67%, 2 of 3"),
        ("Late", '<a href="/incidents/9/review">INC-7</a>'),
        ("Still in time", "1"),
    ]


def test_of_many_late_ones_the_first_are_named() -> None:
    found = dict(told(0, [(n, f"INC-<{n}>") for n in range(10)]))
    assert found["Late"].endswith("INC-&lt;7&gt;</a> and 2 more")


def test_where_nothing_was_due_nothing_is_told() -> None:
    assert told(0, []) == []
    assert _actions(Closure(0, 0, 0, 0, 0)) == []


def test_actions_are_told_as_parts_of_those_due() -> None:
    assert _actions(Closure(3, 1, 1, 1, slips=2)) == [
        ("Done on time", "50%, 3 of 6"),
        ("Done late", "17%, 1 of 6"),
        ("Open and overdue", "17%, 1 of 6"),
        ("Dropped", "17%, 1 of 6"),
        ("Moved back", "2 times"),
    ]

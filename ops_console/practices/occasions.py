"""When somebody hears of what is owed: three days before, on the day, the day after, then each week; managers after a
week. Derived from what is promised, never stored ahead, so that a moved day or a done action needs no clearing up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

BEFORE, AFTER = timedelta(days=3), timedelta(days=1)
WEEK = timedelta(days=7)
ESCALATES = timedelta(days=7)
OWNER, MANAGER = "owner", "manager"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day on which the owner or the managers are to hear of something; `mark` names it for good."""

    mark: str
    day: date
    whom: str


def of_action(promised_on: date, due_on: date, until: date) -> Iterator[Occasion]:
    """Every occasion of one owed action from the day it was promised until another, both included."""
    for day, word, whom in _days(due_on, until):
        if promised_on <= day <= until:
            yield Occasion(f"{word}:{due_on.isoformat()}", day, whom)


def _days(due_on: date, until: date) -> Iterator[tuple[date, str, str]]:
    yield due_on - BEFORE, "before", OWNER
    yield due_on, "due", OWNER
    yield due_on + AFTER, "after", OWNER
    yield due_on + ESCALATES, "escalated", MANAGER
    number, day = 1, due_on + AFTER + WEEK
    while day <= until:
        yield day, f"week {number}", OWNER
        number, day = number + 1, day + WEEK


def of_review(restored_on: date, due_on: date, late_on: date, until: date) -> Iterator[Occasion]:
    """Every occasion of a review nobody has handed in: a day after the restoration, when it is due, when it is late."""
    occasions = (
        Occasion(f"day after:{restored_on.isoformat()}", restored_on + timedelta(days=1), OWNER),
        Occasion(f"due:{due_on.isoformat()}", due_on, OWNER),
        Occasion(f"late:{late_on.isoformat()}", late_on, MANAGER),
    )
    yield from (each for each in occasions if each.day <= until)

"""Who really was on call, and when: overrides take the planned person's place, long stretches are cut into weeks."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ops_console.measures.people import Someone

HOUR = 3_600_000
WEEK = 168 * HOUR
LONGEST = 192 * HOUR
"""A longer shift counts as several of about a week; the week in which the clocks go back has an hour more."""

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift as its schedule says it."""

    schedule: str
    who: Someone
    start: int
    end: int
    is_override: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift as it came to pass. `pieces` are what overrides left of it."""

    schedule: str
    who: Someone
    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def hours(self) -> float:
        return sum(end - start for start, end in self.pieces) / HOUR


def duties(planned: Iterable[Planned]) -> list[Duty]:
    """In the order in which they ended."""
    shifts = [part for shift in planned for part in _weeks(shift)]
    covered: defaultdict[str, list[Piece]] = defaultdict(list)
    for shift in shifts:
        if shift.is_override:
            covered[shift.schedule].append((shift.start, shift.end))
    taken = {schedule: union(pieces) for schedule, pieces in covered.items()}
    found = []
    for shift in shifts:
        away = () if shift.is_override else taken.get(shift.schedule, ())
        if pieces := without((shift.start, shift.end), away):
            found.append(Duty(shift.schedule, shift.who, shift.start, shift.end, pieces))
    return sorted(found, key=lambda duty: (duty.end, duty.start, duty.who.key, duty.schedule))


def _weeks(shift: Planned) -> Iterable[Planned]:
    length = shift.end - shift.start
    if length <= LONGEST:
        return (shift,)
    number = round(length / WEEK)
    edges = [shift.start + length * place // number for place in range(number + 1)]
    parts = pairwise(edges)
    return [Planned(shift.schedule, shift.who, start, end, shift.is_override) for start, end in parts]


def union(pieces: Iterable[Piece]) -> list[Piece]:
    """Stretches that cover the same time and do not overlap: two layers at once are one hour on call."""
    found: list[Piece] = []
    for start, end in sorted(pieces):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(whole: Piece, away: Sequence[Piece]) -> tuple[Piece, ...]:
    """What is left of a stretch when others, which do not overlap, are taken out of it."""
    left: list[Piece] = []
    start, end = whole
    first = max(0, bisect_right(away, (start, start)) - 1)
    for began, ended in away[first:]:
        if began >= end:
            break
        if began > start:
            left.append((start, began))
        start = max(start, ended)
    return (*left, (start, end)) if start < end else tuple(left)

"""Whether somebody is on call: which part of a stretch a schedule covers, and where nobody is on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ops_console.measures.duties import Piece, union, without
from ops_console.measures.interruptions import MINUTE

SHORTEST = 5 * MINUTE
"""A handover may leave a moment."""
AROUND_THE_CLOCK = 0.9
"""A schedule that covers less of the time it is known for is not meant to cover the nights, and has no gaps to tell."""


@dataclass(frozen=True, slots=True)
class Rota:
    """One schedule over `[start, end)`, in milliseconds; known from its first shift to its last."""

    schedule: str
    share: float
    """Of the time it is known for."""
    gaps: Sequence[Piece]

    @property
    def is_around_the_clock(self) -> bool:
        return self.share >= AROUND_THE_CLOCK


def rota(schedule: str, shifts: Iterable[Piece], start: int, end: int) -> Rota:
    """From all shifts of a schedule that touch the stretch, and one at least."""
    covered = union(shifts)
    known = max(start, covered[0][0]), min(end, covered[-1][1])
    gaps = without(known, covered)
    missing = sum(ended - began for began, ended in gaps)
    share = 1 - missing / max(known[1] - known[0], 1)
    told = [gap for gap in gaps if gap[1] - gap[0] >= SHORTEST] if share >= AROUND_THE_CLOCK else []
    return Rota(schedule, share, told)

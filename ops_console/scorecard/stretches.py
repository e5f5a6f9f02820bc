"""Stretches of time, in milliseconds: which of those that are kept answer a question, and what is left to ask."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, starmap
from typing import NamedTuple

from ops_console.measures.figures import AT, Cell, Span


class Stretch(NamedTuple):
    start: int
    end: int

    def meets(self, other: "Stretch") -> bool:
        return self.start < other.end and other.start < self.end

    def meets_any(self, others: "Iterable[Stretch]") -> bool:
        return any(map(self.meets, others))

    def holds(self, other: "Stretch") -> bool:
        return self.start <= other.start and other.end <= self.end

    def edges(self, every: Sequence[int]) -> list[int]:
        """Those of edges in their order that lie in it, and its ends."""
        inside = every[bisect_right(every, self.start) : bisect_left(every, self.end)]
        return [self.start, *inside, self.end]

    @classmethod
    def of(cls, span: Span) -> "Stretch":
        return cls(*span.milliseconds)


def answering(kept: Iterable[Stretch], asked: Stretch, edges: Sequence[int]) -> list[Stretch]:
    """Those within what is asked that no edge cuts in two: what is told of them holds for each span between edges. Of
    two that meet the first answers, lest anything be told twice.
    """
    found: list[Stretch] = []
    for each in sorted(kept):
        is_apart = not found or found[-1].end <= each.start
        if asked.holds(each) and len(each.edges(edges)) == 2 and is_apart:
            found.append(each)
    return found


def gaps(answered: Sequence[Stretch], asked: Stretch) -> Iterator[Stretch]:
    """What of the asked stretch is not answered by others, which come in their order."""
    start = asked.start
    for each in answered:
        if start < each.start:
            yield Stretch(start, each.start)
        start = each.end
    if start < asked.end:
        yield Stretch(start, asked.end)


def shared_out(cells: Iterable[Cell], edges: Sequence[int]) -> dict[Stretch, list[Cell]]:
    """Cells by the stretch between two edges that their anchor falls into; those of other times are left out."""
    places: list[list[Cell]] = [[] for _ in range(len(edges) + 1)]
    for cell in cells:
        places[bisect_right(edges, cell[AT])].append(cell)
    return dict(zip(starmap(Stretch, pairwise(edges)), places[1:], strict=False))

"""Stretches of time as sorted pairs of milliseconds that neither touch nor overlap."""

from collections.abc import Iterable
from itertools import pairwise

Span = tuple[int, int]
Stretches = list[Span]


def united(spans: Iterable[Span]) -> Stretches:
    """All that some span covers; empty spans cover nothing."""
    found: Stretches = []
    for began, ended in sorted(spans):
        if began >= ended:
            continue
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found


def common(first: Stretches, second: Stretches) -> Stretches:
    """What both cover."""
    return united((max(a, c), min(b, d)) for a, b in first for c, d in second)


def differing(first: Stretches, second: Stretches) -> Stretches:
    """What one of the two covers and the other does not."""
    edges = sorted({edge for span in (*first, *second) for edge in span})
    return united((a, b) for a, b in pairwise(edges) if covers(first, a) != covers(second, a))


def covers(stretches: Stretches, at: int) -> bool:
    return any(began <= at < ended for began, ended in stretches)

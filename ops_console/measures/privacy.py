"""What may be shown of groups of people, so that nobody is found out.

Where one hidden group could be found by subtracting the others from the whole, it is joined with the next smallest.
"""

from collections.abc import Mapping

FEWEST_ANSWERS = 5
"""Below so many answers no score is shown."""
FEWEST_PEOPLE = 3
"""Of fewer people no figure of their work or their nights is shown."""


def joined(counts: Mapping[str, int], fewest: int) -> list[tuple[str, ...]]:
    """Groups as they may be shown: small ones together, and never one that subtraction would reveal."""
    small = sorted((name for name in counts if counts[name] < fewest), key=lambda name: (counts[name], name))
    large = sorted((name for name in counts if counts[name] >= fewest), key=lambda name: (counts[name], name))
    while large and small and (len(small) == 1 or sum(counts[name] for name in small) < fewest):
        small.append(large.pop(0))
    return [(name,) for name in sorted(large)] + ([tuple(sorted(small))] if small else [])


def shown(sizes: Mapping[str, int]) -> frozenset[str]:
    """Of teams with so many people each (those without a team are named nothing), those whose figures may be shown."""
    alone = (names[0] for names in joined(sizes, FEWEST_PEOPLE) if len(names) == 1)
    return frozenset(name for name in alone if name and sizes[name] >= FEWEST_PEOPLE)

"""Textbook statistics, each from its source, on plain numbers."""

import math
from collections.abc import Sequence
from statistics import fmean

__all__ = ["fmean", "nps_margin", "quantile", "skewness", "wilson"]

Z95 = 1.959963984540054


def quantile(ordered: Sequence[float], share: float) -> float:
    """Quantile type 7 of ascending numbers (Hyndman & Fan 1996): numpy's default and SQL's percentile_cont."""
    if not ordered:
        raise ValueError("no quantile of nothing")
    position = (len(ordered) - 1) * share
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson 1927); `of` must be positive."""
    share, z2 = hits / of, Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def skewness(values: Sequence[float]) -> float:
    """Third moment over the cube of the deviation (Pearson's √b₁): 0 for an even sample, more for a long tail up."""
    mean = fmean(values)
    away = [value - mean for value in values]
    deviation = math.sqrt(fmean([each**2 for each in away]))
    return fmean([(each / deviation) ** 3 for each in away]) if deviation else 0.0


def nps_margin(promoters: int, detractors: int, of: int) -> float:
    """The 95% margin of a net promoter score, in points."""
    up, down = promoters / of, detractors / of
    return 1.96 * math.sqrt((up + down - (up - down) ** 2) / of) * 100

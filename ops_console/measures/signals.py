"""Is this a change, or the noise of a stable process? The individuals chart (XmR) over complete periods of one grain.

Wheeler, Understanding Variation: limits are the mean ± 2.66 × the mean moving range. A point inside them is not news.

Those limits suppose a process as likely to be above its mean as below. Durations and small shares are not: of a stable
one in which a few periods are long, they call 3 to 7 points in 100 news. Where the values lean to one side, the limit
on that side is therefore found on cube roots, which make such values nearly even (Wilson and Hilferty 1931); and a run
lies on one side of the median too, since more than half of such values lie on one side of their mean.
`tests/measures/test_false_alarms.py` holds the figures.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from ops_console.core.statistics import fmean, skewness
from ops_console.measures.definition import Better, Bounds, Unit
from ops_console.measures.readings import HistoryPoint, Signal

FEWEST, FULL, MOST = 6, 12, 24
SPREAD = 2.66
LARGEST_RANGE = 3.267
RUN = 7
LEANING = 0.47
"""Values lean where their skewness is more than its standard error for 24 even ones."""
RARE_BELOW = 3
"""Events averaging fewer than this per period have no limits: the days between them say more."""

OUTSIDE = "outside the usual range"
ONE_SIDE = "7 in a row on one side of the mean"
TREND = "7 in a row in one direction"
TWO_OF_THREE = "2 of the last 3 near a limit"
RARE = "fewer than 3 a period: the days between events say more"
UNRIPE = "too young: its cases may still change"


@dataclass(frozen=True, slots=True)
class Limits:
    """`lower` and `upper` are clipped to what the unit allows; `reach` is 2.66 mean moving ranges. `leans` is where
    the values have their long tail: 1 above, -1 below, 0 nowhere.
    """

    centre: float
    lower: float
    upper: float
    reach: float
    points: int
    leans: int = 0

    @property
    def trial(self) -> bool:
        return self.points < FULL


NATURAL: dict[Unit, tuple[float, float]] = {
    Unit.COUNT: (0, float("inf")),
    Unit.SECONDS: (0, float("inf")),
    Unit.SHARE: (0, 1),
    Unit.SCORE: (0, 10),
    Unit.MONEY: (float("-inf"), float("inf")),
}


def limits(values: Sequence[float | None], unit: Unit) -> Limits | None:
    """Limits from the last 24 known values, oldest first; None where there are fewer than six."""
    recent = list(values[-_depth(values) :])
    known = [value for value in recent if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(recent) if a is not None and b is not None]
    if len(known) < FEWEST or not ranges:
        return None
    if unit is Unit.COUNT and fmean(known) < RARE_BELOW:
        return None
    centre, reach = _centre_and_reach(recent)
    leans = _leaning(known[:-1], unit)  # the latest has no say: a leap must not make room for itself
    lower, upper = centre - reach, centre + reach
    lowest, highest = NATURAL[unit]
    if leans > 0:
        upper = max(upper, lowest + _far_from(lowest, recent))
    if leans < 0:
        lower = min(lower, highest - _far_from(highest, recent))
    return Limits(centre, max(lowest, lower), min(highest, upper), reach, len(known), leans)


def _centre_and_reach(recent: Sequence[float | None]) -> tuple[float, float]:
    """The mean, and 2.66 mean moving ranges without the leaps; with them where nothing moves between them."""
    ranges = [abs(b - a) for a, b in pairwise(recent) if a is not None and b is not None]
    largest = LARGEST_RANGE * fmean(ranges)
    usual = [step for step in ranges if step < largest]
    return fmean([value for value in recent if value is not None]), SPREAD * fmean(usual if any(usual) else ranges)


def _leaning(known: Sequence[float], unit: Unit) -> int:
    """Which way the long tail of these values points, where it points away from a natural bound."""
    skew, (lowest, highest) = skewness(known), NATURAL[unit]
    return (skew > LEANING and math.isfinite(lowest)) - (skew < -LEANING and math.isfinite(highest))


def _far_from(bound: float, recent: Sequence[float | None]) -> float:
    """How far from a natural bound values usually lie at most, found on cube roots of their distances."""
    roots = [None if value is None else math.cbrt(abs(value - bound)) for value in recent]
    centre, reach = _centre_and_reach(roots)
    return (centre + reach) ** 3


def _depth(values: Sequence[float | None]) -> int:
    """How far back the last 24 known values lie; gaps stay in place, for no range spans a gap."""
    known = 0
    for back in range(1, len(values) + 1):
        known += values[-back] is not None
        if known == MOST:
            return back
    return max(1, len(values))


def comparable(history: Sequence[HistoryPoint], since: datetime | None) -> list[HistoryPoint]:
    """Complete periods that begin at `since` or later and follow the definition that the latest of them follows."""
    found: list[HistoryPoint] = []
    version: int | None = None
    for point in reversed(history):
        told = point.definition_version
        if (since and point.period.start < since) or (version and told and told != version):
            break
        version = version or told
        found += [] if point.is_running else [point]
    return found[::-1]


def is_rare(values: Sequence[float | None], unit: Unit) -> bool:
    known = [value for value in values if value is not None]
    return unit is Unit.COUNT and len(known) >= FEWEST and fmean(known[-MOST:]) < RARE_BELOW


def signal(values: Sequence[float | None], found: Limits | None, better: Better) -> tuple[Signal, str | None]:
    """What the latest value says, and by which rule."""
    if found is None or not values or values[-1] is None:
        return Signal.TOO_LITTLE, None
    known = [value for value in values if value is not None][-MOST:]
    for rule, direction in (
        (OUTSIDE, _outside(known, found)),
        (ONE_SIDE, _one_side(known, found)),
        (TREND, _trend(known)),
        (TWO_OF_THREE, _two_of_three(known, found)),
    ):
        if direction:
            return _named(direction, better), rule
    return Signal.USUAL, None


def _outside(values: Sequence[float], found: Limits) -> int:
    return (values[-1] > found.upper) - (values[-1] < found.lower)


def _one_side(values: Sequence[float], found: Limits) -> int:
    last = values[-RUN:]
    if len(last) < RUN:
        return 0
    tells = found.leans or len(values) > 2 * RUN  # else the run itself holds the median
    middles = (found.centre, median(values)) if tells else (found.centre,)
    return (min(last) > max(middles)) - (max(last) < min(middles))


def _trend(values: Sequence[float]) -> int:
    steps = list(pairwise(values[-RUN:]))
    if len(steps) < RUN - 1:
        return 0
    return all(b > a for a, b in steps) - all(b < a for a, b in steps)


def _two_of_three(values: Sequence[float], found: Limits) -> int:
    last = [value - found.centre for value in values[-3:]]
    if len(last) < 3 or not found.reach:
        return 0
    far = found.reach * 2 / 3
    up = min(last) > 0 and sum(value > far for value in last) >= 2
    down = max(last) < 0 and sum(value < -far for value in last) >= 2
    return up - down


def _named(direction: int, better: Better) -> Signal:
    if better in (Better.BAND, Better.NEITHER):
        return Signal.HIGHER if direction > 0 else Signal.LOWER
    return Signal.BETTER if (direction > 0) == (better is Better.HIGHER) else Signal.WORSE


def outlook(found: Limits | None, target: Bounds | None) -> str | None:
    """What the usual range promises about the target while the process stays as it is."""
    if found is None or target is None or found.trial:
        return None
    ends = target.met_by(found.lower), target.met_by(found.upper)
    if all(ends):
        return "expect_to_meet"
    return "expect_to_miss" if _wholly_outside(found, target) else "by_chance"


def _wholly_outside(found: Limits, target: Bounds) -> bool:
    below = target.low is not None and not target.met_by(found.upper) and found.upper <= target.low
    above = target.high is not None and not target.met_by(found.lower) and found.lower >= target.high
    return below or above

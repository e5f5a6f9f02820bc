"""How often the rules of `measures.signals` cry wolf, and how soon they see a real shift, by seeded simulation.

The processes are those that KPIs chart: scores and costs that vary evenly, durations with a long tail, monthly means
and medians of such durations, counts, and shares of few cases. Judged as a page judges them: point after point, with
trial limits from the sixth on, then with as much history as there is.
"""

import math
import random
from collections.abc import Callable
from statistics import fmean, median, pstdev

import pytest

from ops_console.measures.definition import Better, Unit
from ops_console.measures.readings import Signal
from ops_console.measures.signals import FEWEST, MOST, limits, signal

Draw = Callable[[random.Random], float]
MOST_FALSE_ALARMS = 0.025
MOST_POINTS_UNTIL_SEEN = 5
STABLE_RUNS, SHIFTED_RUNS, LOST = 200, 101, 40
JUDGED = range(FEWEST, 37, 2)


def poisson(mean: float) -> Draw:
    def draw(chance: random.Random) -> float:
        count, left = 0, chance.random()
        while left > math.exp(-mean):
            count, left = count + 1, left * chance.random()
        return float(count)

    return draw


def share(chance_of_one: float, cases: int) -> Draw:
    return lambda chance: sum(chance.random() < chance_of_one for _ in range(cases)) / cases


PROCESSES: dict[str, tuple[Unit, Draw]] = {
    "normal": (Unit.SECONDS, lambda chance: chance.gauss(100, 10)),
    "normal score": (Unit.SCORE, lambda chance: chance.gauss(7, 0.5)),
    "uniform": (Unit.SECONDS, lambda chance: chance.uniform(0, 10)),
    "gamma of shape 4": (Unit.SECONDS, lambda chance: chance.gammavariate(4, 2)),
    "lognormal": (Unit.SECONDS, lambda chance: chance.lognormvariate(2, 0.5)),
    "exponential": (Unit.SECONDS, lambda chance: chance.expovariate(0.1)),
    "median of 9 lead times": (Unit.SECONDS, lambda chance: median(chance.lognormvariate(2, 1) for _ in range(9))),
    "mean of 8 restorations": (Unit.SECONDS, lambda chance: fmean(chance.lognormvariate(1, 1) for _ in range(8))),
    "Poisson of 4": (Unit.COUNT, poisson(4)),
    "Poisson of 10": (Unit.COUNT, poisson(10)),
    "clustered count": (Unit.COUNT, lambda chance: poisson(chance.gammavariate(3, 3))(chance)),
    "10% of 25": (Unit.SHARE, share(0.10, 25)),
    "90% of 25": (Unit.SHARE, share(0.90, 25)),
    "97% of 100": (Unit.SHARE, share(0.97, 100)),
}
EVERY = pytest.mark.parametrize("name", PROCESSES)


def rule_at(values: list[float], unit: Unit) -> tuple[Signal, str | None]:
    seen = values[-MOST - 1 :]
    return signal(seen, limits(seen, unit), Better.NEITHER)


@EVERY
def test_a_stable_process_is_flagged_in_at_most_one_point_of_forty(name: str) -> None:
    unit, draw = PROCESSES[name]
    chance, rules = random.Random(f"stable {name}"), list[str | None]()
    for _ in range(STABLE_RUNS):
        values = [draw(chance) for _ in JUDGED for _ in range(JUDGED.step)]
        rules += [rule_at(values[:upto], unit)[1] for upto in JUDGED]

    flagged = [rule for rule in rules if rule]
    counts = {rule: f"{flagged.count(rule) / len(rules):.2%}" for rule in sorted(set(flagged))}
    assert len(flagged) <= MOST_FALSE_ALARMS * len(rules), f"{name}: {len(flagged) / len(rules):.2%}, {counts}"


def points_until_seen(name: str, direction: int) -> float:
    """The median number of points after a shift by two standard deviations until it is called by its direction."""
    unit, draw = PROCESSES[name]
    chance, waited = random.Random(f"shifted {name}"), []
    shift = direction * 2 * pstdev(draw(chance) for _ in range(2000))
    wanted = Signal.HIGHER if direction > 0 else Signal.LOWER
    for _ in range(SHIFTED_RUNS):
        values = [draw(chance) for _ in range(MOST)]
        while len(values) < MOST + LOST:
            values.append(draw(chance) + shift)
            if rule_at(values, unit)[0] is wanted:
                break
        waited.append(len(values) - MOST)
    return median(waited)


def away_from_its_bound(name: str) -> int:
    """A rise, or for a share near 100% a fall: the direction in which there is room."""
    unit, draw = PROCESSES[name]
    return -1 if unit is Unit.SHARE and draw(random.Random(1)) > 0.5 else 1


@EVERY
def test_a_shift_by_two_deviations_is_found_within_five_points(name: str) -> None:
    waited = points_until_seen(name, away_from_its_bound(name))

    assert waited <= MOST_POINTS_UNTIL_SEEN, f"{name}: found after {waited} points (median of {SHIFTED_RUNS})"


@pytest.mark.parametrize("name", ["normal", "normal score", "Poisson of 10"])
def test_a_fall_is_found_as_soon_as_a_rise(name: str) -> None:
    waited = points_until_seen(name, -1)

    assert waited <= MOST_POINTS_UNTIL_SEEN, f"{name}: found after {waited} points (median of {SHIFTED_RUNS})"

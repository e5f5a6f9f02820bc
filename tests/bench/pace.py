"""Seconds on a machine whose pace swings, as those that many share do: threefold within a minute was seen."""

from time import perf_counter

LOOPS = 1_000_000
USUAL = 1 / 15
"""Seconds in which an undisturbed core of a server squares so many numbers, by Python 3.11."""
FRESH = 0.3
"""For so many seconds a machine's pace is believed to stay."""


class SteadyClock:
    """Seconds as that undisturbed core counts them: what passed between two looks, divided by how many times slower the
    machine was, on average, at either of them. The looks themselves take no time.
    """

    def __init__(self) -> None:
        self._told = 0.0
        self._slower = slower()
        self._left = self._looked = perf_counter()

    def __call__(self) -> float:
        came = perf_counter()
        before = self._slower
        if came - self._looked > FRESH:
            self._slower = slower()
            self._looked = perf_counter()
        self._told += (came - self._left) / ((before + self._slower) / 2)
        self._left = perf_counter()
        return self._told


def slower() -> float:
    """How many times slower the machine is now than an undisturbed one."""
    return min(_squares() for _ in range(3)) / USUAL


def _squares() -> float:
    began, total = perf_counter(), 0
    for number in range(LOOPS):
        total += number * number
    return perf_counter() - began

"""Seconds on a machine whose pace swings, as those that many share do: threefold within a minute was seen."""

from statistics import fmean
from threading import Thread
from time import perf_counter, sleep, thread_time
from weakref import ref

LOOPS = 20_000
USUAL = LOOPS / 15_000_000
"""Seconds in which an undisturbed core of a server squares so many numbers, by Python 3.11."""
EVERY = 0.2
"""Seconds between two looks."""


class SteadyClock:
    """Seconds as that undisturbed core counts them: those that passed, each divided by how many times slower the
    machine was. A thread looks at that all the while, by the processor time of a fixed piece of work: that the cores
    are kept busy by what is measured makes none of them slower.
    """

    def __init__(self) -> None:
        self._told = 0.0
        self._seen = [slower()]
        Thread(target=_look_on, args=[ref(self)], daemon=True).start()
        self._left = perf_counter()

    def __call__(self) -> float:
        came = perf_counter()
        seen = [*self._seen]
        self._told += (came - self._left) * fmean(1 / each for each in seen)
        self._seen, self._left = seen[-1:], came
        return self._told

    def look(self) -> None:
        self._seen.append(slower())


def _look_on(clock: "ref[SteadyClock]") -> None:
    """For as long as anybody asks that clock."""
    while (there := clock()) is not None:
        there.look()
        del there
        sleep(EVERY)


def slower() -> float:
    """How many times slower the machine is now than an undisturbed one."""
    began, total = thread_time(), 0
    for number in range(LOOPS):
        total += number * number
    return (thread_time() - began) / USUAL

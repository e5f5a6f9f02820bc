"""What was measured: the figure, plain SQL for the same figure, their ratio, and the goal."""

import gc
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Literal

from tests.bench.pace import SteadyClock

Unit = Literal["s", "ms", "/s", "MB", "kB", "×"]
SLACK = 1.5
"""Aim at no more than this many times plain SQL."""


def processor_time() -> float:
    """Of this process and those that worked for it and have ended."""
    return sum(os.times()[:4])


def steady_time() -> float:
    """As an undisturbed machine counts it."""
    return _steady()()


@lru_cache(maxsize=1)
def _steady() -> SteadyClock:
    return SteadyClock()


CLOCKS: dict[str, Callable[[], float]] = {"wall": perf_counter, "processor": processor_time, "steady": steady_time}
watch: Callable[[], float] = perf_counter
"""Wall time; or processor time where other work on the machine would be measured too (`--clock processor`); or what an
undisturbed machine would take, where this one's pace swings (`--clock steady`).
"""


def passing() -> float:
    """The same of work that other processes do, whose processor time is not known while they live."""
    return perf_counter() if watch is processor_time else watch()


def name_of_watch() -> str:
    return next(name for name, clock in CLOCKS.items() if clock is watch)


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is a least for rates and a most for everything else; `plain` is the same figure in plain SQL."""

    name: str
    value: float
    unit: Unit
    goal: float | None = None
    plain: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        if self.plain is None:
            return None
        return self.plain / self.value if self.unit == "/s" else self.value / self.plain

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        is_met = self.value >= self.goal if self.unit == "/s" else self.value <= self.goal
        return "ok" if is_met else "over"


HEADINGS = ("figure", "ours", "goal", "", "plain SQL", "ratio", "")


def lines(figures: Iterable[Figure]) -> list[str]:
    """A table with one line per figure."""
    rows = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    return [
        "  ".join(
            _aligned(cell, width, place) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cells(figure: Figure) -> tuple[str, ...]:
    goal = "" if figure.goal is None else f"{'≥' if figure.unit == '/s' else '≤'} {amount(figure.goal, figure.unit)}"
    plain = "" if figure.plain is None else amount(figure.plain, figure.unit)
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}×"
    return figure.name, amount(figure.value, figure.unit), goal, figure.verdict, plain, ratio, figure.note


def _aligned(cell: str, width: int, place: int) -> str:
    return cell.ljust(width) if place in (0, 3, 6) else cell.rjust(width)


def amount(value: float, unit: Unit) -> str:
    if unit == "/s":
        return f"{value:,.0f}/s"
    if unit == "×":
        return f"{value:.2f}×"
    return f"{value:,.3f} {unit}" if value < 10 else f"{value:,.1f} {unit}"


def seconds(action: Callable[[], object], best_of: int = 3) -> float:
    """The shortest of a few runs: what the code costs, not what the machine was doing meanwhile."""
    return min(_once(action) for _ in range(best_of))


def _once(action: Callable[[], object]) -> float:
    gc.collect()
    began = watch()
    action()
    return watch() - began

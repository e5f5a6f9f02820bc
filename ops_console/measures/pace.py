"""How often something happens: per week, and how long it usually is from one to the next."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import sub
from typing import Any, ClassVar

from ops_console.core.statistics import quantile
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.durations import THOUSAND
from ops_console.measures.figures import AT, EXCLUDED, Cell, Figure, Reduced, Setting, Span, by_scope
from ops_console.measures.scopes import Scope

WEEK = 7 * 86_400


def per_week(count: int, seconds: float) -> float | None:
    """In less than a week nobody can tell."""
    return count * WEEK / seconds if seconds >= WEEK else None


@dataclass(frozen=True, slots=True)
class Pace(Aggregate):
    """How many rows a week, over the whole span; in the detail the median gap between one and the next in it."""

    by_row: ClassVar[bool] = True

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        counted = [cell for cell in cells if cell[EXCLUDED] is None]
        return _Paced(
            {scope: [cell[AT] for cell in found] for scope, found in by_scope(counted, setting.slugs).items()}
        )


@dataclass(frozen=True, slots=True)
class _Paced(Reduced):
    at: Mapping[Scope, Sequence[int]]

    def scopes(self) -> Iterable[Scope]:
        return self.at

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        found = self.at[scope][bisect_left(self.at[scope], start) : bisect_left(self.at[scope], end)]
        if not found:
            return None
        gaps = sorted(map(sub, found[1:], found))
        detail = {"median_gap": quantile(gaps, 0.5) / THOUSAND} if gaps else {}
        return Figure(per_week(len(found), (end - start) / THOUSAND), n=Decimal(len(found)), detail=detail)

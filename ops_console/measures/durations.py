"""Durations: mean, median, p75 and p90 (quantile type 7) of raw rows, never a median of medians."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ColumnElement, FromClause, func, type_coerce

from ops_console.core.columns import instant, several
from ops_console.core.statistics import quantile
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import (
    AT,
    EXCLUDED,
    REST,
    TIER,
    Cell,
    Exclusions,
    Figure,
    Reduced,
    Running,
    Setting,
    Span,
    by_scope,
    columns_of,
)
from ops_console.measures.scopes import Scope

COUNT, FIRST, TIMES = range(REST, REST + 3)
"""Behind the times of a cell stand those of its stages."""
THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Duration(Aggregate):
    """Rows with `ms`, the measured time in milliseconds. `headline` names the statistic the target binds on.

    `stages` are further columns of milliseconds whose medians go into the detail. `unknown` is the reason that lowers
    coverage, `waiting` the reason of rows that have not ended: counted, with the oldest, and never in the statistic.
    `limits` are seconds by tier: the share of rows that took less than the limit of theirs goes into the detail.
    """

    headline: str = "median"
    stages: tuple[str, ...] = ()
    unknown: str | None = None
    waiting: str | None = None
    limits: Mapping[int, float] = field(default_factory=dict)
    measured: ClassVar[str | None] = "ms"

    @property
    def counts_rows(self) -> bool:
        return True

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        times = (several(rows.c[name]) for name in ("ms", *self.stages))
        return (func.count(), func.min(type_coerce(rows.c.anchor, BigInteger)), *times)

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        for cell in cells:
            for times in cell[TIMES : TIMES + 1 + len(self.stages)]:
                times.sort()  # once for all scopes and spans: what is in order is soon sorted with the rest
        timed = by_scope([(*cell, *self._limited(cell)) for cell in cells], setting.slugs)
        return _Durations(self, {scope: _Timed(found, len(self.stages)) for scope, found in timed.items()})

    def _limited(self, cell: Cell) -> tuple[int, int]:
        """How many rows have a limit, and how many of them took less."""
        limit = self.limits.get(cell[TIER])
        return (0, 0) if limit is None else (len(cell[TIMES]), bisect_left(cell[TIMES], limit * THOUSAND))


class _Timed:
    """One scope's times in the order of their stretches, by columns: those of a span are a slice."""

    __slots__ = ("_at", "_left_out", "excluded", "stages", "times", "totals")

    def __init__(self, cells: Sequence[Cell], stages: int) -> None:
        columns = columns_of([cell for cell in cells if cell[EXCLUDED] is None], TIMES + stages + 3)
        self._at, self.times, self.stages = columns[AT], columns[TIMES], columns[TIMES + 1 : -2]
        self.totals = Running(self._at, columns[COUNT], *columns[-2:])
        self._left_out = [cell for cell in cells if cell[EXCLUDED] is not None]
        self.excluded = Exclusions((cell[EXCLUDED], cell[AT], cell[COUNT]) for cell in self._left_out)

    @property
    def instants(self) -> tuple[int, int]:
        ends = [*self.totals.ends, *self.excluded.ends]
        return min(ends), max(ends)

    def between(self, start: int, end: int) -> slice:
        return slice(bisect_left(self._at, start), bisect_left(self._at, end))

    def oldest(self, reason: str, start: int, end: int) -> int | None:
        mine = (cell for cell in self._left_out if cell[EXCLUDED] == reason and start <= cell[AT] < end)
        return min((cell[FIRST] for cell in mine), default=None)


@dataclass(frozen=True, slots=True)
class _Durations(Reduced):
    duration: Duration
    timed: Mapping[Scope, _Timed]

    def scopes(self) -> Iterable[Scope]:
        return self.timed

    def instants(self, scope: Scope) -> tuple[int, int]:
        return self.timed[scope].instants

    def cases(self, scope: Scope, span: Span) -> int | None:
        known = self.timed[scope].totals.between(*span.milliseconds)[0]
        return known if known or self.timed[scope].excluded.between(*span.milliseconds) else None

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        timed, ends = self.timed[scope], span.milliseconds
        (known, limited, less), excluded = timed.totals.between(*ends), timed.excluded.between(*ends)
        if not known and not excluded:
            return None
        rows = timed.between(*ends)
        times = sorted(chain.from_iterable(timed.times[rows]))
        spread = _spread_of_ordered(times)
        missing = excluded.get(self.duration.unknown, 0) if self.duration.unknown else 0
        detail = {**self._stages(timed, rows), **self._waiting(timed, excluded, ends)}
        if 0 < known <= SHOWN_EACH:
            detail["each"] = [ms / THOUSAND for ms in times]
        if limited:
            detail["within_limit"] = {"k": less, "n": limited, "value": less / limited}
        return Figure(
            value=spread[self.duration.headline] if spread else None,
            n=Decimal(known),
            spread=spread,
            detail=detail,
            excluded=excluded,
            coverage_known=known if self.duration.unknown else None,
            coverage_expected=known + missing if self.duration.unknown else None,
        )

    def _stages(self, timed: _Timed, rows: slice) -> dict[str, Any]:
        stages = {}
        for name, column in zip(self.duration.stages, timed.stages, strict=True):
            times = [*chain.from_iterable(column[rows])]
            if stage := spread_of(times):
                stages[name] = {"n": len(times), **stage}
        return {"stages": stages} if stages else {}

    def _waiting(self, timed: _Timed, excluded: Mapping[str, int], span: tuple[int, int]) -> dict[str, Any]:
        waiting = self.duration.waiting
        if not waiting or waiting not in excluded:
            return {}
        oldest = timed.oldest(waiting, *span)
        oldest_at = instant(oldest).isoformat() if oldest is not None else None
        return {"waiting": {"count": excluded[waiting], "oldest_at": oldest_at}}


SHOWN_EACH = 5
"""So few rows are shown themselves in place of a statistic: "22 min, 72 min"."""


def spread_of(milliseconds: Sequence[int]) -> dict[str, float] | None:
    """Seconds. Whole milliseconds are sorted and summed first, so the order of rows never shows in the result."""
    return _spread_of_ordered(sorted(milliseconds))


def _spread_of_ordered(ordered: Sequence[int]) -> dict[str, float] | None:
    if not ordered:
        return None
    if ordered[0] < 0:
        ordered = [max(0, ms) for ms in ordered]
    return {
        "mean": sum(ordered) / len(ordered) / THOUSAND,
        "median": quantile(ordered, 0.5) / THOUSAND,
        "p75": quantile(ordered, 0.75) / THOUSAND,
        "p90": quantile(ordered, 0.9) / THOUSAND,
    }

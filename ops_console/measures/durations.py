"""Durations: mean, median, p75 and p90 (quantile type 7) of raw rows, never a median of medians."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from ops_console.core.columns import instant
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
    Setting,
    Span,
    by_scope,
    columns_by_scope,
)
from ops_console.measures.scopes import Scope

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
    by_row: ClassVar[bool] = True

    @property
    def counts_rows(self) -> bool:
        return True

    @property
    def keys(self) -> tuple[str, ...]:
        return ("ms", *self.stages)

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        wanted = (AT, *range(REST, REST + len(self.keys)), *([TIER] if self.limits else []))
        known = columns_by_scope([cell for cell in cells if cell[EXCLUDED] is None], wanted, setting.slugs)
        others = by_scope([cell for cell in cells if cell[EXCLUDED] is not None], setting.slugs)
        none: Sequence[Sequence[Any]] = [()] * len(wanted)
        scopes, stages = known.keys() | others.keys(), len(self.stages)
        timed = {scope: _Timed(known.get(scope, none), stages, others.get(scope, ())) for scope in scopes}
        return _Durations(self, timed)


class _Timed:
    """One scope's rows in the order of their anchors, by columns: a span of a column is a slice."""

    __slots__ = ("_at", "_left_out", "excluded", "stages", "tiers", "times")

    def __init__(self, known: Sequence[Sequence[Any]], stages: int, left_out: Sequence[Cell]) -> None:
        self._at, self.times, *others = known
        self.stages = others[:stages]
        self.tiers: Sequence[int | None] = others[stages] if len(others) > stages else ()
        self._left_out = left_out
        self.excluded = Exclusions((cell[EXCLUDED], cell[AT], 1) for cell in self._left_out)

    @property
    def instants(self) -> tuple[int, int]:
        ends = [*self._at[:1], *self._at[-1:], *self.excluded.ends]
        return min(ends), max(ends)

    def between(self, start: int, end: int) -> slice:
        return slice(bisect_left(self._at, start), bisect_left(self._at, end))

    def oldest(self, reason: str, start: int, end: int) -> int | None:
        return min((c[AT] for c in self._left_out if c[EXCLUDED] == reason and start <= c[AT] < end), default=None)


@dataclass(frozen=True, slots=True)
class _Durations(Reduced):
    duration: Duration
    timed: Mapping[Scope, _Timed]

    def scopes(self) -> Iterable[Scope]:
        return self.timed

    def instants(self, scope: Scope) -> tuple[int, int]:
        return self.timed[scope].instants

    def cases(self, scope: Scope, span: Span) -> int | None:
        rows, excluded = self._within(scope, span)
        return rows.stop - rows.start if rows.stop > rows.start or excluded else None

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        rows, excluded = self._within(scope, span)
        times = self.timed[scope].times[rows]
        if not times and not excluded:
            return None
        spread = spread_of(times)
        known = len(times)
        missing = excluded.get(self.duration.unknown, 0) if self.duration.unknown else 0
        return Figure(
            value=spread[self.duration.headline] if spread else None,
            n=Decimal(known),
            spread=spread,
            detail=self._detail(self.timed[scope], rows, excluded, span.milliseconds),
            excluded=excluded,
            coverage_known=known if self.duration.unknown else None,
            coverage_expected=known + missing if self.duration.unknown else None,
        )

    def _within(self, scope: Scope, span: Span) -> tuple[slice, dict[str, int]]:
        timed = self.timed[scope]
        return timed.between(*span.milliseconds), timed.excluded.between(*span.milliseconds)

    def _detail(self, timed: _Timed, rows: slice, excluded: Mapping[str, int], span: tuple[int, int]) -> dict[str, Any]:
        detail: dict[str, Any] = {}
        stages = {}
        for name, column in zip(self.duration.stages, timed.stages, strict=True):
            times = [ms for ms in column[rows] if ms is not None]
            if stage := spread_of(times):
                stages[name] = {"n": len(times), **stage}
        if stages:
            detail["stages"] = stages
        waiting = self.duration.waiting
        if waiting and waiting in excluded:
            oldest = timed.oldest(waiting, *span)
            detail["waiting"] = {
                "count": excluded[waiting],
                "oldest_at": instant(oldest).isoformat() if oldest is not None else None,
            }
        if 0 < rows.stop - rows.start <= SHOWN_EACH:
            detail["each"] = sorted(ms / THOUSAND for ms in timed.times[rows])
        if within := _within(timed.tiers[rows], timed.times[rows], self.duration.limits):
            detail["within_limit"] = within
        return detail


def _within(tiers: Sequence[int | None], times: Sequence[int], limits: Mapping[int, float]) -> dict[str, Any]:
    """Of the rows whose tier has a limit, those that took less; nothing where none has."""
    if not limits:
        return {}
    timed = zip(tiers, times, strict=True)
    limited = [ms < limits[tier] * THOUSAND for tier, ms in timed if tier is not None and tier in limits]
    return {"k": sum(limited), "n": len(limited), "value": sum(limited) / len(limited)} if limited else {}


SHOWN_EACH = 5
"""So few rows are shown themselves in place of a statistic: "22 min, 72 min"."""


def spread_of(milliseconds: Sequence[int]) -> dict[str, float] | None:
    """Seconds. Whole milliseconds are sorted and summed first, so the order of rows never shows in the result."""
    if not milliseconds:
        return None
    ordered = sorted(milliseconds)
    if ordered[0] < 0:
        ordered = [max(0, ms) for ms in ordered]
    return {
        "mean": sum(ordered) / len(ordered) / THOUSAND,
        "median": quantile(ordered, 0.5) / THOUSAND,
        "p75": quantile(ordered, 0.75) / THOUSAND,
        "p90": quantile(ordered, 0.9) / THOUSAND,
    }

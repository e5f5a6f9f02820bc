"""Service levels: good ÷ valid per objective, compared as whole numbers, and how many objectives were met.

Sums of events are divided once, at the end: averaging error ratios turns a service at 99.97% into 97.6%.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ColumnElement, FromClause, func, type_coerce

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import (
    AT,
    ENTRY,
    EXCLUDED,
    REST,
    TEAM,
    TIER,
    Cell,
    Figure,
    Part,
    Reduced,
    Setting,
    Span,
    scopes_of,
)
from ops_console.measures.scopes import Scope, ScopeKind

MILLION = 1_000_000
COVERED = 0.95
"""An objective is judged where at least this share of the time was seen."""
NEARLY_SPENT = 0.75
"""From here on the error budget is nearly used up."""
TOP_TIER = 1

SLO, PPM, GOOD, TOTAL, SEEN, LAST = range(REST, REST + 6)


@dataclass(frozen=True, slots=True)
class Attained(Aggregate):
    """Slices with `slo_id`, `objective_ppm`, `good`, `total` and `covered` (seconds that were seen)."""

    measured: ClassVar[str | None] = "good"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("slo_id", "objective_ppm")

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return (
            func.sum(rows.c.good),
            func.sum(rows.c.total),
            func.sum(rows.c.covered),
            func.max(type_coerce(rows.c.anchor, BigInteger)),
        )

    def parts(self, figure: Figure) -> Sequence[Part]:
        return [
            Part(
                label=slo["name"],
                measure=slo["actual"],
                n=slo["total"],
                excluded=None if slo["met"] is not None else slo["state"],
                subject=slo["subject"],
                id=slo["slo"],
            )
            for slo in figure.detail.get("slos", ())
        ]

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Attainment(cells, setting)


class _Attainment(Reduced):
    """Objectives by scope. Which scope an objective belongs to is decided by its last slice in the span."""

    def __init__(self, cells: Sequence[Cell], setting: Setting) -> None:
        self._setting = setting
        by_slo: defaultdict[int, list[Cell]] = defaultdict(list)
        for cell in cells:
            if cell[EXCLUDED] is None:
                by_slo[cell[SLO]].append(cell)
        self._cells = {slo: sorted(found, key=_when) for slo, found in by_slo.items()}
        self._at = {slo: [cell[AT] for cell in found] for slo, found in self._cells.items()}
        self._scopes: defaultdict[Scope, set[int]] = defaultdict(set)
        for slo, found in self._cells.items():
            for entry, team, tier in {cell[:AT] for cell in found}:
                for scope in scopes_of(entry, team, tier, setting.slugs):
                    self._scopes[scope].add(slo)

    def scopes(self) -> Iterable[Scope]:
        return self._scopes

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        seconds = int((span.end - span.start).total_seconds())
        slos = [self._state(slo, found) for slo in sorted(self._scopes[scope]) if (found := self._in(slo, span))]
        mine = [state for state in slos if scope in self._scopes_now(state.pop("standing"))]
        if not mine:
            return None
        if scope.kind in (ScopeKind.WORKSPACE, ScopeKind.TEAM) and any(slo["tier"] == TOP_TIER for slo in mine):
            return attained([slo for slo in mine if slo["tier"] == TOP_TIER], seconds, tier=TOP_TIER)
        return attained(mine, seconds)

    def _scopes_now(self, standing: Cell) -> list[Scope]:
        entry, team, tier = standing
        return scopes_of(entry, team, tier, self._setting.slugs)

    def _in(self, slo: int, span: Span) -> Sequence[Cell]:
        start, end = span.milliseconds
        at = self._at[slo]
        return self._cells[slo][bisect_left(at, start) : bisect_left(at, end)]

    def _state(self, slo: int, cells: Sequence[Cell]) -> dict[str, Any]:
        last = max(cells, key=_last)
        total = sum(cell[TOTAL] for cell in cells)
        return {
            "slo": slo,
            "name": self._setting.names.get(slo, ""),
            "subject": self._setting.slugs.get(last[ENTRY], ""),
            "tier": last[TIER],
            "standing": (last[ENTRY], last[TEAM], last[TIER]),
            "objective": last[PPM] / MILLION,
            "good": int(sum(cell[GOOD] for cell in cells)),
            "total": int(total),
            # The budget of each part of the period is what the objective in force then allowed.
            "allowed": int(sum(cell[TOTAL] * (MILLION - cell[PPM]) for cell in cells)),
            "covered_seconds": int(sum(cell[SEEN] for cell in cells)),
        }


def attained(slos: Sequence[Mapping[str, Any]], seconds: int, *, tier: int | None = None) -> Figure:
    """Judge objectives over a stretch of `seconds`; one seen for less than 95% of it is unknown, never missed."""
    judged = [judge(slo, seconds) for slo in slos]
    counted = [slo for slo in judged if slo["met"] is not None]
    known = [slo for slo in judged if slo["state"] != "not enough data"]
    met = sum(slo["met"] for slo in counted)
    good, total = sum(slo["good"] for slo in counted), sum(slo["total"] for slo in counted)
    worst = max(counted, key=lambda slo: (slo["budget_used"], slo["name"]), default=None)
    return Figure(
        value=met / len(counted) if counted else None,
        k=Decimal(met),
        n=Decimal(len(counted)),
        detail={
            "slos": judged,
            "tier": tier,
            "event_weighted": good / total if total else None,
            "worst": worst["name"] if worst else None,
            "worst_actual": worst["actual"] if worst else None,
            "worst_objective": worst["objective"] if worst else None,
            "budget_used": worst["budget_used"] if worst else None,
            "nearly_spent": [slo["name"] for slo in counted if slo["met"] and slo["budget_used"] >= NEARLY_SPENT],
        },
        coverage_known=len(known),
        coverage_expected=len(judged),
    )


def judge(slo: Mapping[str, Any], seconds: int) -> dict[str, Any]:
    """One objective: met if bad events in parts per million are at most what was allowed."""
    good, total, allowed = slo["good"], slo["total"], slo["allowed"]
    enough = slo["covered_seconds"] >= COVERED * seconds
    bad = (total - good) * MILLION
    met = bad <= allowed if enough and total else None
    state = "not enough data" if not enough else "no traffic" if not total else "met" if met else "missed"
    return {
        **slo,
        "actual": good / total if total else None,
        "budget_used": bad / allowed if allowed else None,
        "covered": min(1.0, slo["covered_seconds"] / seconds) if seconds else None,
        "met": met,
        "state": state,
    }


def _when(cell: Cell) -> tuple[int, int]:
    return cell[AT], cell[LAST]


def _last(cell: Cell) -> int:
    last: int = cell[LAST]
    return last

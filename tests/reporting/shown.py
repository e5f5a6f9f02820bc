"""Readings to put into words and drawings, with defaults: a test names only what matters to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.core.periods import Period, parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Bounds, Definition, Unit
from ops_console.measures.readings import DataState, HistoryPoint, Reading, Signal, Status
from ops_console.measures.scopes import WORKSPACE
from tests.reporting.team_figures import TEAM

LONDON = ZoneInfo("Europe/London")
OCTOBER = parse("2026-10", LONDON)
AS_OF = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
BANNED = (
    r"\bN/?A\b|\bnull\b|(?-i:\bNone\b)|\bNaN\b|\binf(inity)?\b|∞|significant|dramatic|\bonly\b|unfortunately|\bgreat\b|!|\bbecause\b"
    r"|^-$|^−$|[^\w]-\d"
)
"""What no text of the product says, a lone dash and a hyphen for a minus included."""


DAY = 86400.0
SLOS: dict[str, Any] = {
    "tier": 1,
    "worst": "ranker-v4",
    "worst_actual": 0.9984,
    "worst_objective": 0.999,
    "budget_used": 1.6,
    "slos": [
        {"name": name, "actual": actual, "objective": 0.999, "budget_used": used, "met": met, "state": state}
        for name, actual, used, met, state in (
            ("ranker-v4", 0.9984, 1.6, False, "missed"),
            ("fraud-scoring", 0.99925, 0.75, True, "met"),
            ("search-embed", 0.99962, 0.38, True, "met"),
            ("ads-ctr", 0.9999, 0.1, True, "met"),
            ("churn-batch", 1.0, 0.0, True, "met"),
            ("demand-forecast", None, None, None, "not enough data"),
        )
    ],
}
FIGURES: dict[str, dict[str, Any]] = {
    **TEAM,
    "model_deployments": {"value": 9.0, "k": Decimal(9), "n": None, "target": Bounds(2, 10)},
    "lead_time": {"value": 8.5 * DAY, "n": Decimal(9), "target": Bounds(high=14 * DAY)},
    "change_failure_rate": {"value": 0.08, "k": Decimal(2), "n": Decimal(25), "target": Bounds(high=0.1)},
    "mttr": {"value": 2820.0, "n": Decimal(6), "spread": {"median": 2460.0}, "target": Bounds(high=3600)},
    "slo_attainment": {
        "value": 0.8,
        "k": Decimal(4),
        "n": Decimal(5),
        "target": Bounds(low=1, strict=False),
        "detail": SLOS,
    },
    "cost_vs_budget": {
        "value": 48210 / 45500,
        "k": Decimal("48210.40"),
        "n": Decimal(45500),
        "currency": "USD",
        "target": Bounds(high=1, strict=False),
    },
    "stakeholder_satisfaction": {
        "value": 7.6,
        "n": Decimal(14),
        "target": Bounds(low=8),
        "detail": {"nps": 43.0, "nps_margin": 38.2},
    },
}

BY_UNIT: dict[Unit, dict[str, Any]] = {
    Unit.COUNT: {"value": 9.0, "k": Decimal(9)},
    Unit.SECONDS: {"value": 2820.0, "n": Decimal(6)},
    Unit.SHARE: {"value": 0.88, "k": Decimal(22), "n": Decimal(25)},
    Unit.SCORE: {"value": 7.6, "n": Decimal(14)},
    Unit.MONEY: FIGURES["cost_vs_budget"],
}
"""The figure of a KPI that `FIGURES` does not know."""


def definition(key: str = "lead_time", **changes: Any) -> Definition:
    return replace(CATALOGUE[key], **changes)


def reading(key: str = "lead_time", **changes: Any) -> Reading:
    """A complete, healthy reading of October 2026 for any KPI."""
    defaults: dict[str, Any] = {
        "definition": definition(key),
        "scope": WORKSPACE,
        "period": OCTOBER,
        "k": None,
        "n": None,
        "currency": None,
        "spread": None,
        "detail": {},
        "excluded": {},
        "target": None,
        "target_from": None,
        "target_set_by": None,
        "status": Status.ON_TARGET,
        "status_reason": "",
        "signal": Signal.USUAL,
        "signal_rule": None,
        "centre": None,
        "lower": None,
        "upper": None,
        "limit_points": 0,
        "trial": False,
        "previous": None,
        "previous_period": None,
        "delta": None,
        "interval_low": None,
        "interval_high": None,
        "data_state": DataState.COMPLETE,
        "data_reason": "",
        "coverage_known": None,
        "coverage_expected": None,
        "as_of": AS_OF,
        "sources": ("mlflow", "github"),
        "window_start": OCTOBER.start,
        "window_end": OCTOBER.end,
        "window_days": None,
        "is_running": False,
        "definition_version": 3,
        "records_url": "/kpis/lead_time/records",
    }
    return Reading(**(defaults | FIGURES.get(key, BY_UNIT[CATALOGUE[key].unit]) | changes))


def history(
    values: Sequence[float | None], until: Period = OCTOBER, running: bool = False, **more: Any
) -> tuple[HistoryPoint, ...]:
    """Consecutive periods ending with `until`; None leaves a gap."""
    periods = [until.previous(back) for back in range(len(values) - 1, 0, -1)] + [until]
    return tuple(
        HistoryPoint(period, value, is_running=running and period == until, **more)
        for period, value in zip(periods, values, strict=True)
    )

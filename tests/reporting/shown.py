"""Readings to put into words and drawings, with defaults: a test names only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from ops_console.core.periods import Period, parse
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.readings import DataState, HistoryPoint, Reading, Signal, Status
from ops_console.measures.scopes import WORKSPACE

LONDON = ZoneInfo("Europe/London")
OCTOBER = parse("2026-10", LONDON)
AS_OF = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
BANNED = (
    r"\bN/?A\b|\bnull\b|\bNone\b|\bNaN\b|\binf|significant|dramatic|\bonly\b|unfortunately|\bgreat\b|!|\bbecause\b"
    r"|^-$|^−$|[^\w]-\d"
)
"""What no text of the product says (UX 2), a lone dash and a hyphen for a minus included."""


def definition(key: str = "lead_time", **changes: Any) -> Definition:
    return Definition(**(CATALOGUE[key] | changes))


def _kpi(key: str, title: str, unit: Unit, better: Better, facts: tuple[str, ...], **more: Any) -> dict[str, Any]:
    fixed = {"key": key, "number": 1, "title": title, "question": "How is it?", "formula": "a ÷ b"}
    return fixed | {"unit": unit, "better": better, "facts": facts, "compute": cast(Any, None)} | more


CATALOGUE: dict[str, dict[str, Any]] = {
    row["key"]: row
    for row in (
        _kpi("model_deployments", "Model deployments", Unit.COUNT, Better.BAND, ("deployments",)),
        _kpi(
            "lead_time", "Lead time for model changes", Unit.SECONDS, Better.LOWER, ("deployments",), statistic="median"
        ),
        _kpi(
            "change_failure_rate",
            "Change failure rate",
            Unit.SHARE,
            Better.LOWER,
            ("deployments", "incidents"),
            window_days=90,
            minimum=10,
        ),
        _kpi("mttr", "Time to restore ML incidents", Unit.SECONDS, Better.LOWER, ("incidents",), statistic="mean"),
        _kpi("slo_attainment", "Inference SLO attainment", Unit.SHARE, Better.HIGHER, ("slos", "sli_slices")),
        _kpi("cost_vs_budget", "Cost against budget", Unit.MONEY, Better.LOWER, ("costs", "budgets")),
        _kpi("stakeholder_satisfaction", "DS/ML satisfaction", Unit.SCORE, Better.HIGHER, ("survey_responses",)),
    )
}
DAY = 86400.0
FIGURES: dict[str, dict[str, Any]] = {
    "model_deployments": {"value": 9.0, "k": Decimal(9), "n": None, "target": Bounds(2, 10)},
    "lead_time": {"value": 8.5 * DAY, "n": Decimal(9), "target": Bounds(high=14 * DAY)},
    "change_failure_rate": {"value": 0.08, "k": Decimal(2), "n": Decimal(25), "target": Bounds(high=0.1)},
    "mttr": {"value": 2820.0, "n": Decimal(6), "spread": {"median": 2460.0}, "target": Bounds(high=3600)},
    "slo_attainment": {"value": 0.8, "k": Decimal(4), "n": Decimal(5), "target": Bounds(low=1, strict=False)},
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


def reading(key: str = "lead_time", **changes: Any) -> Reading:
    """A complete, healthy reading of October 2026 for one of the seven KPIs."""
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
    return Reading(**(defaults | FIGURES[key] | changes))


def history(
    values: Sequence[float | None], until: Period = OCTOBER, running: bool = False, **more: Any
) -> tuple[HistoryPoint, ...]:
    """Consecutive periods ending with `until`; None leaves a gap."""
    periods = [until.previous(back) for back in range(len(values) - 1, 0, -1)] + [until]
    return tuple(
        HistoryPoint(period, value, is_running=running and period == until, **more)
        for period, value in zip(periods, values, strict=True)
    )

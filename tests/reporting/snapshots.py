"""Snapshots with defaults: October 2026 of a platform with fourteen models."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.reporting.evidence import Evidence, IncidentRow, Incidents, Mover
from ops_console.reporting.snapshot import Facts, Snapshot
from tests.reporting import shown

TIER_1 = Scope(ScopeKind.TIER, "1")
SEPTEMBER = shown.OCTOBER.previous()
KEYS = (
    "model_deployments",
    "lead_time",
    "change_failure_rate",
    "mttr",
    "slo_attainment",
    "cost_vs_budget",
    "stakeholder_satisfaction",
)
"""What these months are told of; a report of every KPI is made from the demo workspace."""


MET = [slo for slo in shown.SLOS["slos"] if slo["met"] is not False]
CALM: dict[str, dict[str, Any]] = {
    "cost_vs_budget": {"value": 0.9, "n": Decimal("53567.11")},
    "slo_attainment": {"value": 1.0, "k": Decimal(4), "n": Decimal(4), "detail": {"tier": 1, "slos": MET}},
}


def quiet(key: str, **changes: Any) -> Reading:
    """A healthy reading with a year of history and the figure of the month before."""
    value = CALM.get(key, shown.FIGURES[key])["value"]
    history = shown.history(
        [value * factor for factor in (0.9, 1.1, 0.95, 1.05, 1, 0.92, 1.08, 0.97, 1.03, 1, 0.98, 1)]
    )
    before = {"previous": value * 0.98, "previous_period": SEPTEMBER, "delta": value * 0.02}
    limits = {"lower": value * 0.8, "upper": value * 1.2, "centre": value, "limit_points": 12}
    return shown.reading(key, **({"history": history} | before | limits | CALM.get(key, {}) | changes))


def off(key: str, **changes: Any) -> Reading:
    return quiet(key, **({"status": Status.OFF_TARGET} | changes))


def worse(key: str, **changes: Any) -> Reading:
    return quiet(key, **({"signal": Signal.WORSE} | changes))


def unconnected(key: str) -> Reading:
    nothing = {"value": None, "k": None, "n": None, "previous": None, "delta": None, "history": (), "as_of": None}
    state = {"data_state": DataState.NOT_CONNECTED, "status": Status.NONE, "signal": Signal.TOO_LITTLE, "sources": ()}
    return quiet(key, **(nothing | state | {"lower": None, "upper": None}))


def over_budget() -> Reading:
    history = shown.history([40000, 41000, 44870], until=SEPTEMBER)
    spent = tuple(replace(point, k=Decimal(str(point.value))) for point in history)
    return off("cost_vs_budget", **(shown.FIGURES["cost_vs_budget"] | {"history": spent, "previous_k": spent[-1].k}))


def missed_slo() -> Reading:
    return off("slo_attainment", **shown.FIGURES["slo_attainment"])


INCIDENTS = Incidents(
    rows=(
        IncidentRow(
            142,
            "INC-142",
            "Ranker returns stale results",
            "SEV2",
            "ranker-v4",
            datetime(2026, 10, 21, 10, 20, tzinfo=UTC),
            datetime(2026, 10, 21, 11, 32, tzinfo=UTC),
            "release 4.12",
            "person",
        ),
        IncidentRow(
            147,
            "INC-147",
            "Feature store lag",
            "SEV3",
            "fraud",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
            None,
        ),
    ),
    by_severity=(("SEV2", 1), ("SEV3", 1)),
    total=2,
    before=4,
    suggestions=1,
)
MOVERS = (
    Mover("search-embed", Decimal(9120), Decimal(6980)),
    Mover("fraud", Decimal(4020), Decimal(3000)),
)
EVIDENCE = Evidence(models=14, tier_1_models=5, incidents=INCIDENTS, movers=MOVERS)


def facts(**changes: Any) -> Facts:
    fixed = {
        "report": "monthly_operations",
        "title": "MLOps monthly report",
        "workspace": "MLOps Platform",
        "zone": "Europe/London",
        "currency": "USD",
        "period": "2026-10",
        "run": "r-2026-10-1",
        "taken_at": shown.AS_OF,
        "base_url": "https://console.example",
    }
    return Facts(**(fixed | changes))  # type: ignore[arg-type]


def snapshot(
    *readings: Reading, tier_1: tuple[Reading, ...] = (), evidence: Evidence = EVIDENCE, **changes: Any
) -> Snapshot:
    """The given readings, and healthy ones for every other KPI, in catalogue order."""
    given = {reading.key: reading for reading in readings}
    found = [given.get(key) or quiet(key) for key in KEYS]
    return Snapshot(facts(**changes), tuple(sorted(found, key=lambda r: r.definition.number)), tier_1, evidence)


def october(**changes: Any) -> Snapshot:
    """A month with something to say in most classes."""
    return snapshot(
        missed_slo(),
        over_budget(),
        worse("change_failure_rate", status=Status.AT_RISK, interval_low=0.02, interval_high=0.25),
        off("stakeholder_satisfaction"),
        quiet("mttr", data_state=DataState.STALE, data_reason="token rejected"),
        **changes,
    )

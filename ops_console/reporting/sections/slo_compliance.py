"""Which endpoints kept their promises, and how much error budget they used."""

from dataclasses import replace
from typing import Any

from ops_console.contracts.document import Block, Chart, Section, Table
from ops_console.core import units
from ops_console.measures.readings import Reading
from ops_console.reporting import charts, pieces
from ops_console.reporting.charts import height_of
from ops_console.reporting.snapshot import Snapshot

KEY = "slo_attainment"
STATES = {"met": "● Met", "missed": "■ Missed", "no traffic": "○ No traffic", "not enough data": "○ Not enough data"}
DRAWN = 12


def slo_compliance(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(KEY)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("slos", "SLO compliance", pieces.not_connected(readings))
    blocks: list[Block] = [pieces.figures(known)]
    for reading in known:
        blocks += [*_table(reading), *_bullets(reading), *pieces.chart(reading)]
    blocks += pieces.sources(snapshot, known)
    return pieces.section("slos", "SLO compliance", blocks)


def slos(reading: Reading) -> list[dict[str, Any]]:
    """The objectives behind a reading: missed ones first, then by budget used."""
    found = reading.detail.get("slos") or []
    return sorted(found, key=lambda slo: (slo["met"] is None, -(slo["budget_used"] or 0), slo["name"]))


def _table(reading: Reading) -> list[Table]:
    rows = slos(reading)
    if not rows:
        return []
    tier = reading.detail.get("tier")
    return [
        Table(
            caption=f"Tier {tier} endpoints" if tier else "Endpoints",
            columns=("Endpoint", "Objective", "Actual", "Budget used", "Status"),
            rows=tuple(_row(slo) for slo in rows),
            numeric=frozenset({1, 2, 3}),
        )
    ]


def _row(slo: dict[str, Any]) -> tuple[str, ...]:
    objective, actual, used = slo["objective"], slo["actual"], slo["budget_used"]
    return (
        slo["name"],
        units.slo_percent(objective),
        "no data" if actual is None else units.slo_percent(actual, objective),
        "unknown" if used is None else units.bare_percent(used),
        STATES.get(slo["state"], slo["state"]),
    )


def _bullets(reading: Reading) -> list[Chart]:
    spec = charts.slo_bullets(reading)
    if not 0 < len(spec.bullets) <= DRAWN:
        return []
    return pieces.drawing(_renamed(spec), height_of(spec, pieces.WIDTH))


def _renamed(spec: charts.ChartSpec) -> charts.ChartSpec:
    """The history of the same KPI is drawn beside it; one key names one picture."""
    return replace(spec, key=f"{spec.key}_budgets", title="Error budget used by endpoint")

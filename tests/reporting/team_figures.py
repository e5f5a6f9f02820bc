"""A usual figure of each KPI about the team and those it serves."""

from decimal import Decimal
from typing import Any

from ops_console.measures.definition import Bounds

DAY = 86400.0
TEAM: dict[str, dict[str, Any]] = {
    "alert_quality": {"value": 0.62, "k": Decimal(38), "n": Decimal(61), "target": Bounds(low=0.7)},
    "reliability_improvements": {"value": 2.0, "k": Decimal(2), "n": Decimal(2), "target": Bounds(1, 3)},
    "stakeholder_cycle_time": {"value": 9.5 * DAY, "n": Decimal(12), "target": Bounds(high=14 * DAY)},
    "capability_growth": {
        "value": 0.8,
        "k": Decimal(4),
        "n": Decimal(5),
        "target": Bounds(low=1, strict=False),
    },
}

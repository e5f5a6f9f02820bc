"""A usual figure of each KPI about the team and those it serves."""

from decimal import Decimal
from typing import Any

from ops_console.measures.definition import Bounds

DAY = 86400.0
TEAM: dict[str, dict[str, Any]] = {
    "stakeholder_cycle_time": {
        "value": 9.5 * DAY,
        "n": Decimal(12),
        "target": Bounds(high=14 * DAY),
    },
}

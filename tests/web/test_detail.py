"""What a KPI's page says of how its number came to be."""

from decimal import Decimal
from typing import Any

import pytest

from ops_console.web.detail import counted
from tests.reporting.shown import reading


@pytest.mark.parametrize(
    ("key", "figure", "said"),
    [
        ("change_failure_rate", {"k": Decimal(2), "n": Decimal(25)}, "k = 2 of n = 25"),
        ("lead_time", {"k": None, "n": Decimal(9)}, "n = 9"),
        ("toil", {"k": Decimal(9174), "n": Decimal(77520), "detail": {"hours_per_week": 34.5}}, "153 h of 1,290 h"),
        ("cost_vs_budget", {"k": Decimal(95), "n": Decimal(100), "currency": "USD"}, "$95 spent, $100 budget"),
        ("cost_vs_budget", {"k": Decimal(95), "n": None, "currency": "USD"}, "$95 spent, no budget"),
    ],
)
def test_what_was_counted_is_told_in_its_units(key: str, figure: dict[str, Any], said: str) -> None:
    assert counted(reading(key, **figure)) == said

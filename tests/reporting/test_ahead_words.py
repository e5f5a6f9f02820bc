"""Where a running month is expected to end, in one sentence."""

from ops_console.reporting import words
from tests.reporting.shown import reading


def test_where_a_month_will_end_is_told_with_how_far_off_that_was() -> None:
    told = {"amount": "48300", "low": "47200", "high": "49400", "share": 1.06}
    said = words.ahead(reading("cost_vs_budget", detail={"currency": "USD", "forecast": told}))
    assert said == (
        "Expected at the end of Oct 2026: $48,300, 106% of the budget; if as far off as in earlier months, "
        "$47,200 to $49,400."
    )
    bare = {"amount": "48300", "low": None, "high": None, "share": None}
    assert words.ahead(reading("cost_vs_budget", detail={"forecast": bare})) == (
        "Expected at the end of Oct 2026: $48,300."
    )
    assert words.ahead(reading("cost_vs_budget", detail={})) == ""

"""What a figure consists of is told beside it, and nothing unknown is."""

from typing import Any

from ops_console.web.breakdown import breakdown
from tests.reporting.shown import OCTOBER, reading

COST: dict[str, Any] = {
    "by_purpose": {"training": "20370.95", "inference": "34198.76"},
    "movers": [{"subject": "ranker", "amount": "10978.29", "change": "-293.34"}],
    "other_currencies": {"EUR": "12.00"},
    "forecast": {"amount": "48300", "low": "47200", "high": "49400", "share": 1.06},
}
WAVE: dict[str, Any] = {
    "questions": {"overall": {"n": 13, "mean": 7.54, "scale": [0.0, 10.0]}, "support": {"hidden": True}},
    "groups": [{"names": ["Ads", "Risk"], "n": 8, "mean": 6.9, "hidden": False}, {"names": ["Search"], "hidden": True}],
}


def panels(key: str, **changes: Any) -> dict[str, dict[str, str]]:
    return {title: dict(pairs) for title, pairs in breakdown(reading(key, **changes))}


def test_a_duration_tells_its_spread_and_its_stages() -> None:
    detail = {"stages": {"ready_to_requested": {"n": 9, "median": 86400.0}}}
    told = panels("lead_time", spread={"mean": 172800.0, "median": 86400.0}, detail=detail)

    assert told == {
        "Spread": {"Mean": "2 days", "Median": "1 day"},
        "Stages, median of each": {"Ready to requested": "1 day, n=9"},
    }


def test_cost_tells_purposes_largest_first_movers_and_forecast() -> None:
    told = panels("cost_vs_budget", currency="USD", detail=COST, previous_period=OCTOBER.previous())

    assert list(told["By purpose"].items()) == [("inference", "$34,199"), ("training", "$20,371")]
    assert told["What moved, against Sep"] == {"ranker": "$10,978 (−$293)"}
    assert told["In other currencies, not added up"] == {"EUR": "€12"}
    assert told["Forecast for the month"]["Expected"] == "$48,300, 106% of budget"


def test_answers_of_too_few_stay_hidden() -> None:
    told = panels("stakeholder_satisfaction", detail=WAVE)

    assert told["Questions of the wave"] == {"Overall": "7.5 of 10, n=13", "Support": "hidden to protect answers"}
    assert told["By team"] == {"Ads, Risk": "6.9, n=8", "Search": "hidden to protect answers"}


def test_a_figure_without_details_has_no_panels() -> None:
    for key in ("lead_time", "cost_vs_budget", "stakeholder_satisfaction", "model_deployments"):
        assert panels(key, spread=None, detail={}) == {}


def test_what_has_not_ended_is_told_with_the_oldest() -> None:
    waiting = {"count": 3, "oldest_at": "2026-08-01T23:30:00+00:00"}
    told = panels("stakeholder_cycle_time", detail={"waiting": waiting}, spread=None)

    assert told == {"Still open": {"Of this window": "3", "Oldest": "since 2 Aug 2026"}}

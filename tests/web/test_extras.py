"""What stands beside a figure is told on its page in words, and nothing unknown is."""

from typing import Any

from ops_console.web.breakdown import breakdown
from tests.reporting.shown import reading

DAY = 86_400


def panels(key: str, detail: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {title: dict(pairs) for title, pairs in breakdown(reading(key, detail=detail))}


def test_pipelines_tell_what_their_runs_say_of_the_steps() -> None:
    detail = {
        "weighted_by_runs": {"n": 400, "k": 390, "value": 0.975},
        "started_by_hand": {"n": 8, "k": 2, "value": 0.25},
        "without_evidence": 3,
        "freshness": {"n": 4, "median": 3.0 * DAY, "longest": 40.0 * DAY, "longest_of": "fraud"},
        "by_flow": {"deploy": {"k": 1, "n": 2}, "train": {"k": 3, "n": 4}},
    }

    assert panels("pipeline_automation", detail) == {
        "Beside it": {
            "Weighted by runs": "97.5%",
            "Automated steps started by hand": "25%, 2 of 8",
            "Automated steps without evidence": "3",
            "Since the last successful training": "3 days median, n=4; longest 40 days, fraud",
        },
        "Automated steps by flow": {"Train": "3 of 4", "Deploy": "1 of 2"},
    }


def test_delivery_tells_its_pace_its_canaries_and_how_it_mends() -> None:
    pace = {"n": 9, "value": 2.25, "median_gap": 3.5 * DAY, "excluded": {}}
    canaries = {"n": 10, "k": 1, "value": 0.1}
    assert panels("model_deployments", {"pace": pace, "aborted_canaries": canaries})["Beside it"] == {
        "Releases": "2.25 a week; 3.5 days from one to the next, median",
        "Canaries aborted": "10%, 1 of 10",
    }
    recovery = {"n": 2, "median": 5400.0, "waiting": {"count": 1}}
    assert panels("change_failure_rate", {"recovery": recovery, "rework": {"n": 0, "k": 0}})["Beside it"] == {
        "Recovery of a failed release": "1 h 30 min median, n=2, 1 not yet"
    }


def test_cost_tells_the_use_of_gpus_and_what_a_thousand_inferences_take() -> None:
    use = {"n": 3, "value": 0.72, "amount": "864", "units": "1200", "per": 1}
    unit = {"n": 1, "value": 0.0042, "exactly": "0.004200", "per": 1000, "currency": "USD"}
    assert panels("cost_vs_budget", {"gpu_use": use, "unit_cost": unit})["Beside it"] == {
        "GPU hours used of those allocated": "72% of 1,200 h, 3 models",
        "Cost of inference": "$0.0042 per 1,000, 1 model",
    }
    assert panels("cost_vs_budget", {"gpu_use": {"n": 0}, "unit_cost": {"n": 0}}) == {}


def test_exceptions_tell_waivers_severities_and_vulnerabilities() -> None:
    detail = {
        "waived": 1,
        "without_due_date": 0,
        "closed_on_time": {"n": 0, "k": 0, "excluded": {"no due date": 1}},
        "vulnerabilities": {"n": 41, "k": 2, "value": 2.0, "by_severity": {"critical": {"k": 2, "n": 4}}},
        "by_severity": {"low": {"k": 0, "n": 3}, "critical": {"k": 1, "n": 1}, "unknown": {"k": 0, "n": 1}},
    }
    told = panels("audit_exceptions", detail)

    assert told["Beside it"] == {
        "Waived for now": "1",
        "Without a due date": "0",
        "Vulnerabilities past their limit": "2 of 41",
    }
    assert list(told["Overdue by severity"].items()) == [
        ("Critical", "1 of 1"),
        ("Low", "0 of 3"),
        ("Unknown", "0 of 1"),
    ]
    assert told["Vulnerabilities past their limit by severity"] == {"Critical": "2 of 4"}


def test_cards_tell_what_is_wrong_with_how_many_the_most_first() -> None:
    detail = {"by_verdict": {"complete": {"k": 4, "n": 4}, "no card": {"k": 0, "n": 7}}}

    assert list(panels("model_card_completeness", detail)["Model cards"].items()) == [
        ("No card", "7"),
        ("Complete", "4"),
    ]


def test_the_paved_road_tells_each_criterion_monitors_and_owners() -> None:
    watched = {"service": 9, "drift": 7, "data_quality": 6, "performance": 5}
    detail = {
        "criteria": {"n": 30, "k": 24, "value": 0.8, "by_criterion": {"Has an owner": {"k": 9, "n": 10}}},
        "found_not_registered": {"n": 2, "k": 2, "value": 2.0},
        "monitoring": {"n": 10, "k": 4, "value": 0.4, **watched},
        "ownership": {"n": 0, "k": 0},
    }

    assert panels("paved_road_adoption", detail) == {
        "Beside it": {"Criteria met, of all models": "80%, 24 of 30", "Serving and not registered": "2"},
        "Models that meet each criterion": {"Has an owner": "9 of 10"},
        "Models watched for": {
            "All of it": "40%, 4 of 10",
            "Service": "9 of 10",
            "Drift": "7 of 10",
            "Data quality": "6 of 10",
            "Performance": "5 of 10",
        },
    }


def test_a_least_share_says_that_it_is_one() -> None:
    detail = {"closed_on_time": {"n": 4, "k": 3, "value": 0.75, "at_least": 0.6}}

    told = panels("audit_exceptions", detail)["Beside it"]
    assert told["Closed on time"] == "75%, 3 of 4; at least 60%, with those nobody judged"


def test_the_loudest_alerts_are_told_with_their_share_of_actionable_pages() -> None:
    top = [{"name": "latency", "count": 40, "k": 3, "n": 30}, {"name": "disk", "count": 1, "k": 0, "n": 0}]

    assert panels("alert_quality", {"loudest": {"n": 41, "top": top}}) == {
        "Alerts that page most": {"latency": "40 pages; 10%, 3 of 30 actionable", "disk": "1 page; not judged"}
    }


def test_skills_tell_what_is_lacking_and_of_few_people_nothing() -> None:
    known = {"n": 42, "k": 26, "value": 26 / 42, "gaps": 19}

    assert panels("capability_growth", {"skills_at_level": known})["Beside it"] == {
        "Skills at the level needed": "62%, 26 of 42; 19 levels lacking in all"
    }
    hidden = {"n": 0, "excluded": {}, "hidden": True}
    assert panels("capability_growth", {"skills_at_level": hidden})["Beside it"] == {
        "Skills at the level needed": "hidden to protect people"
    }

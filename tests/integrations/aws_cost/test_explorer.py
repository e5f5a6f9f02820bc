"""Cost Explorer: few requests, each of them known to cost money, and every charge told once."""

import json
import urllib.request
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from integrations.aws_cost import collector
from integrations.aws_cost.usage import purpose
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from tests.integrations.aws_cost.cloud import KEYS, LOOPBACK, Cloud, at
from tests.integrations.aws_cost.explorer import Explorer, refused
from tests.integrations.aws_cost.reading import BEGAN, pulled

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OCTOBER = at("2026-10", 1)


def total(rows: list[Mapping[str, Any]], name: str = "billed_cost") -> Decimal:
    return sum((Decimal(row[name]) for row in rows), Decimal(0))


def test_a_day_of_a_service_comes_with_what_it_is_for(explorer: Explorer) -> None:
    explorer.spend("2026-10-05", "7.25", amortized=Decimal("6.5"))
    (row,) = pulled(explorer.setup()).parts["2026-10"]
    assert row == {
        "provider": "AWS",
        "billing_period_start": "2026-10-01T00:00:00Z",
        "billing_period_end": "2026-11-01T00:00:00Z",
        "charge_period_start": "2026-10-05T00:00:00Z",
        "charge_period_end": "2026-10-06T00:00:00Z",
        "charge_category": "Usage",
        "billing_currency": "USD",
        "billed_cost": "7.25",
        "effective_cost": "6.5",
        "service_name": "Amazon SageMaker",
        "purpose": "inference",
    }


def test_a_tag_names_the_model_and_what_has_none_has_no_model(explorer: Explorer) -> None:
    explorer.spend("2026-10-05", "7", tag="ranker")
    explorer.spend("2026-10-05", "1")
    rows = pulled(explorer.setup(model_tag="model")).parts["2026-10"]
    assert [(row.get("model"), row.get("tags"), row["billed_cost"]) for row in rows] == [
        (None, None, "1"),
        ("ranker", {"model": "ranker"}, "7"),
    ]


def test_two_questions_share_no_charge_and_leave_none_out(explorer: Explorer) -> None:
    for kind, amount in (("Usage", "10"), ("Refund", "-1"), ("Credit", "-4"), ("Tax", "2"), ("RIFee", "3")):
        explorer.spend("2026-10-05", amount, record_type=kind)
    rows = pulled(explorer.setup(), since=OCTOBER).parts["2026-10"]
    assert {(row["charge_category"], row["billed_cost"]) for row in rows} == {
        ("Usage", "12"),
        ("Credit", "-4"),
        ("Tax", "2"),
    }
    assert total(rows) == 10


def test_what_came_to_nothing_is_no_row(explorer: Explorer) -> None:
    explorer.spend("2026-10-05", "0")
    explorer.spend("2026-10-05", "0", amortized=Decimal(1), service="Savings")
    assert [row["service_name"] for row in pulled(explorer.setup()).parts["2026-10"]] == ["Savings"]


def test_blended_cost_is_never_asked_for_and_today_is_left_out(explorer: Explorer) -> None:
    pulled(explorer.setup(), since=OCTOBER)
    assert {tuple(each["Metrics"]) for each in explorer.asked} == {("UnblendedCost", "AmortizedCost")}
    assert explorer.asked[0]["TimePeriod"] == {"Start": "2026-11-01", "End": "2026-11-04"}


def test_on_the_first_of_a_month_there_is_nothing_of_it_to_ask_for(
    explorer: Explorer, clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-11", 1))
    found = pulled(explorer.setup(), since=OCTOBER)
    assert (found.trouble, set(explorer.months_asked())) == (None, {"2026-10"})


def test_pages_are_followed_through_an_empty_one_in_the_middle(explorer: Explorer) -> None:
    explorer.page, explorer.hollow = 2, {1}
    for number in range(3):
        explorer.spend("2026-10-05", "1", usage_type=f"Host:{number}")
    found = pulled(explorer.setup(), since=OCTOBER)
    assert total(found.parts["2026-10"]) == 3
    asked = [each.get("NextPageToken") for each in explorer.asked if each["TimePeriod"]["Start"] == "2026-10-01"]
    assert asked == [None, "1", "2", None]


def test_a_sync_asks_at_most_six_times_and_the_next_goes_on(explorer: Explorer, clock: time_machine.Traveller) -> None:
    for number in range(1, 11):
        explorer.spend(f"2026-{number:02}-05", "1")
    cursor, asked, parts = {}, [], []
    for _ in range(6):
        before = len(explorer.asked)
        found = pulled(explorer.setup(), cursor, since=at("2025-01"))
        cursor, parts = found.cursor or cursor, [*parts, *found.parts]
        asked.append(len(explorer.asked) - before)
        clock.shift(HOUR)
    assert asked == [6, 6, 6, 6, 2, 0]
    assert parts == [f"2026-{number:02}" for number in range(11, 0, -1)] + ["2025-12", "2025-11"]


def test_no_month_is_asked_for_twice_a_day_and_a_final_one_never_again(
    explorer: Explorer, clock: time_machine.Traveller
) -> None:
    cursor = pulled(explorer.setup(), since=at("2026-09")).cursor
    explorer.asked.clear()
    clock.shift(6 * HOUR)
    assert pulled(explorer.setup(), cursor, since=at("2026-09")).parts == {}
    clock.shift(15 * HOUR)
    assert list(pulled(explorer.setup(), cursor, since=at("2026-09")).parts) == ["2026-11", "2026-10"]
    assert len(explorer.asked) == 4


def test_an_estimate_is_called_one_and_asked_for_again(explorer: Explorer, clock: time_machine.Traveller) -> None:
    explorer.final_before = date(2026, 9, 1)
    explorer.spend("2026-09-05", "1")
    found = pulled(explorer.setup(), since=at("2026-09"))
    assert found.notes == ["AWS calls its amounts of 2026-09 an estimate."]
    clock.shift(DAY)
    explorer.final_before = date(2026, 11, 1)
    again = pulled(explorer.setup(), found.cursor, since=at("2026-09"))
    assert "2026-09" in again.parts and again.notes == []
    clock.shift(DAY)
    assert "2026-09" not in pulled(explorer.setup(), again.cursor, since=at("2026-09")).parts


def test_an_estimate_that_stays_one_is_let_be(explorer: Explorer, clock: time_machine.Traveller) -> None:
    explorer.final_before = date(2026, 9, 1)
    explorer.spend("2026-09-05", "1")
    clock.shift(20 * DAY)
    assert pulled(explorer.setup(), since=at("2026-09")).cursor["explorer"]["2026-09"]["final"]


def test_a_month_that_a_whole_purse_does_not_buy_is_for_a_person(explorer: Explorer) -> None:
    explorer.page = 1
    for number in range(10):
        explorer.spend("2026-10-05", "1", usage_type=f"Host:{number}")
    found = pulled(explorer.setup(), found_november(explorer))
    assert isinstance(found.trouble, Rejected) and "more than 6 requests" in str(found.trouble)
    assert "FOCUS export" in found.trouble.remedy


def found_november(explorer: Explorer) -> Mapping[str, Any]:
    return pulled(explorer.setup(), since=at("2026-11")).cursor


def test_a_month_that_was_begun_is_not_half_kept(explorer: Explorer) -> None:
    explorer.page = 1
    for number in range(4):
        explorer.spend("2026-10-05", "1", usage_type=f"Host:{number}")
    first = pulled(explorer.setup(), since=OCTOBER)
    assert list(first.parts) == ["2026-11"]
    assert total(pulled(explorer.setup(), first.cursor, since=OCTOBER).parts["2026-10"]) == 4


def test_a_request_that_failed_is_not_made_again_by_itself(explorer: Explorer) -> None:
    """Whether it was billed nobody knows; the next sync goes on, with a purse of its own."""
    explorer.troubles = [None, refused("InternalFailure", 500)]
    found = pulled(explorer.setup())
    assert isinstance(found.trouble, Unavailable) and len(explorer.asked) == 1
    assert list(pulled(explorer.setup(), found.cursor, since=OCTOBER).parts) == ["2026-11", "2026-10"]


def test_throttling_is_heard_and_never_pressed(explorer: Explorer) -> None:
    explorer.troubles = [refused("LimitExceededException")]
    found = pulled(explorer.setup())
    assert isinstance(found.trouble, Unavailable) and found.trouble.retry_after == 60
    assert explorer.asked == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDeniedException", "does not let the key read costs in Cost Explorer"),
        ("UnrecognizedClientException", "does not accept the key"),
        ("DataUnavailableException", "DataUnavailableException when asked for costs"),
    ],
)
def test_a_refusal_names_what_to_do(explorer: Explorer, code: str, words: str) -> None:
    explorer.troubles = [refused(code)]
    trouble = pulled(explorer.setup()).trouble
    assert isinstance(trouble, Rejected) and words in str(trouble) and trouble.remedy


def test_months_that_came_before_a_trouble_are_kept(explorer: Explorer) -> None:
    explorer.troubles = [None, None, refused("AccessDeniedException")]
    found = pulled(explorer.setup())
    assert (list(found.parts), isinstance(found.trouble, Rejected)) == (["2026-11"], True)


def test_a_check_and_a_preview_say_what_they_cost(explorer: Explorer) -> None:
    explorer.spend("2026-10-05", "7.5")
    assert collector.check(explorer.setup()) == ("Cost Explorer can be asked; this question cost 0.01 USD.",)
    assert collector.discover(explorer.setup(), BEGAN).lines == (
        "2026-08: 7.5 USD, an estimate.",
        "A request costs 0.01 USD; a sync makes at most 6, on most days 4. This preview cost 0.01 USD.",
    )
    assert len(explorer.asked) == 2


def test_pages_of_motos_cost_explorer_are_followed_too(cloud: Cloud) -> None:
    """It answers what it is told to, in turn, and passes on the token of the next page."""
    pages = [answer("1", NextPageToken="2"), answer("2"), answer("4")]
    said = json.dumps({"account_id": "123456789012", "results": pages}).encode()
    address = f"{cloud.url}/moto-api/static/ce/cost-and-usage-results"
    urllib.request.urlopen(
        urllib.request.Request(address, said, {"Content-Type": "application/json"}, method="POST")
    ).close()
    setup = Setup("aws_cost", {"explorer": "yes", "endpoint_url": cloud.url}, KEYS, LOOPBACK)
    found = pulled(setup, since=at("2026-11"))
    assert (found.trouble, total(found.parts["2026-11"])) == (None, 7)


def answer(amount: str, **said: str) -> dict[str, Any]:
    cost = {"Amount": amount, "Unit": "USD"}
    group = {"Keys": ["Amazon SageMaker", "Train:ml.p4"], "Metrics": {"UnblendedCost": cost, "AmortizedCost": cost}}
    day = {"TimePeriod": {"Start": "2026-11-02", "End": "2026-11-03"}, "Groups": [group], "Estimated": False}
    return {"ResultsByTime": [day], **said}


@pytest.mark.parametrize(
    ("usage_type", "known"),
    [
        ("USE1-Host:ml.m5.large", "inference"),
        ("Train:ml.p4d.24xlarge", "training"),
        ("EU-Studio:JupyterLab-ml.t3.medium", "experimentation"),
        ("APN2-Tsform:ml.m5.xlarge", "inference"),
        ("USE1-ServerlessInf:Mem-4GB", "inference"),
        ("USE1-Processing:ml.m5.large", None),
        ("BoxUsage:m5.large", None),
        ("Hosting:x", None),
    ],
)
def test_a_usage_type_says_what_it_is_for_where_it_does(usage_type: str, known: str | None) -> None:
    assert purpose(usage_type) == known

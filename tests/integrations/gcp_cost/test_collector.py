"""The billing export: months that have grown are read anew, whole; credits, days and currencies are kept apart."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from integrations.gcp_cost import collector
from integrations.gcp_cost.account import account
from integrations.gcp_cost.sql import COLUMNS
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from tests.integrations.gcp_cost.cloud import (
    BEGAN,
    LOOPBACK,
    NAME,
    TABLE,
    Cloud,
    as_json,
    budget,
    days,
    rate,
    refused,
)
from tests.integrations.gcp_cost.reading import pulled

DAY = timedelta(days=1)


def total(rows: list[Mapping[str, Any]]) -> Decimal:
    return sum((Decimal(row["billed_cost"]) for row in rows), Decimal(0))


def test_a_day_of_a_service_and_project_comes_with_its_labels(cloud: Cloud) -> None:
    labels = {"model": "ranker", "team": "search", "purpose": "training"}
    cloud.spend("2026-10-05T18:00:00", "7.25", labels=labels)
    cloud.spend("2026-10-05T19:00:00", "0.75", labels=labels)
    assert pulled(cloud.setup()).parts == {
        "2026-10": [
            {
                "provider": "Google Cloud",
                "billing_period_start": "2026-10-01T00:00:00Z",
                "billing_period_end": "2026-11-01T00:00:00Z",
                "charge_period_start": "2026-10-05T00:00:00Z",
                "charge_period_end": "2026-10-06T00:00:00Z",
                "charge_category": "Usage",
                "billing_currency": "EUR",
                "billed_cost": "8.00",
                "service_name": "Vertex AI",
                "sub_account": "Acme Models",
                "model": "ranker",
                "tags": labels,
            }
        ]
    }


def test_without_a_label_the_project_may_say_it_and_the_sku_what_it_is_for(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1", project_labels={"team": "search"})
    (row,) = pulled(cloud.setup()).parts["2026-10"]
    assert (row["tags"], row["purpose"], "model" in row) == ({"team": "search"}, "inference", False)


def test_labels_of_other_names_are_read_as_they_are_named(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1", labels={"ml_model": "ranker"})
    (row,) = pulled(cloud.setup(model_label="ml_model")).parts["2026-10"]
    assert row["model"] == "ranker"


def test_credits_stand_by_themselves_with_their_sign(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "10", credits=(Decimal(-3), Decimal("-0.5")))
    rows = pulled(cloud.setup()).parts["2026-10"]
    assert {(row["charge_category"], row["billed_cost"]) for row in rows} == {("Usage", "10"), ("Credit", "-3.5")}
    assert total(rows) == Decimal("6.5")


def test_taxes_and_adjustments_are_called_what_they_are(cloud: Cloud) -> None:
    for kind in ("tax", "adjustment", "rounding error"):
        cloud.spend("2026-10-05T18:00:00", "1", kind=kind, service=kind)
    found = {row["service_name"]: row["charge_category"] for row in pulled(cloud.setup()).parts["2026-10"]}
    assert found == {"tax": "Tax", "adjustment": "Adjustment", "rounding error": "Adjustment"}


def test_days_and_months_are_those_of_the_invoice(cloud: Cloud) -> None:
    """An evening in California is the next morning in UTC; what is used on the last day may be invoiced later."""
    cloud.spend("2026-11-01T05:30:00", "1")
    cloud.spend("2026-10-31T18:00:00", "2", month="202611")
    found = pulled(cloud.setup()).parts
    assert [(row["charge_period_start"], row["billed_cost"]) for row in found["2026-10"]] == [
        ("2026-10-31T00:00:00Z", "1")
    ]
    assert [(row["billing_period_start"][:7], row["charge_period_start"][:10]) for row in found["2026-11"]] == [
        ("2026-11", "2026-10-31")
    ]


def test_currencies_are_kept_apart(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1")
    cloud.spend("2026-10-05T18:00:00", "2", currency="USD")
    rows = pulled(cloud.setup()).parts["2026-10"]
    assert {row["billing_currency"]: row["billed_cost"] for row in rows} == {"EUR": "1", "USD": "2"}


def test_a_late_row_brings_its_whole_month_again_and_no_other(cloud: Cloud) -> None:
    for month in ("08", "09", "10"):
        cloud.spend(f"2026-{month}-05T18:00:00", "1", f"2026-{month}-06T00:00:00+00:00")
    cursor = pulled(cloud.setup()).cursor
    assert pulled(cloud.setup(), cursor).parts == {}
    cloud.spend("2026-09-30T18:00:00", "5", "2026-11-03T00:00:00+00:00")
    found = pulled(cloud.setup(), cursor)
    assert {month: total(rows) for month, rows in found.parts.items()} == {"2026-09": 6}
    assert pulled(cloud.setup(), found.cursor).parts == {}


def test_rows_exported_about_when_the_last_sync_looked_are_not_missed(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1", "2026-11-03T00:00:00+00:00")
    cursor = pulled(cloud.setup()).cursor
    cloud.spend("2026-09-05T18:00:00", "2", "2026-11-02T00:00:00+00:00")
    assert list(pulled(cloud.setup(), cursor).parts) == ["2026-09"]
    cloud.spend("2026-10-06T18:00:00", "3", "2026-11-02T12:00:00+00:00")
    found = pulled(cloud.setup(), cursor)
    assert total(found.parts["2026-10"]) == 4
    assert pulled(cloud.setup(), found.cursor).parts == {}


def test_months_before_the_first_day_are_left_out(cloud: Cloud) -> None:
    cloud.spend("2026-07-05T18:00:00", "1")
    cloud.spend("2026-08-01T18:00:00", "1", "2026-08-02T00:00:00+00:00")
    assert list(pulled(cloud.setup(), since=BEGAN + 20 * DAY).parts) == []
    assert list(pulled(cloud.setup()).parts) == ["2026-08"]


def test_pages_are_followed_through_an_empty_one_in_the_middle(cloud: Cloud) -> None:
    cloud.page, cloud.hollow = 2, {1, 3}
    for at in days(7):
        cloud.spend(at, "1")
    assert total(pulled(cloud.setup()).parts["2026-10"]) == 7


def test_a_query_that_takes_its_time_is_waited_for(cloud: Cloud) -> None:
    cloud.slow = 3
    cloud.spend("2026-10-05T18:00:00", "1")
    found = pulled(cloud.setup())
    assert (total(found.parts["2026-10"]), found.waits) == (1, 3)


def test_from_any_page_on_the_rest_is_found(cloud: Cloud) -> None:
    months = ["2026-08", "2026-09", "2026-10", "2026-11"]
    for month in months:
        cloud.spend(f"{month}-02T18:00:00", "1", f"{month}-03T00:00:00+00:00")
    for pages in range(1, 5):
        first = pulled(cloud.setup(), pages=pages)
        rest = pulled(cloud.setup(), first.cursor)
        assert sorted([*first.parts, *rest.parts]) == months
        assert len(first.parts) == pages


def test_cost_at_list_is_read_where_the_export_has_it(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "7", listed=Decimal(9))
    assert "list_cost" not in pulled(cloud.setup()).parts["2026-10"][0]
    cloud.fields = (*cloud.fields, "cost_at_list")
    assert pulled(cloud.setup(list_prices="yes")).parts["2026-10"][0]["list_cost"] == "9"


def test_list_prices_are_looked_up_once_where_the_export_has_none(cloud: Cloud) -> None:
    cloud.prices = {"AAAA-0001": [rate("1", 250_000_000)], "TIERS": [rate("1", 0), rate("0", 5, 100)]}
    cloud.spend("2026-10-05T18:00:00", "2", credits=(Decimal(-1),))
    cloud.spend("2026-10-06T18:00:00", "2", sku_id="TIERS")
    cloud.spend("2026-10-07T18:00:00", "2", sku_id="GONE")
    cloud.spend("2026-10-08T18:00:00", "2", service="Odd")
    rows = pulled(cloud.setup(list_prices="yes")).parts["2026-10"]
    found = {(row["charge_period_start"][:10], row["charge_category"]): row.get("list_cost") for row in rows}
    assert {key: value for key, value in found.items() if value} == {("2026-10-05", "Usage"): "2.500000000"}
    assert cloud.asked.count("GET /v1/services/VERTEX/skus") == cloud.asked.count("GET /v1/services") == 1


def test_what_is_asked_is_bounded_and_never_spelled_from_what_somebody_typed(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1")
    pulled(cloud.setup(most_gigabytes="7", model_label="ml-model"))
    grown, month = cloud.queries
    assert {grown["maximumBytesBilled"], month["maximumBytesBilled"]} == {"7000000000"}
    given = {each["name"]: each["parameterValue"]["value"] for each in month["queryParameters"]}
    assert given == {
        "month": "202610",
        "partition": "2026-09-26T00:00:00+00:00",
        "model_label": "ml-model",
        "team_label": "team",
        "purpose_label": "purpose",
    }
    assert "ml-model" not in month["query"] and "@model_label" in month["query"]
    assert "JOIN UNNEST(labels)" not in month["query"]


def test_budgets_somebody_named_come_for_the_period_under_way(cloud: Cloud) -> None:
    cloud.budgets = [
        budget("ml training"),
        budget("other"),
        budget("quarter", period="QUARTER", amount={"specifiedAmount": {"currencyCode": "EUR", "nanos": 500_000_000}}),
    ]
    told = pulled(cloud.setup(budgets=["ml training purpose:training", "quarter workspace"])).facts
    assert [each.values for each in told] == [
        {
            "external_id": "budget/ml training/2026-11",
            "scope": "purpose:training",
            "period": "2026-11",
            "amount": "5000",
            "currency": "EUR",
        },
        {
            "external_id": "budget/quarter/2026-Q4",
            "scope": "workspace",
            "period": "2026-Q4",
            "amount": "0.5",
            "currency": "EUR",
        },
    ]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (budget("other"), "no budget 'ml'"),
        (budget("ml", period="YEAR"), "neither monthly nor quarterly"),
        (budget("ml", budgetFilter={"customPeriod": {}}), "neither monthly nor quarterly"),
        (budget("ml", amount={"lastPeriodAmount": {}}), "no amount of its own"),
    ],
)
def test_a_budget_that_cannot_be_one_here_is_for_a_person_and_keeps_no_cost_away(
    cloud: Cloud, made: dict[str, Any], words: str
) -> None:
    cloud.spend("2026-10-05T18:00:00", "1")
    cloud.budgets = [made]
    found = pulled(cloud.setup(budgets=["ml workspace"]))
    assert isinstance(found.trouble, Rejected) and words in str(found.trouble)
    assert list(found.parts) == ["2026-10"]


def test_a_check_and_a_preview_read_a_little_of_everything(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1")
    cloud.spend("2026-09-05T18:00:00", "1")
    cloud.budgets = [budget("ml")]
    lines = (
        f"The table {NAME} can be read; this month's question reads 1.5 GB of it.",
        "The billing account Acme is open, in EUR, with 2 projects.",
        "The budget ml is 5000 EUR a month for team:search.",
    )
    assert collector.check(cloud.setup(budgets=["ml team:search"])) == lines
    assert collector.discover(cloud.setup(budgets=["ml team:search"]), BEGAN).lines == (
        "2 invoice months, 2026-09 to 2026-10.",
        *lines,
    )
    assert cloud.tokens == 2


def test_a_table_of_something_else_fails_the_check(cloud: Cloud) -> None:
    cloud.fields = ("sku", "price")
    with pytest.raises(Rejected, match="has no column cost, cost_type") as caught:
        collector.check(cloud.setup())
    assert "standard" in caught.value.remedy


@pytest.mark.parametrize(
    ("answer", "words", "remedy"),
    [
        (refused(401), "does not accept the token", "new key"),
        (refused(403, "accessDenied"), "does not let the account read the rows", "roles"),
        (refused(404, "notFound"), "does not find the rows", "name"),
        (refused(400, "invalidQuery"), "answers 400 when asked for the rows", "set-up"),
        (refused(400, "bytesBilledLimitExceeded"), "would read more than is allowed", "more gigabytes"),
    ],
)
def test_a_refusal_is_for_a_person_and_says_what_to_do(cloud: Cloud, answer: Response, words: str, remedy: str) -> None:
    cloud.troubles = [answer]
    trouble = pulled(cloud.setup()).trouble
    assert isinstance(trouble, Rejected) and words in str(trouble) and remedy in trouble.remedy


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (refused(429, **{"Retry-After": "1800"}), 1800),
        (refused(429), 60),
        (refused(403, "rateLimitExceeded"), 60),
        (refused(403, "quotaExceeded"), 60),
    ],
)
def test_a_wish_to_wait_is_heard_and_never_pressed(cloud: Cloud, answer: Response, seconds: float) -> None:
    cloud.troubles = [answer]
    trouble = pulled(cloud.setup()).trouble
    assert isinstance(trouble, Unavailable) and trouble.retry_after == seconds
    assert cloud.asked == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_trouble_that_passes_is_asked_through_and_one_that_stays_is_told(cloud: Cloud, status: int) -> None:
    cloud.spend("2026-10-05T18:00:00", "1")
    cloud.troubles = [Response(status=status)]
    assert list(pulled(cloud.setup()).parts) == ["2026-10"]
    cloud.troubles = [Response(status=status)] * 4
    assert isinstance(pulled(cloud.setup()).trouble, Unavailable)


def test_a_month_that_has_grown_and_tells_no_row_takes_nothing_back(cloud: Cloud) -> None:
    cloud.spend("2026-10-05T18:00:00", "1")
    fields = [{"name": name} for name in COLUMNS]
    cloud.troubles = [None, None, as_json({"jobComplete": True, "schema": {"fields": fields}})]
    found = pulled(cloud.setup())
    assert found.parts == {} and isinstance(found.trouble, Unavailable)


def test_an_answer_without_columns_is_no_month_without_costs(cloud: Cloud) -> None:
    """It would take back all that was known of the month."""
    cloud.spend("2026-10-05T18:00:00", "1")
    said = {"jobComplete": True, "jobReference": {"jobId": "job-0"}, "errors": [{"message": "No column labels."}]}
    cloud.troubles = [None, None, as_json(said)]
    found = pulled(cloud.setup())
    assert found.parts == {}
    assert isinstance(found.trouble, Rejected) and "has no answer" in str(found.trouble)
    assert "No column labels." in str(found.trouble)


def test_an_answer_that_is_no_json_is_told(cloud: Cloud) -> None:
    cloud.troubles = [Response("<html>a proxy's page")]
    assert isinstance(pulled(cloud.setup()).trouble, Unavailable)


def test_a_refusal_of_the_library_is_told_in_the_same_words(cloud: Cloud) -> None:
    cloud.troubles = [None, None, refused(403)]
    with pytest.raises(Rejected, match="does not let the account read the billing account"):
        collector.check(cloud.setup())


def test_a_key_that_is_none_or_is_not_taken_is_for_a_person(cloud: Cloud, httpserver: HTTPServer) -> None:
    for key in ("{}", "no json", "[]", '{"private_key": "x", "client_email": "x", "token_uri": "x"}'):
        with pytest.raises(Rejected, match="is none") as caught:
            collector.check(Setup("gcp_cost", cloud.settings(), {"service_account": key}, LOOPBACK))
        assert "JSON file" in caught.value.remedy
    httpserver.clear()
    answer = as_json({"error": "invalid_grant", "error_description": "Invalid JWT"}, 400)
    httpserver.expect_request("/token").respond_with_response(answer)
    with pytest.raises(Rejected, match="does not accept the key"):
        collector.check(cloud.setup())


def test_private_addresses_are_refused_unless_they_are_allowed(cloud: Cloud) -> None:
    setup = cloud.setup()
    with pytest.raises(Rejected, match="private network"):
        collector.check(Setup(setup.source, setup.settings, setup.secrets))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "no table of BigQuery"),
        ({"table": "costs.x"}, "no table of BigQuery"),
        ({"table": "acme-billing.costs.x` --"}, "no table of BigQuery"),
        ({"table": NAME, "project": "Ä"}, "no project"),
        ({"table": NAME, "most_gigabytes": "0"}, "no number of gigabytes"),
        ({"table": NAME, "model_label": "Model!"}, "no key of a label"),
        ({"table": NAME, "list_prices": "perhaps"}, "neither yes nor no"),
        ({"table": NAME, "budgets": ["ml"]}, "no budget and its scope"),
        ({"table": "acme-billing.costs.copy", "budgets": ["ml workspace"]}, "does not tell the billing account"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: dict[str, object], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        account(settings)


def test_the_account_is_told_by_the_name_of_the_table() -> None:
    detailed = TABLE.replace("_v1", "_resource_v1")
    assert account({"table": f"acme-billing.costs.{detailed}"}).number == "012345-6789AB-CDEF01"
    assert account({"table": "acme-billing.costs.copy"}).number == ""

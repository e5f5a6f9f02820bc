"""`/cost`: what the month costs, of what, against what, what moved, and what the bills say."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.records.costs import CostPartition
from ops_console.scorecard import refresh
from tests.ingest.deliveries import deliver
from tests.web.pages.builders import Workspace
from tests.web.pages.conftest import page

OCTOBER = [date(2026, 10, day) for day in range(1, 32)]


@pytest.fixture
def spent(sqlite: Engine) -> Callable[[], None]:
    """Four months: each day both models train and serve; on 14 October fraud trains for 300 more."""

    def fill() -> None:
        with transaction(sqlite) as session:
            rows = Workspace(session)
            ranker = rows.model(tier=1, team="Search", lifecycle="production")
            fraud = rows.model("fraud", tier=2, team="Risk", lifecycle="production")
            for day in (date(2026, 7, 1) + timedelta(days=n) for n in range(126)):
                more = 300 if day == date(2026, 10, 14) else 0
                rows.cost(ranker, day, "10.5", purpose="inference", service_name="EC2")
                rows.cost(fraud, day, str(5 + more), purpose="training", service_name="Vertex AI")
            rows.cost(None, OCTOBER[4], "40", service_name="S3", sub_account="prod")
            rows.delivered("costs", state="done", origin="bill.csv")
        refresh.rebuild(sqlite, now())

    return fill


def rows_of(text: str, caption: str) -> list[list[str]]:
    """The cells of the table with this caption."""
    table = next(each for each in re.findall(r"<table[^>]*>.*?</table>", text, re.S) if caption in each)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", table, re.S))
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_without_a_bill_the_page_says_so_and_where_one_comes_from(viewer: FlaskClient, editor: FlaskClient) -> None:
    text = page(editor, "/cost")
    assert "No bill touches Oct 2026." in text and 'href="/imports/new?kind=costs"' in text
    assert "By model" not in text and "Download CSV" not in text
    assert "Import a file" not in page(viewer, "/cost")


def test_the_headline_is_that_of_the_kpi_and_leads_to_how_it_is_computed(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    text, of_kpi = page(viewer, "/cost?period=2026-10"), page(viewer, "/kpis/cost_vs_budget?period=2026-10")
    big = re.compile(r'<p class="big">(.*?)</p>', re.S)
    assert "$821" in text and big.search(text)[1] == big.search(of_kpi)[1]  # type: ignore[index]
    assert 'href="/kpis/cost_vs_budget?period=2026-10#computed"' in text
    assert 'href="/cost?period=2026-10">Cost by day, model and service</a>' in of_kpi


def test_the_table_by_model_adds_up_to_the_headline(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    head, *models, together = rows_of(page(viewer, "/cost?period=2026-10"), "Cost by model")
    assert head == ["Model or service", "Training", "Inference", "Unallocated", "Total ↓", "Against Sep"]
    assert models == [
        ["fraud", "$455", "", "", "$455", "+$305"],
        ["ranker", "", "$326", "", "$326", "+$11"],
        ["No model", "", "", "$40", "$40", "+$40"],
    ]
    assert together == ["Together", "$455", "$326", "$40", "$821", "+$356"]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["fraud", "ranker", "No model"]),
        ("-name", ["ranker", "fraud", "No model"]),
        ("total", ["ranker", "fraud", "No model"]),
        ("change", ["ranker", "fraud", "No model"]),
        ("nonsense", ["fraud", "ranker", "No model"]),
    ],
)
def test_models_are_sorted_as_asked_and_what_has_none_stays_last(
    viewer: FlaskClient, spent: Callable, order: str, names: list[str]
) -> None:
    spent()
    models = rows_of(page(viewer, f"/cost?period=2026-10&sort={order}"), "Cost by model")[1:-1]
    assert [row[0] for row in models] == names


def test_a_team_sees_its_own_charges_from_the_records_themselves(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    text = page(viewer, "/cost?period=2026-10&scope=team:Search")
    assert [row[0] for row in rows_of(text, "Cost by model")[1:]] == ["ranker", "Together"]
    assert "Every charge names a model." in text


def test_the_scorecard_and_the_charges_tell_the_same_of_each_model(
    viewer: FlaskClient, spent: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent()
    kept = rows_of(page(viewer, "/cost?period=2026-10"), "Cost by model")
    monkeypatch.setattr("ops_console.web.cost_models._kept", lambda *_: None)
    assert rows_of(page(viewer, "/cost?period=2026-10"), "Cost by model") == kept


def test_a_model_billed_in_another_currency_is_left_out_of_the_sum(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        rows.cost(rows.model(), OCTOBER[0], "10", purpose="training")
        rows.cost(rows.model("fraud"), OCTOBER[0], "70", currency="EUR")
        rows.delivered("costs", state="done")
    refresh.rebuild(sqlite, now())
    table = rows_of(page(viewer, "/cost?period=2026-10"), "Cost by model")
    assert [row[:3] for row in table[1:]] == [["ranker", "$10", "$10"], ["Together", "$10", "$10"]]


def test_what_moved_is_told_of_models_and_of_services(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    text = page(viewer, "/cost?period=2026-10")
    assert rows_of(text, "Models whose cost")[1:] == [
        ["fraud", "$150", "$455", "+$305"],
        ["unallocated", "$0", "$40", "+$40"],
        ["ranker", "$315", "$326", "+$11"],
    ]
    assert [row[0] for row in rows_of(text, "Services whose cost")[1:]] == ["Vertex AI", "S3", "EC2"]
    assert "Services whose cost" not in page(viewer, "/cost?period=2026-10&compare=year")
    assert "Compare with a period to see what moved." in page(viewer, "/cost?period=2026-10&compare=none")


def test_a_running_month_stands_beside_as_many_days(viewer: FlaskClient, spent: Callable) -> None:
    """The fourth of November has begun, and the bill reaches the third."""
    spent()
    text = page(viewer, "/cost?period=2026-11")
    assert "Nov 2026 against first 3 days of Oct" in text
    assert rows_of(text, "Models whose cost")[1:] == [["Nothing changed."]]
    assert "$47 spent, 1 to 3 Nov 2026; no budget is set for this" in text
    days = rows_of(text, "USD spent since 1 Nov 2026")
    assert days[3] == ["3 Nov 2026", "$47"] and days[4] == ["4 Nov 2026", "no data"]


def test_a_budget_is_drawn_and_said_with_the_pace(viewer: FlaskClient, sqlite: Engine, spent: Callable) -> None:
    spent()
    deliver(
        sqlite,
        "budgets",
        {"external_id": "b1", "period": "2026-10", "amount": "800"},
        {"external_id": "b2", "period": "2026-11", "amount": "600"},
        {"external_id": "b3", "period": "2026-10", "amount": "300", "scope": "model:ranker"},
    )
    refresh.rebuild(sqlite, now())
    october = page(viewer, "/cost?period=2026-10")
    assert "103% of the budget spent, $21 over, Oct 2026" in october and "budget $800" in october
    assert rows_of(october, "Cost by model")[2][-1] == "$300 ■ over: 109%"
    november = page(viewer, "/cost?period=2026-11")
    assert "8% of the budget spent by 3 Nov 2026, when an even pace would be at 10%" in november


def test_a_day_out_of_the_ordinary_names_the_models_that_rose(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    assert rows_of(page(viewer, "/cost?period=2026-10"), "Days on which use")[1:] == [
        ["14 Oct 2026", "Vertex AI", "$305", "$5", "+$300", "fraud +$300"]
    ]
    assert "No service cost far more on any day" in page(viewer, "/cost?period=2026-09")
    assert "in a week or a month; choose one" in page(viewer, "/cost?period=2026-Q3")


@pytest.mark.parametrize(
    ("by", "named"), [("purpose", "training $455"), ("provider", "AWS $821"), ("service", "EC2 $326")]
)
def test_bars_are_split_as_asked(viewer: FlaskClient, spent: Callable, by: str, named: str) -> None:
    spent()
    text = page(viewer, f"/cost?period=2026-10&by={by}")
    assert f"{named}</text>" in text and f"by day of charge and {by}" in text


def test_more_than_four_services_are_drawn_as_three_and_the_others(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        for number in range(1, 7):
            rows.cost(None, OCTOBER[0], str(number), service_name=f"Service {number}")
        rows.delivered("costs", state="done")
    refresh.rebuild(sqlite, now())
    head = rows_of(page(viewer, "/cost?period=2026-10&by=service"), "by day of charge and service")[0]
    assert head == ["Day", "Total", "Service 6", "Service 5", "Service 4", "Others"]


def test_what_is_charged_to_no_model_is_told_with_its_account(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    text = page(viewer, "/cost?period=2026-10")
    assert rows_of(text, "What is charged to no model")[1:] == [["AWS", "prod", "S3", "$40"]]
    assert "$40, 4.9% of the cost" in text and 'href="/data-health/names">Map names</a>' in text


def test_bills_say_how_far_they_reach_and_what_they_were(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        charge = rows.cost(None, OCTOBER[9], "12")
        part = session.get(CostPartition, charge.partition_id)
        part.previous_billed, part.source = Decimal(10), "aws-bill"  # type: ignore[union-attr]
        rows.delivered("costs", state="done")
    refresh.rebuild(sqlite, now())
    (bill,) = rows_of(page(viewer, "/cost?period=2026-10"), "Bills of the months")[1:]
    assert bill == ["Oct 2026", "aws-bill", "$12", "$10", "1", "10 Oct 2026", "14 Oct 2026 12:00 UTC", "Estimated"]
    assert "No bill touches Sep 2026." in page(viewer, "/cost?period=2026-09")


def test_the_price_of_a_thousand_inferences_stands_beside_its_model(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        ranker = rows.model()
        rows.cost(ranker, OCTOBER[0], "12", purpose="inference")
        rows.delivered("costs", state="done")
    deliver(sqlite, "usage", {"model": "ranker", "date": "2026-10-01", "unit": "inferences", "quantity": "240000"})
    refresh.rebuild(sqlite, now())
    head, ranker_row, *_ = rows_of(page(viewer, "/cost?period=2026-10"), "Cost by model")
    assert (head[-1], ranker_row[-1]) == ("Per 1,000 inferences", "$0.05")


def test_the_file_holds_every_charge_by_model_service_and_purpose(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    answer = viewer.get("/cost.csv?period=2026-10")
    assert "cost_2026-10.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert sum(Decimal(row["billed"]) for row in rows) == Decimal("820.5")
    assert rows[0] == {
        "model": "fraud",
        "service": "Vertex AI",
        "purpose": "training",
        "billed": "455",
        "currency": "USD",
    }


def test_any_stretch_of_days_can_be_asked_for_and_a_long_one_is_not_drawn_day_by_day(
    viewer: FlaskClient, spent: Callable
) -> None:
    spent()
    text = page(viewer, "/cost?period=2026-10-01..2026-10-10")
    assert "$195 spent, 1 to 10 Oct 2026" in text and len(rows_of(text, "USD spent since")) == 11
    long = page(viewer, "/cost?period=2026-01-01..2026-10-31")
    assert "choose a quarter or less" in long and "USD spent since" not in long
    assert rows_of(long, "Cost by model")[-1][0] == "Together"


def test_bills_that_reach_differently_far_are_told_while_the_month_runs(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        for source, month, day in (("aws", 11, 3), ("gcp", 11, 1), ("aws", 10, 31), ("gcp", 10, 30)):
            charge = rows.cost(None, date(2026, month, day), "12")
            session.get(CostPartition, charge.partition_id).source = source  # type: ignore[union-attr]
        rows.delivered("costs", state="done")
    refresh.rebuild(sqlite, now())
    said = "Bills reach differently far: gcp as far as 1 Nov 2026, the other as far as 3 Nov 2026."
    assert said in page(viewer, "/cost?period=2026-11")
    assert "differently far" not in page(viewer, "/cost?period=2026-10")


def test_bills_that_reach_as_far_as_each_other_are_not_mentioned(viewer: FlaskClient, spent: Callable) -> None:
    spent()
    assert "differently far" not in page(viewer, "/cost?period=2026-11")

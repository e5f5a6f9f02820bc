"""What stands beside a figure: what was before, where that is a figure, and what moved since."""

import pytest
from sqlalchemy import Engine

from ops_console.measures.comparison import Compare
from tests.kpis.records import at
from tests.scorecard.measuring import Kind, books, read_one, released


@pytest.mark.parametrize(("before", "now", "change"), [(12, 12, 0), (4, 12, None), (12, 4, None)])
def test_too_few_cases_are_no_side_of_a_change(sqlite: Engine, before: int, now: int, change: float | None) -> None:
    with books(sqlite) as written:
        released(written, before, month="09", ready_at=at("09-10"))
        released(written, now, ready_at=at("10-10"))

        found = read_one(written.session, "lead_time")
        assert (found.n, found.previous_n, found.delta) == (now, before, change)


def test_what_moved_since_a_year_ago_is_named_by_model(sqlite: Engine) -> None:
    with books(sqlite) as written:
        grown = written.model("grown")
        for day, amount in (("2025-10-14 12:00", "5"), ("09-14", "30"), ("10-14", "35")):
            written.cost(at(day), amount, grown)

        found = read_one(written.session, "cost_vs_budget", compare=Compare.YEAR)
        assert found.detail["movers"] == [{"subject": "grown", "amount": "35", "change": "30"}]
        assert found.previous_k == 5


@pytest.mark.parametrize(("currency", "before"), [("USD", 30), ("EUR", None)])
def test_money_is_compared_with_money_of_one_currency(sqlite: Engine, currency: str, before: int | None) -> None:
    with books(sqlite) as written:
        written.cost(at("09-14"), "30", currency=currency)
        written.cost(at("10-14"), "35")

        assert read_one(written.session, "cost_vs_budget").previous_k == before


def test_nothing_moved_since_a_month_of_which_nothing_is_known(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(at("10-14"), "35", written.model())
        began = {"costs": Kind(covers_from=at("10-01 00:00"))}

        assert "movers" not in read_one(written.session, "cost_vs_budget", fresh=began).detail
        assert "movers" in read_one(written.session, "cost_vs_budget").detail


def test_what_moved_is_named_by_model(sqlite: Engine) -> None:
    with books(sqlite) as written:
        steady, grown = written.model("steady"), written.model("grown")
        for month, amount in (("09", "10"), ("10", "35")):
            written.cost(at(f"{month}-14"), amount, grown)
            written.cost(at(f"{month}-14"), "50", steady)

        found = read_one(written.session, "cost_vs_budget")
        assert found.detail["movers"] == [{"subject": "grown", "amount": "35", "change": "25"}]


def test_a_running_month_says_how_far_its_bill_reaches(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(at("10-14"), "30")
        written.cost(at("11-02 00:00"), "5")

        running = read_one(written.session, "cost_vs_budget", "2026-11")
        assert running.data_reason == (
            "The bill reaches as far as 2 Nov 2026 and may change until the 15th of the next month."
        )
        written.cost(at("11-04 00:00"), "5")  # today
        running = read_one(written.session, "cost_vs_budget", "2026-11")
        assert running.data_reason == "The bill may change until the 15th of the next month."
        ended = read_one(written.session, "cost_vs_budget", "2026-10")
        assert ended.data_reason == "The bill may change until the 15th of the next month."

"""What stands beside cost: how much of the GPUs is used, and what a thousand inferences take."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.records.usage import Usage
from ops_console.records.workspace import Workspace
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books, figure, read_one

DAY = at("10-14")


def used(written: Books, entry_id: int, unit: str, quantity: str, day: datetime = DAY, **changes: Any) -> None:
    defaults = {
        **written.envelope(),
        "entry_id": entry_id,
        "day": date(day.year, day.month, day.day),
        "unit": unit,
        "quantity": Decimal(quantity),
        "anchored_at": day,
    }
    written.keep(Usage(**(defaults | changes)))


def beside(written: Books, name: str, scope: str = "workspace") -> dict[str, Any]:
    found: dict[str, Any] = figure(written.session, "cost_vs_budget", scope=scope).detail[name]
    return found


def test_gpu_hours_used_are_a_share_of_those_allocated(database: Engine) -> None:
    with books(database) as written:
        for slug, hours in (("ranker", "60.5"), ("fraud", "9.5")):
            model = written.model(slug)
            used(written, model, "gpu_hours_used", hours)
            used(written, model, "gpu_hours_allocated", "50")
        used(written, model, "gpu_hours_allocated", "500", at("09-14"))

        found = beside(written, "gpu_use")
        assert (found["value"], found["n"], found["amount"], found["units"]) == (0.7, 2, "70.0", "100")
        assert beside(written, "gpu_use", "model:fraud")["value"] == pytest.approx(0.19)


def test_a_model_of_which_one_side_is_unknown_is_left_out_and_none_used_is_no_unknown(sqlite: Engine) -> None:
    with books(sqlite) as written:
        idle, unmeasured, unplanned = (written.model(slug) for slug in ("idle", "unmeasured", "unplanned"))
        used(written, idle, "gpu_hours_used", "0")
        used(written, idle, "gpu_hours_allocated", "10")
        used(written, unmeasured, "gpu_hours_allocated", "90")
        used(written, unplanned, "gpu_hours_used", "5")

        found = beside(written, "gpu_use")
        assert (found["value"], found["n"]) == (0, 1)
        assert found["excluded"] == {"allocation unknown": 1, "use unknown": 1}


def test_the_cost_of_inference_is_told_per_thousand_to_the_last_digit(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        written.cost(DAY, "10.10", model, purpose="inference")
        written.cost(DAY, "0.20", model, purpose="inference")
        written.cost(DAY, "99", model, purpose="training")
        used(written, model, "inferences", "4000")
        used(written, model, "tokens", "7")

        found = beside(written, "unit_cost")
        assert (found["exactly"], found["amount"], found["currency"]) == ("2.575000", "10.30", "USD")


def test_what_was_incurred_counts_and_not_what_was_billed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        written.cost(DAY, "0", model, purpose="inference", effective=Decimal("8"))
        used(written, model, "inferences", "1000")

        assert beside(written, "unit_cost")["exactly"] == "8.000000"


def test_a_model_that_counts_no_inferences_raises_no_price(sqlite: Engine) -> None:
    with books(sqlite) as written:
        counted, silent = written.model("counted"), written.model("silent")
        written.cost(DAY, "2", counted, purpose="inference")
        written.cost(DAY, "1000", silent, purpose="inference")
        written.cost(DAY, "1000", None, purpose="inference")
        used(written, counted, "inferences", "1000")

        found = beside(written, "unit_cost")
        assert (found["exactly"], found["excluded"]) == ("2.000000", {"inferences unknown": 1})


@pytest.mark.parametrize(("currency", "exactly"), [("USD", "2.000000"), ("EUR", "5.000000")])
def test_currencies_are_never_added_up_and_that_of_the_workspace_counts(
    sqlite: Engine, currency: str, exactly: str
) -> None:
    with books(sqlite) as written:
        written.keep(Workspace(name="Test", time_zone="UTC", currency=currency, made_at=DAY))
        model = written.model()
        written.cost(DAY, "2", model, purpose="inference")
        written.cost(DAY, "5", model, purpose="inference", currency="EUR")
        used(written, model, "inferences", "1000")

        found = beside(written, "unit_cost")
        assert (found["currency"], found["exactly"]) == (currency, exactly)


def test_a_lone_foreign_currency_is_told_as_it_is(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        written.cost(DAY, "5", model, purpose="inference", currency="EUR")
        used(written, model, "inferences", "1000")

        found = beside(written, "unit_cost")
        assert (found["currency"], found["exactly"]) == ("EUR", "5.000000")


def test_deleted_use_does_not_count(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        used(written, model, "gpu_hours_used", "1", deleted_at=DAY)
        written.cost(DAY, "2", model, purpose="inference")

        assert "gpu_use" not in figure(written.session, "cost_vs_budget").detail


def test_use_without_any_cost_is_told_and_claims_no_spending(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        used(written, model, "gpu_hours_used", "5")
        used(written, model, "gpu_hours_allocated", "10")

        for period in ("2026-10", "2026-11"):
            found = read_one(written.session, "cost_vs_budget", period)
            assert (found.k, found.value) == (None, None)
        assert read_one(written.session, "cost_vs_budget").detail["gpu_use"]["value"] == 0.5

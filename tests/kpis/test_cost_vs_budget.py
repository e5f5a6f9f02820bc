"""Money to the last digit, one currency at a time, against the budget of the same scope and period."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.measures.figures import Figure
from tests.examples import examples
from tests.kpis.records import at
from tests.scorecard.measuring import books, figure

KEY = "cost_vs_budget"
DAY = at("10-14 00:00")


def test_what_was_billed_is_held_against_the_budget(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "48210.40")
        written.budget("2026-10", "45500")

        found = figure(written.session, KEY)
        assert (found.k, found.n, found.value) == (Decimal("48210.40"), Decimal(45500), 48210.40 / 45500)


def test_without_a_budget_the_money_is_known_and_the_share_is_not(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "12.5")

        found = figure(written.session, KEY)
        assert (found.k, found.n, found.value) == (Decimal("12.5"), None, None)


def test_without_any_cost_there_is_no_figure(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.budget("2026-10", "100")

        assert figure(written.session, KEY) == Figure()


def test_credits_and_corrections_keep_their_sign(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(DAY, "100")
        written.cost(DAY, "-30.25", charge_category="Credit")

        assert figure(written.session, KEY).k == Decimal("69.75")


def test_currencies_are_never_added_up(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "100")
        written.cost(DAY, "70", currency="EUR")
        written.budget("2026-10", "140", currency="EUR")

        found = figure(written.session, KEY)
        assert (found.value, found.detail["currency"]) == (0.5, "EUR")
        assert found.detail["other_currencies"] == {"USD": "100"}


def test_a_lone_foreign_currency_is_shown_as_it_is(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(DAY, "70", currency="EUR")

        found = figure(written.session, KEY)
        assert (found.k, found.detail["currency"]) == (70, "EUR")


def test_a_quarter_takes_the_sum_of_its_months_when_all_are_there(database: Engine) -> None:
    with books(database) as written:
        written.cost(DAY, "90")
        for month in ("2026-10", "2026-11"):
            written.budget(month, "100")
        assert figure(written.session, KEY, "2026-Q4").n is None

        written.budget("2026-12", "100")
        assert figure(written.session, KEY, "2026-Q4").n == 300


def test_a_quarters_own_budget_wins_over_its_months(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(DAY, "90")
        for period, amount in (("2026-10", "1"), ("2026-11", "1"), ("2026-12", "1"), ("2026-Q4", "200")):
            written.budget(period, amount)

        assert figure(written.session, KEY, "2026-Q4").n == 200


def test_a_week_has_no_budget(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(DAY, "90")
        written.budget("2026-10", "100")

        assert figure(written.session, KEY, "2026-W42").n is None


def test_models_and_teams_have_budgets_of_their_own(database: Engine) -> None:
    with books(database) as written:
        model = written.model("ranker", team="Search")
        written.cost(DAY, "50", model)
        written.budget("2026-10", "100", "team:search")
        written.budget("2026-10", "200", "model:ranker", entry_id=model)

        assert figure(written.session, KEY, scope="team:Search").value == 0.5
        assert figure(written.session, KEY, scope="model:ranker").value == 0.25
        assert figure(written.session, KEY).value is None


def test_cost_names_its_own_team_where_no_model_is_known(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(DAY, "50", team="Search")

        assert figure(written.session, KEY, scope="team:Search").k == 50


def test_the_unallocated_part_is_said_out_loud(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.cost(DAY, "75", written.model(), purpose="training")
        written.cost(DAY, "25", purpose=None, provider="GCP")

        detail = figure(written.session, KEY).detail
        assert (detail["unallocated"], detail["unallocated_share"]) == ("25", 0.25)
        assert detail["by_purpose"] == {"training": "75", "unallocated": "25"}
        assert detail["by_provider"] == {"AWS": "75", "GCP": "25"}


@given(st.lists(st.decimals(-1000, 1000, places=9), min_size=1, max_size=8))
@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_digit_is_lost(database: Engine, amounts: list[Decimal]) -> None:
    with books(database) as written:
        for amount in amounts:
            written.cost(DAY, format(amount, "f"))

        found = figure(written.session, KEY)
        assert found.k == sum(amounts)
        assert sum(map(Decimal, found.detail["by_provider"].values())) == found.k
        written.session.rollback()

"""Business uplift: told model by model, documented or not, and never averaged."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.measures.readings import machine
from ops_console.reporting import words
from tests.kpis.quality_records import quality_books
from tests.kpis.records import NOW, at
from tests.scorecard.measuring import figure, read_one

KEY, MONTH = "business_uplift", "2026-09"


def claims(session: Session, scope: str = "workspace") -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = figure(session, KEY, MONTH, scope).detail["outcomes"]["claims"]
    return found


def lines(session: Session) -> list[tuple[str, ...]]:
    return words.outcomes(read_one(session, KEY, MONTH))


def test_models_with_an_approved_outcome_of_those_in_production(database: Engine) -> None:
    with quality_books(database) as written:
        models = [written.in_production(f"m{number}", tier=1 + number % 2) for number in range(3)]
        for model in (models[0], models[0], models[1]):
            written.outcome(model)

        found = read_one(written.session, KEY, MONTH)
        assert (found.k, found.n, words.headline(found), words.note(found)) == (2, 3, "2 of 3", "models documented")
        assert found.target is None and machine(found)["detail"]["outcomes"]["n"] == 3


def test_nothing_is_averaged_or_added_up(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        for name, observed in (("a", 220), ("b", 180)):
            written.outcome(written.in_production(name), metric=name, observed=Decimal(observed))

        assert [claim["change"] for claim in claims(written.session)] == [0.1, -0.1]
        assert set(figure(written.session, KEY, MONTH).detail["outcomes"]) == {"n", "excluded", "claims"}


def test_an_outcome_belongs_to_the_period_in_which_it_ended(database: Engine) -> None:
    with quality_books(database) as written:
        written.outcome(written.in_production(), date(2026, 9, 30))

        assert figure(written.session, KEY, "2026-09").k == 1
        assert figure(written.session, KEY, "2026-10").k == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"approved_by": None}, {"not approved": 1}),
        ({"unit": "Money"}, {"money without a currency": 1}),
        ({"deleted_at": NOW}, None),
    ],
)
def test_what_nobody_approved_or_lacks_its_currency_documents_nothing(
    database: Engine, changes: dict[str, Any], reason: dict[str, int] | None
) -> None:
    with quality_books(database) as written:
        model = written.in_production()
        written.outcome(model, date(2026, 8, 31))  # before the first outcome there is no state
        written.outcome(model, **changes)

        found = figure(written.session, KEY, MONTH)
        assert (found.k, found.n) == (0, 1)
        assert found.detail.get("outcomes", {}).get("excluded") == reason


def test_money_is_told_in_its_currency(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        money = {"unit": "money", "currency": "EUR", "baseline": Decimal(90_000), "observed": Decimal(99_000)}
        written.outcome(written.in_production(), **money)

        assert lines(written.session)[0][2:5] == ("€90,000", "€99,000", "+10%")


def test_where_cents_are_all_that_changed_they_are_told(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        money = {"unit": "basket", "currency": "EUR", "baseline": Decimal("41.2"), "observed": Decimal("41.6")}
        written.outcome(written.in_production(), **money)

        assert lines(written.session)[0][2:4] == ("41.2 EUR", "41.6 EUR")


@pytest.mark.parametrize(
    ("unit", "baseline", "observed", "told"),
    [
        ("%", "4.0", "5.2", "+1.2 pp"),
        ("share", "0.040", "0.052", "+1.2 pp"),
        ("minutes", "40", "30", "−25%"),
        ("orders", "0", "30", "cannot be told"),
        (None, "-4", "-2", "+50%"),
    ],
)
def test_a_percentage_changes_by_points_and_all_else_relative_to_its_baseline(
    sqlite: Engine, unit: str | None, baseline: str, observed: str, told: str
) -> None:
    with quality_books(sqlite) as written:
        values = {"unit": unit, "baseline": Decimal(baseline), "observed": Decimal(observed)}
        written.outcome(written.in_production(), **values)

        assert lines(written.session)[0][4] == told


def test_the_interval_stands_beside_the_change(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        written.outcome(written.in_production(), ci_low=Decimal(204), ci_high=Decimal(216))

        (line,) = lines(written.session)
        assert line[4] == "+5.0%, between +2.0% and +8.0%" and "no interval" not in line[-1]


def test_an_interval_that_does_not_hold_the_observed_value_is_about_something_else(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        written.outcome(written.in_production(), ci_low=Decimal("0.02"), ci_high=Decimal("0.08"))

        assert (lines(written.session)[0][4], "no interval" in lines(written.session)[0][-1]) == ("+5.0%", True)


def test_an_estimate_and_a_short_time_are_called_what_they_are(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        written.outcome(written.in_production(), method="estimate", period_start=date(2026, 9, 24))

        (line,) = lines(written.session)
        assert line[5] == "estimate"
        assert "an estimate, not measured" in line[-1] and "7 days, may be novelty" in line[-1]


@pytest.mark.parametrize(
    ("shares", "rivals"), [((None, None), [["b"], ["a"]]), (("0.6", "0.5"), [["b"], ["a"]]), (("0.6", "0.4"), [[], []])]
)
def test_models_that_claim_more_than_all_of_one_change_say_so(
    database: Engine, shares: tuple[str | None, str | None], rivals: list[list[str]]
) -> None:
    with quality_books(database) as written:
        for name, share in zip("ab", shares, strict=True):
            written.outcome(written.in_production(name), attribution_share=Decimal(share) if share else None)

        assert [claim["also_claimed_by"] for claim in claims(written.session)] == rivals
        assert claims(written.session, "model:a")[0]["also_claimed_by"] == rivals[0]


def test_of_many_models_that_claim_one_change_a_few_are_named_and_the_others_counted(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        for name in "abcdef":
            written.outcome(written.in_production(name))

        first, *_ = claims(written.session)
        assert (first["also_claimed_by"], first["rivals"]) == (["b", "c", "d"], 5)
        assert "b, c, d, 2 more claim it too" in lines(written.session)[0][-1]


@pytest.mark.parametrize(
    "changes", [{"metric": "visits"}, {"period_start": date(2026, 9, 1), "ended": date(2026, 9, 5)}]
)
def test_another_metric_or_another_time_is_another_claim(sqlite: Engine, changes: dict[str, Any]) -> None:
    with quality_books(sqlite) as written:
        written.outcome(written.in_production("a"), period_start=date(2026, 9, 6))
        written.outcome(written.in_production("b"), **changes)

        assert [claim["also_claimed_by"] for claim in claims(written.session)] == [[], []]


def test_tier_3_is_not_expected_to_document_anything(database: Engine) -> None:
    with quality_books(database) as written:
        for tier in (1, 2, 3):
            written.outcome(written.in_production(f"m{tier}", tier=tier, team="Search"))

        for scope in ("workspace", "team:Search"):
            found = figure(written.session, KEY, MONTH, scope)
            assert (found.k, found.n, found.excluded) == (2, 2, {"not tier 1 or 2": 1})
        assert figure(written.session, KEY, MONTH, "model:m3").k == 1


def test_the_models_expected_are_those_in_production_at_the_end_of_the_period(sqlite: Engine) -> None:
    with quality_books(sqlite) as written:
        written.outcome(written.in_production("here"))
        gone = written.entry("gone")
        written.stood(gone, at("01-01"), at("09-20"), tier=1, lifecycle="production")
        written.stood(gone, at("09-20"), NOW, tier=1, lifecycle="retired")
        written.entry("service", kind="service")

        assert figure(written.session, KEY, MONTH).n == 1
        written.outcome(gone, date(2026, 8, 31))
        assert figure(written.session, KEY, "2026-08").n == 2

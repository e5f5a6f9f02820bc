"""Two bills and a plan, in cents."""

from decimal import Decimal

import pytest

from ops_console.contracts.facts import CostFact
from ops_console.contracts.vocabulary import Purpose
from ops_console.core.periods import Period
from ops_console.demo import calibration
from tests.demo.stories import facts, story

pytestmark = pytest.mark.xdist_group("story")
CHARGES: tuple[CostFact, ...] = facts(story(), "costs")


def _billed(month: Period, cloud: str | None = None) -> Decimal:
    label = month.label
    return sum(
        (c.billed_cost for c in CHARGES if f"{c.billing_period_start:%Y-%m}" == label and cloud in (None, c.provider)),
        Decimal(0),
    )


def _budget(scope: str, month: Period) -> Decimal:
    return next(b.amount for b in facts(story(), "budgets") if b.external_id == f"{scope}/{month.label}")


def test_both_clouds_bill_every_month() -> None:
    assert all(
        _billed(month, cloud) > 5000 for month in list(story().months())[:-1] for cloud in ("AWS", "Google Cloud")
    )


def test_the_bad_month_costs_more_than_its_budget() -> None:
    bad = story().bad_month
    assert _billed(bad) > _budget("workspace", bad)


def test_the_months_before_it_stay_within() -> None:
    usual = [story().bad_month.shifted(-away) for away in range(1, 10)]
    assert all(_billed(month) <= _budget("workspace", month) for month in usual)


def test_a_small_part_of_the_money_names_no_model() -> None:
    untagged = sum(c.billed_cost for c in CHARGES if not c.tags and c.purpose is None)
    share = untagged / sum(c.billed_cost for c in CHARGES)
    assert abs(float(share) - calibration.UNTAGGED_SHARE) < 0.01


def test_one_credit_keeps_its_sign() -> None:
    assert [c.billed_cost for c in CHARGES if c.charge_category == "Credit"] == [Decimal("-1200.00")]


def test_one_job_ran_away() -> None:
    training = [c for c in CHARGES if c.model == "demand-forecast" and c.purpose is Purpose.TRAINING]
    by_day = sorted(training, key=lambda c: c.billed_cost)
    runaway = {c.charge_period_start.date() for c in by_day[-3:]}
    assert (max(runaway) - min(runaway)).days == 2
    assert (story().anchor.date() - max(runaway)).days == 36


def test_parts_of_the_plan_stay_below_the_whole() -> None:
    month = story().bad_month
    whole = _budget("workspace", month)
    assert whole * Decimal("0.8") < _budget("purpose:training", month) + _budget("purpose:inference", month) < whole

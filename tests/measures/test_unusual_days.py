"""A day is told when it costs far more than its weekday usually does, and only then."""

import random
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest

from ops_console.measures.unusual_days import UnusualDay, unusual_days

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
BEGAN = FIRST - timedelta(weeks=8)
USUAL = Decimal(100)


def days(since: date = BEGAN, usual: Decimal = USUAL, **unusual: str) -> dict[date, Decimal]:
    """The same each day, but for some days of October (`d14="300"`)."""
    told = {date(2026, 10, int(name[1:])): Decimal(amount) for name, amount in unusual.items()}
    every = (since + timedelta(days=n) for n in range((LAST - since).days + 1))
    return {day: told.get(day, usual) for day in every}


def test_a_day_far_above_its_weekday_is_told_with_what_is_usual() -> None:
    (found,) = unusual_days({"compute": days(d14="300")}, FIRST, LAST)
    assert found == UnusualDay("compute", date(2026, 10, 14), Decimal(300), Decimal(100))
    assert found.above == 200


def test_a_steady_service_has_no_such_day() -> None:
    assert unusual_days({"compute": days()}, FIRST, LAST) == []


def test_a_day_that_costs_less_is_none() -> None:
    assert unusual_days({"compute": days(d14="0")}, FIRST, LAST) == []


def test_a_quarter_above_the_usual_is_still_usual() -> None:
    assert unusual_days({"compute": days(d14="125")}, FIRST, LAST) == []
    assert len(unusual_days({"compute": days(d14="125.01")}, FIRST, LAST)) == 1


def test_what_happens_each_week_is_usual() -> None:
    """Training on Wednesdays costs three times as much as any other day."""
    wednesdays = {day: amount * (3 if day.weekday() == 2 else 1) for day, amount in days().items()}
    assert unusual_days({"training": wednesdays}, FIRST, LAST) == []


def test_one_outlier_hides_no_later_one() -> None:
    found = unusual_days({"compute": days(d07="900", d14="300")}, FIRST, LAST)
    assert [each.day.day for each in found] == [7, 14]


def test_a_service_that_was_idle_on_that_weekday_is_told_when_it_runs() -> None:
    weekly = {day: amount for day, amount in days(d15="80").items() if day.weekday() == 0 or day.day == 15}
    (found,) = unusual_days({"training": weekly, "inference": days()}, date(2026, 10, 15), date(2026, 10, 15))
    assert (found.day.day, found.usual) == (15, 0)


@pytest.mark.parametrize(("weeks", "told"), [(4, 0), (5, 1)])
def test_a_service_known_for_less_than_five_weeks_is_not_judged(weeks: int, told: int) -> None:
    young = days(date(2026, 10, 14) - timedelta(weeks=weeks), d14="900")
    assert len(unusual_days({"compute": young}, date(2026, 10, 14), LAST)) == told


def test_what_weighs_nothing_in_the_whole_is_not_told() -> None:
    """Two cents of a hundred dollars a day are two too many to act on."""
    small = days(usual=Decimal("0.01"), d14="1.99")
    assert unusual_days({"compute": days(), "queue": small}, FIRST, LAST) == []
    assert len(unusual_days({"compute": days(), "queue": days(usual=Decimal("0.01"), d14="2.03")}, FIRST, LAST)) == 1


def test_days_outside_the_period_are_not_told() -> None:
    spiked = {**days(), FIRST - timedelta(days=1): Decimal(900)}
    assert unusual_days({"compute": spiked}, FIRST, LAST) == []


def test_the_furthest_above_comes_first() -> None:
    found = unusual_days({"compute": days(d14="300"), "queue": days(d20="400", d21="200")}, FIRST, LAST)
    assert [(each.name, each.day.day) for each in found] == [("queue", 20), ("compute", 14), ("queue", 21)]


def test_nothing_charged_has_no_unusual_day() -> None:
    assert unusual_days({}, FIRST, LAST) == []
    assert unusual_days({"compute": {}}, FIRST, LAST) == []


def test_a_service_that_varies_by_a_tenth_is_flagged_on_less_than_one_day_in_a_hundred() -> None:
    """And one of which a day doubles is found nine times out of ten."""
    chance = random.Random(7)
    false, found, tries = 0, 0, 400
    for _ in range(tries):
        varying = {day: USUAL * Decimal(max(0.0, chance.gauss(1, 0.1))) for day in days()}
        false += len(unusual_days({"compute": varying}, FIRST, LAST))
        doubled = {**varying, date(2026, 10, 14): 2 * median(varying.values())}
        found += any(each.day.day == 14 for each in unusual_days({"compute": doubled}, FIRST, LAST))
    assert false / (tries * 31) < 0.01
    assert found / tries > 0.9

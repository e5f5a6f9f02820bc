"""Where a running month ends, and how sure that is."""

from datetime import date, timedelta
from decimal import Decimal

from ops_console.measures.forecast import by_stream, forecast

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = timedelta(days=1)
Row = tuple[str | None, str, date, Decimal]


def spent(first: date, days: int, amount: str = "10", *, category: str = "Usage", week_end: str = "") -> list[Row]:
    return [
        ("training", category, day, Decimal(week_end if week_end and day.weekday() >= 5 else amount))
        for day in (first + number * DAY for number in range(days))
    ]


def test_a_steady_month_ends_where_it_was_heading() -> None:
    found = forecast(by_stream(spent(date(2026, 9, 1), 70)), FIRST, LAST, date(2026, 11, 10))

    assert found is not None
    assert (found.amount, found.complete_through) == (300, date(2026, 11, 7))


def test_weekends_are_expected_to_be_weekends() -> None:
    found = forecast(by_stream(spent(date(2026, 9, 1), 70, week_end="0")), FIRST, LAST, date(2026, 11, 10))

    assert found is not None
    assert found.amount == 21 * 10


def test_the_last_two_days_are_not_all_in_yet() -> None:
    rows = spent(date(2026, 9, 1), 68) + spent(date(2026, 11, 8), 2, "0.01")

    found = forecast(by_stream(rows), FIRST, LAST, date(2026, 11, 10))
    assert found is not None and found.amount == 300


def test_charges_that_are_no_usage_come_back_on_their_day_of_the_month() -> None:
    rows = spent(date(2026, 9, 1), 70) + spent(date(2026, 10, 28), 1, "500", category="Purchase")

    found = forecast(by_stream(rows), FIRST, LAST, date(2026, 11, 10))
    assert found is not None and found.amount == 800


def test_in_the_first_days_nothing_is_foretold() -> None:
    assert forecast(by_stream(spent(date(2026, 9, 1), 64)), FIRST, LAST, date(2026, 11, 6)) is None


def test_how_far_off_earlier_forecasts_were_is_its_margin() -> None:
    calm = spent(date(2026, 6, 1), 133)
    surge = spent(date(2026, 10, 12), 20, "20") + spent(date(2026, 11, 1), 10)

    found = forecast(by_stream(calm + surge), FIRST, LAST, date(2026, 11, 10))
    assert found is not None and found.low is not None and found.high is not None
    assert found.low == found.amount < found.high


def test_without_earlier_months_there_is_no_margin() -> None:
    found = forecast(by_stream(spent(date(2026, 10, 20), 22)), FIRST, LAST, date(2026, 11, 10))

    assert found is not None
    assert (found.low, found.high) == (None, None)

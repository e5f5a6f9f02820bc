"""Figures, times and periods read the same everywhere."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.core import units
from ops_console.core.periods import parse

LONDON = ZoneInfo("Europe/London")
DAY, HOUR = 86400, 3600
sizes = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)
shares = st.floats(min_value=0, max_value=1)
seconds = st.floats(min_value=0, max_value=1e9)


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (0, "0"),
        (7.456, "7.46"),
        (12.5, "12.5"),
        (1234.5, "1,230"),
        (-3.25, "−3.25"),
        (0.1 + 0.2, "0.3"),
        (2.5e-4, "0.00025"),
    ],
)
def test_a_number_has_at_most_three_significant_digits(value: float, reads: str) -> None:
    assert units.number(value) == reads


@pytest.mark.parametrize(
    ("value", "reads"), [(9, "9"), (12345, "12,345"), (7.5, "7.5"), (Decimal("3.00"), "3"), (-3, "−3")]
)
def test_a_count_is_whole_and_exact_so_that_it_can_be_checked_by_counting(value: float, reads: str) -> None:
    assert units.count(value) == reads


@pytest.mark.parametrize(("value", "reads"), [(1.005, "1.01"), (2.675, "2.68"), (0.125, "0.13"), (-0.125, "−0.13")])
def test_halves_round_away_from_zero_whatever_a_float_stores(value: float, reads: str) -> None:
    assert units.fixed(value, 2) == reads


def test_what_rounds_to_zero_carries_no_sign() -> None:
    assert units.fixed(-0.001, 1) == "0.0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), Decimal("NaN")])
def test_no_figure_is_refused_instead_of_printed(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="no figure"):
        units.number(value)


@pytest.mark.parametrize(
    ("count", "things", "reads"),
    [
        (0, "versions", "0 versions"),
        (1, "open incidents", "1 open incident"),
        (1, "people", "1 person"),
        (1, "deliveries", "1 delivery"),
        (1200, "days", "1,200 days"),
    ],
)
def test_one_thing_is_not_many(count: int, things: str, reads: str) -> None:
    assert units.counted(count, things) == reads


@pytest.mark.parametrize(
    ("share", "of", "k", "reads"),
    [
        (0.08, 25, 2, "8.0%, 2 of 25"),
        (0.62, 61, None, "62%, 38 of 61"),
        (0.961, 310, 298, "96.1%"),
        (0.94, None, None, "94%"),
        (1.6, None, None, "160%"),
        (0, 25, 0, "0%, 0 of 25"),
        (1.0, 25, 25, "100%, 25 of 25"),
        (0.05, 100, 5, "5.0%"),
    ],
)
def test_a_percentage_names_its_fraction_below_a_hundred_cases(
    share: float, of: int | None, k: int | None, reads: str
) -> None:
    assert units.percent(share, of, k) == reads


@pytest.mark.parametrize(
    ("share", "reads"), [(0.9996, ">99.9%"), (0.9951, "99.5%"), (0.0001, "<0.1%"), (-0.0001, "−<0.1%")]
)
def test_a_share_near_an_end_never_reads_as_the_end(share: float, reads: str) -> None:
    assert units.bare_percent(share) == reads


@given(shares.filter(lambda share: 1e-9 < share < 1 - 1e-9))
def test_a_share_that_is_neither_none_nor_all_reads_so(share: float) -> None:
    assert units.bare_percent(share) not in {"0%", "0.0%", "100%", "100.0%"}


@pytest.mark.parametrize(
    ("share", "objective", "reads"),
    [
        (0.9984, 0.999, "99.84%"),
        (0.9984, None, "99.84%"),
        (0.99961, 0.9995, "99.961%"),
        (0.999, 0.999, "99.90%"),
        (1, 0.999, "100.00%"),
    ],
)
def test_an_slo_has_two_decimals_and_three_from_an_objective_of_9995(
    share: float, objective: float | None, reads: str
) -> None:
    assert units.slo_percent(share, objective) == reads


@given(st.integers(min_value=1, max_value=10**6))
def test_rounding_never_turns_a_missed_objective_into_a_met_one(bad: int) -> None:
    objective = 0.999
    reads = Decimal(units.slo_percent(1 - bad / 10**6, objective).rstrip("%"))
    assert (reads >= Decimal("99.9")) == (bad <= 1000)


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (0, "0 min"),
        (0.02, "<0.1 s"),
        (0.44, "0.4 s"),
        (45, "45 s"),
        (59.7, "1 min"),
        (270, "4 min 30 s"),
        (47 * 60, "47 min"),
        (72 * 60, "1 h 12 min"),
        (3 * HOUR, "3 h"),
        (DAY - 10, "1.0 days"),
        (DAY, "1 day"),
        (8.5 * DAY, "8.5 days"),
        (14 * DAY, "14 days"),
        (14.02 * DAY, "14.0 days"),
        (123.4 * DAY, "123 days"),
        (-14 * 60, "−14 min"),
    ],
)
def test_a_duration_reads_in_days_or_in_two_units_below_one(value: float, reads: str) -> None:
    assert units.duration(value) == reads


@given(seconds)
def test_a_duration_has_one_or_two_parts_and_never_sixty_of_a_unit(value: float) -> None:
    parts = re.findall(r"([\d.,]+) (s|min|h|days?)", units.duration(value))
    assert 1 <= len(parts) <= 2
    assert all(float(size.replace(",", "")) < 60 for size, unit in parts if unit in ("s", "min"))
    assert all(float(size) < 24 for size, unit in parts if unit == "h")


@given(seconds.filter(lambda value: value > 0))
def test_a_duration_that_took_time_never_reads_as_none(value: float) -> None:
    assert units.duration(value) not in {"0 s", "0 min", "0 h", "0.0 days", "0.0 s"}


@pytest.mark.parametrize(
    ("amount", "currency", "reads"),
    [
        (Decimal("48210.40"), "USD", "$48,210"),
        (Decimal("-760.5"), "USD", "−$761"),
        (760, "CHF", "CHF 760"),
        (Decimal("1.5"), "JPY", "¥2"),
        (Decimal("0.42"), "EUR", "€0.42"),
        (Decimal("0.001"), "EUR", "under €0.01"),
        (0, "GBP", "£0"),
        (5, None, "5"),
    ],
)
def test_money_is_whole_units_with_its_currency(amount: Decimal | int, currency: str | None, reads: str) -> None:
    assert units.money(amount, currency) == reads


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_money_is_half_a_unit_off_at_most(amount: Decimal) -> None:
    reads = units.money(amount, None).replace(",", "").replace("−", "-")
    assert abs(Decimal(reads) - amount) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("unit", "delta", "base", "reads"),
    [
        ("count", 3, 7, "+3"),
        ("count", 3, 40, "+3 (+7.5%)"),
        ("share", -0.006, 0.08, "−0.6 pp"),
        ("share", 0.0004, 0.1, "+0.04 pp"),
        ("share", 0.2, 0.4, "+20 pp"),
        ("seconds", -14 * 60, HOUR, "−14 min"),
        ("seconds", -0.6 * DAY, 9.1 * DAY, "−0.6 days"),
        ("seconds", -600, 5 * DAY, "−10 min"),
        ("score", 0.3, 7.3, "+0.3"),
        ("count", 0, 5, "no change"),
        ("seconds", 1e-12, 5, "no change"),
    ],
)
def test_a_change_reads_in_the_words_of_its_unit(unit: str, delta: float, base: float, reads: str) -> None:
    assert units.change(unit, delta, base) == reads


def test_a_change_of_money_is_an_amount_and_a_percentage() -> None:
    assert units.change("money", Decimal(3340), Decimal(44870), "USD") == "+$3,340 (+7.4%)"


@pytest.mark.parametrize(("delta", "base"), [(3, 0), (3, None), (None, 7), (None, None)])
def test_no_change_is_told_from_nothing_or_from_a_zero_base(delta: float | None, base: float | None) -> None:
    assert units.change("count", delta, base) == ""


@given(st.sampled_from(["count", "share", "seconds", "score", "money"]), sizes, sizes)
def test_a_change_is_never_infinite_and_never_signed_with_a_hyphen(unit: str, delta: float, base: float) -> None:
    reads = units.change(unit, delta, base, "USD")
    assert "-" not in reads and "inf" not in reads.lower() and "∞" not in reads


@given(sizes)
def test_no_figure_uses_a_hyphen_for_a_minus(value: float) -> None:
    texts = (
        units.number(value),
        units.count(value),
        units.duration(value),
        units.money(value, "USD"),
        units.bare_percent(value),
    )
    assert not any("-" in text for text in texts)


@given(sizes.filter(lambda value: abs(value) > 1e-9))
def test_three_digits_are_at_most_half_a_percent_off(value: float) -> None:
    reads = float(units.number(value).replace(",", "").replace("−", "-"))
    assert abs(reads - value) <= abs(value) * 0.00500001


@pytest.mark.parametrize(
    ("zone", "reads"),
    [
        ("Europe/London", "4 Nov 2026 09:00 GMT"),
        ("America/New_York", "4 Nov 2026 04:00 EST"),
        ("Asia/Kathmandu", "4 Nov 2026 14:45 UTC+05:45"),
        ("America/Sao_Paulo", "4 Nov 2026 06:00 UTC−03:00"),
        ("Pacific/Apia", "4 Nov 2026 22:00 UTC+13:00"),
    ],
)
def test_an_instant_names_its_zone(zone: str, reads: str) -> None:
    assert units.instant(datetime(2026, 11, 4, 9, tzinfo=UTC), ZoneInfo(zone)) == reads


def test_the_hour_that_happens_twice_is_told_apart_by_its_zone() -> None:
    first, second = (units.instant(datetime(2026, 10, 25, hour, 30, tzinfo=UTC), LONDON) for hour in (0, 1))
    assert (first, second) == ("25 Oct 2026 01:30 BST", "25 Oct 2026 01:30 GMT")


@pytest.mark.parametrize(
    ("label", "title", "name"),
    [
        ("2026-10", "Oct 2026", "Oct"),
        ("2026-W43", "Week 43, 2026", "W43"),
        ("2026-Q3", "Q3 2026", "Q3"),
        ("2026", "2026", "2026"),
        ("2026-08-01..2026-10-31", "1 Aug to 31 Oct 2026", "1 Aug to 31 Oct 2026"),
        ("2026-10-01..2026-10-31", "1 to 31 Oct 2026", "1 to 31 Oct 2026"),
        ("2025-12-01..2026-01-31", "1 Dec 2025 to 31 Jan 2026", "1 Dec 2025 to 31 Jan 2026"),
        ("2026-10-01..2026-10-01", "1 Oct 2026", "1 Oct 2026"),
    ],
)
def test_a_period_has_a_title_and_a_short_name(label: str, title: str, name: str) -> None:
    assert (units.period_title(label), units.period_name(label)) == (title, name)


@pytest.mark.parametrize(
    ("now", "reads"),
    [
        (datetime(2026, 10, 12, 8, tzinfo=UTC), "Oct so far (12 of 31 days)"),
        (datetime(2026, 9, 30, 23, 30, tzinfo=UTC), "Oct so far (1 of 31 days)"),
        (datetime(2026, 12, 1, tzinfo=UTC), "Oct so far (31 of 31 days)"),
    ],
)
def test_a_running_period_says_how_far_it_is(now: datetime, reads: str) -> None:
    assert units.so_far_title(parse("2026-10", LONDON), now) == reads


def test_a_day_keeps_its_year_unless_a_day_of_that_year_stands_beside_it() -> None:
    when = date(2026, 11, 2)
    assert units.day(when) == units.short_day(when) == "2 Nov 2026"
    assert units.short_day(when, beside=date(2026, 10, 31)) == "2 Nov"
    assert units.short_day(when, beside=date(2025, 10, 31)) == "2 Nov 2026"


@pytest.mark.parametrize(("share", "reads"), [(0.999, "99.9%"), (0.8, "80%"), (0.9995, "99.95%"), (1.0, "100%")])
def test_a_percentage_that_somebody_set_is_not_rounded(share: float, reads: str) -> None:
    assert units.plain_percent(share) == reads

"""From the text of a cell to a value: what could mean two things is refused with the way out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationInfo

from ops_console.contracts.readers import (
    MOST_DIGITS,
    read_bool,
    read_date,
    read_decimal,
    read_instant,
    read_integer,
    read_names,
)

LONDON = ZoneInfo("Europe/London")


def instant(value: Any, zone: ZoneInfo | None = None) -> datetime:
    return read_instant(value, cast(ValidationInfo, SimpleNamespace(context={"zone": zone})))


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-31T09:00:00Z",
        "2026-10-31 10:00+01:00",
        " 2026-10-31T14:45:00+05:45 ",
        "2026-10-31T09:00:00.0009Z",
        "20261031T090000Z",
    ],
)
def test_a_time_with_an_offset_is_read_to_the_millisecond(text: str) -> None:
    assert instant(text) == datetime(2026, 10, 31, 9, tzinfo=UTC)


def test_a_naive_time_is_refused_without_a_zone() -> None:
    with pytest.raises(ValueError, match="has no offset; add one"):
        instant("2026-10-31T09:00:00")


def test_a_naive_time_is_read_in_the_declared_zone() -> None:
    assert instant("2026-07-01T09:00:00", LONDON) == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_an_offset_wins_over_the_declared_zone() -> None:
    assert instant("2026-07-01T09:00:00Z", LONDON) == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_a_time_that_the_clocks_jumped_over_is_refused() -> None:
    with pytest.raises(ValueError, match="never happened in Europe/London"):
        instant("2026-03-29T01:30:00", LONDON)


def test_a_time_that_happened_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="happened twice in Europe/London"):
        instant("2026-10-25T01:30:00", LONDON)


@pytest.mark.parametrize(
    "text", ["2026-03-29T00:59:59", "2026-03-29T02:00:00", "2026-10-25T00:59:59", "2026-10-25T02:00:00"]
)
def test_the_times_around_a_clock_change_are_fine(text: str) -> None:
    assert instant(text, LONDON).tzinfo is UTC


@pytest.mark.parametrize(
    "value", ["yesterday", "", "31/10/2026", "2026-02-30T00:00:00Z", "2026-10-31T25:00:00Z", 1698742800, None]
)
def test_what_is_no_time_is_refused_with_an_example(value: Any) -> None:
    with pytest.raises(ValueError, match="is no time; write 2026-10-31T09:00:00Z"):
        instant(value, LONDON)


@given(st.integers(min_value=0, max_value=10**16))
def test_a_number_is_never_taken_for_a_time(number: int) -> None:
    with pytest.raises(ValueError, match="is no time"):
        instant(str(number), LONDON)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_time_that_stands_for_none_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="outside 1970 to 2199; leave it empty where it is unknown"):
        instant(text)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
def test_a_day_that_stands_for_none_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="leave it empty where it is unknown or open"):
        read_date(text)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_any_time_with_an_offset_keeps_its_instant(moment: datetime) -> None:
    read = instant(moment.isoformat())
    assert 0 <= (moment - read).total_seconds() < 0.001


def test_a_day_is_read_and_a_time_is_no_day() -> None:
    assert read_date("2026-10-31 ") == read_date(date(2026, 10, 31)) == date(2026, 10, 31)
    for wrong in ("31.10.2026", "2026-10-31T09:00:00Z", datetime(2026, 10, 31), 5):
        with pytest.raises(ValueError, match="is no day; write 2026-10-31"):
            read_date(wrong)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=12))
def test_a_number_is_read_digit_for_digit(number: Decimal) -> None:
    assert read_decimal(format(number, "f")) == number


@pytest.mark.parametrize("text", ["1,234.5", "1.234,5", "1_000", "12,3"])
def test_grouped_digits_are_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(ValueError, match="remove the thousands separators or declare them"):
        read_decimal(text)


@pytest.mark.parametrize("value", ["nan", "Infinity", "-inf", float("nan")])
def test_a_number_is_finite(value: Any) -> None:
    with pytest.raises(ValueError, match="no finite number; leave the cell empty"):
        read_decimal(value)


@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999", "0e-999999999", "9" * 60])
@pytest.mark.parametrize("read", [read_decimal, read_integer])
def test_a_number_that_would_fill_the_memory_is_refused(read: Any, text: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        read(text)


@pytest.mark.parametrize("value", ["", "NULL", "twelve", "$5", True, None])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is no number"):
        read_decimal(value)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert read_integer("3.0") == 3
    with pytest.raises(ValueError, match="no whole number"):
        read_integer("3.5")


@pytest.mark.parametrize(
    ("text", "value"), [("TRUE", True), ("yes", True), ("1", True), (" f ", False), ("No", False), (0, False)]
)
def test_true_and_false_are_read_in_any_case(text: Any, value: bool) -> None:
    assert read_bool(text) is value


def test_a_perhaps_is_refused() -> None:
    with pytest.raises(ValueError, match="neither true nor false"):
        read_bool("perhaps")


def test_names_are_a_list_or_parted_by_semicolons() -> None:
    assert read_names("ranker; fraud ;;") == read_names(["ranker", "fraud"]) == ["ranker", "fraud"]
    for wrong in (3, [1, 2], None):
        with pytest.raises(ValueError, match="separated by semicolons"):
            read_names(wrong)


@given(st.integers(0, 10**MOST_DIGITS - 1), st.integers(0, 60))
def test_digits_are_the_number_they_spell_whatever_zeros_lead(number: int, zeros: int) -> None:
    text = "0" * zeros + str(number)
    assert read_integer(text) == read_integer(f"{text}.0") == number
    assert read_decimal(text) == read_decimal(Decimal(text)) == number


def test_digits_of_other_scripts_count() -> None:
    assert read_integer("٤٢") == read_decimal("٤٢") == 42

"""Reports are due on a working day at nine, wherever the readers are and whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.core.errors import Misconfigured
from ops_console.reporting.schedule import Calendar, FirstWorkingDayOfWeek, WorkingDayOfMonth

THIRD = WorkingDayOfMonth(3, time(9))
LONDON = Calendar(ZoneInfo("Europe/London"), "GB-ENG")


def days(calendar: Calendar, year: int, schedule: WorkingDayOfMonth = THIRD) -> list[str]:
    after, until = (datetime(number, 1, 1, tzinfo=calendar.zone) for number in (year, year + 1))
    return [slot.key for slot in schedule.between(after, until, calendar)]


def test_weekends_and_holidays_are_no_working_days() -> None:
    assert days(LONDON, 2026)[:5] == ["2026-01-06", "2026-02-04", "2026-03-04", "2026-04-07", "2026-05-06"]


def test_without_a_country_weekends_are_the_whole_calendar() -> None:
    assert days(Calendar(ZoneInfo("Europe/London")), 2026)[:2] == ["2026-01-05", "2026-02-04"]


def test_a_region_has_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)
    assert not Calendar(ZoneInfo("Europe/Berlin"), "DE-BY").is_working_day(epiphany)
    assert Calendar(ZoneInfo("Europe/Berlin"), "DE").is_working_day(epiphany)


def test_an_unknown_country_is_named_with_the_way_out() -> None:
    with pytest.raises(Misconfigured, match="no holiday calendar for 'Atlantis'"):
        Calendar(ZoneInfo("UTC"), "Atlantis").is_working_day(date(2026, 1, 7))


def test_nine_stays_nine_on_both_sides_of_a_clock_change() -> None:
    due = THIRD.next(datetime(2026, 9, 15, tzinfo=UTC), LONDON, 2)
    assert due == [datetime(2026, 10, 5, 8, tzinfo=UTC), datetime(2026, 11, 4, 9, tzinfo=UTC)]


def test_a_time_the_clocks_skip_happens_once_they_have_moved() -> None:
    skipped = LONDON.instant(date(2026, 3, 29), time(1, 30))
    assert skipped.astimezone(LONDON.zone).isoformat() == "2026-03-29T02:30:00+01:00"


def test_a_time_that_happens_twice_is_due_at_the_first() -> None:
    assert LONDON.instant(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_next_three_send_times_are_shown() -> None:
    assert len(THIRD.next(datetime(2026, 12, 30, tzinfo=UTC), LONDON)) == 3


def test_a_slot_is_due_after_the_moment_asked_about_and_up_to_the_other() -> None:
    due = datetime(2026, 11, 4, 9, tzinfo=UTC)
    assert [slot.due_at for slot in THIRD.between(due - timedelta(minutes=1), due, LONDON)] == [due]
    assert list(THIRD.between(due, due + timedelta(days=3), LONDON)) == []


ZONES = (
    "Europe/London",
    "America/Los_Angeles",
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
COUNTRIES = ("", "GB", "US", "DE", "JP", "IN")


@given(st.integers(2020, 2032), st.sampled_from(ZONES), st.sampled_from(COUNTRIES), st.integers(1, 15))
def test_every_year_has_twelve_slots_each_on_a_working_day(year: int, zone: str, country: str, nth: int) -> None:
    calendar = Calendar(ZoneInfo(zone), country)
    found = days(calendar, year, WorkingDayOfMonth(nth, time(9)))
    assert [day[:7] for day in found] == [f"{year}-{month:02}" for month in range(1, 13)]
    assert all(calendar.is_working_day(date.fromisoformat(day)) for day in found)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_looking_minute_by_minute_or_all_at_once_finds_the_same_slots(moment: datetime, zone: str) -> None:
    calendar, end = Calendar(ZoneInfo(zone), "GB"), moment + timedelta(days=70)
    steps = [moment + timedelta(days=n * 7) for n in range(11)]
    pieces = [slot for a, b in pairwise(steps) for slot in THIRD.between(a, b, calendar)]
    assert pieces == list(THIRD.between(moment, end, calendar))


WEEKLY = FirstWorkingDayOfWeek(time(9))


def test_a_week_begins_on_monday_and_where_that_is_a_holiday_on_the_next_working_day() -> None:
    """4 May 2026 is a bank holiday in England."""
    after, until = (datetime(2026, 4, day, tzinfo=LONDON.zone) for day in (20, 21))
    assert [slot.key for slot in WEEKLY.between(after, until, LONDON)] == ["2026-04-20"]
    assert [at.date().isoformat() for at in WEEKLY.next(datetime(2026, 4, 28, tzinfo=UTC), LONDON, 2)] == [
        "2026-05-05",
        "2026-05-11",
    ]


def test_monday_nine_stays_nine_when_the_clocks_go_back() -> None:
    due = WEEKLY.next(datetime(2026, 10, 18, tzinfo=UTC), LONDON, 2)
    assert due == [datetime(2026, 10, 19, 8, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)]


def test_after_the_slot_of_this_week_the_next_is_that_of_the_next_one() -> None:
    due = datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert [slot.due_at for slot in WEEKLY.between(due - timedelta(minutes=1), due, LONDON)] == [due]
    assert list(WEEKLY.between(due, due + timedelta(days=6), LONDON)) == []


@given(st.integers(2020, 2032), st.sampled_from(ZONES), st.sampled_from(COUNTRIES))
def test_every_week_has_one_slot_within_it(year: int, zone: str, country: str) -> None:
    calendar = Calendar(ZoneInfo(zone), country)
    after, until = (datetime(number, 1, 1, tzinfo=calendar.zone) for number in (year, year + 1))
    found = [date.fromisoformat(slot.key).isocalendar()[:2] for slot in WEEKLY.between(after, until, calendar)]
    assert len(set(found)) == len(found) and 51 <= len(found) <= 53


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_looking_day_by_day_finds_the_same_weeks(moment: datetime, zone: str) -> None:
    calendar, end = Calendar(ZoneInfo(zone), "GB"), moment + timedelta(days=30)
    steps = [moment + timedelta(days=n) for n in range(31)]
    pieces = [slot for a, b in pairwise(steps) for slot in WEEKLY.between(a, b, calendar)]
    assert pieces == list(WEEKLY.between(moment, end, calendar))

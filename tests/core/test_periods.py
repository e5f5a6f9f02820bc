"""Half-open periods in any zone: contiguous, named, and as long as the clocks made them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.core.errors import BadInput, NotFound
from ops_console.core.periods import (
    LATEST,
    Grain,
    Period,
    asked,
    between,
    containing,
    latest_complete,
    midnight,
    parse,
    sequence,
    trailing,
)

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/London",
        "America/New_York",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "America/Havana",
        "Africa/Cairo",
        "Australia/Lord_Howe",
    )
]
MOMENT = timedelta(milliseconds=1)
NO_PERIODS = ["", "Oct 2026", "2026-13", "2026-00", "2026-W54", "2025-W53", "2026-Q5", "2026-10-31", "2026-10\n"]
NO_PERIODS += ["2026-10-31..2026-10-01", "2026-02-30..2026-03-01", "9999-01-01..9999-12-31", "9999-12", "0000-01"]
NO_PERIODS += ["２０２６-10"]
zones, grains = st.sampled_from(ZONES), st.sampled_from(Grain)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(instants, grains, zones)
def test_an_instant_falls_in_exactly_one_period(instant: datetime, grain: Grain, zone: ZoneInfo) -> None:
    period = containing(instant, grain, zone)
    assert period.contains(instant)
    assert not period.previous().contains(instant) and not period.next().contains(instant)


@given(instants, grains, zones)
def test_a_period_holds_its_start_but_not_its_end(instant: datetime, grain: Grain, zone: ZoneInfo) -> None:
    period = containing(instant, grain, zone)
    assert period.contains(period.start) and period.contains(period.end - MOMENT)
    assert not period.contains(period.end)


@given(instants, grains, zones)
def test_periods_follow_each_other_without_gap_or_overlap(instant: datetime, grain: Grain, zone: ZoneInfo) -> None:
    period = containing(instant, grain, zone)
    assert period.next().start == period.end
    assert period.previous().end == period.start
    assert period.next().previous() == period


@given(instants, grains, zones)
def test_a_label_leads_back_to_its_period(instant: datetime, grain: Grain, zone: ZoneInfo) -> None:
    period = containing(instant, grain, zone)
    assert parse(period.label, zone) == period


@given(instants, grains, zones, st.integers(min_value=-60, max_value=60))
def test_steps_add_up(instant: datetime, grain: Grain, zone: ZoneInfo, count: int) -> None:
    period = containing(instant, grain, zone)
    assert period.shifted(count).shifted(-count) == period
    assert period.shifted(count) == period.shifted(count - 1).next()


@given(instants, st.sampled_from([Grain.MONTH, Grain.QUARTER]), zones)
def test_months_and_quarters_begin_on_the_first(instant: datetime, grain: Grain, zone: ZoneInfo) -> None:
    period = containing(instant, grain, zone)
    assert period.first_day.day == 1
    assert (period.last_day + timedelta(days=1)).day == 1


@given(instants, zones)
def test_weeks_begin_on_monday(instant: datetime, zone: ZoneInfo) -> None:
    assert containing(instant, Grain.WEEK, zone).first_day.isoweekday() == 1


@pytest.mark.parametrize(
    ("label", "zone", "hours"),
    [
        ("2026-03", LONDON, 743),
        ("2026-10", LONDON, 745),
        ("2026-03", NEW_YORK, 743),
        ("2026-11", NEW_YORK, 721),
        ("2026-10", ZoneInfo("Asia/Kathmandu"), 744),
        ("2026-W43", LONDON, 169),
        ("2026-W13", LONDON, 167),
        ("2026-Q1", LONDON, 2159),
        ("2011-12", ZoneInfo("Pacific/Apia"), 720),
        ("2011-W52", ZoneInfo("Pacific/Apia"), 144),
    ],
)
def test_clock_changes_make_periods_longer_or_shorter(label: str, zone: ZoneInfo, hours: int) -> None:
    period = parse(label, zone)
    assert period.end - period.start == timedelta(hours=hours)


def test_a_month_begins_at_local_midnight() -> None:
    assert parse("2026-10", LONDON).start == datetime(2026, 9, 30, 23, tzinfo=UTC)
    assert parse("2026-10", ZoneInfo("Asia/Kathmandu")).start == datetime(2026, 9, 30, 18, 15, tzinfo=UTC)
    assert parse("2026-10", ZoneInfo("Pacific/Apia")).start == datetime(2026, 9, 30, 11, tzinfo=UTC)


def test_a_day_without_midnight_begins_when_the_clocks_went_forward() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    assert midnight(date(2022, 3, 27), beirut).astimezone(beirut).hour == 1


def test_a_day_with_two_midnights_begins_at_the_first() -> None:
    havana = ZoneInfo("America/Havana")
    assert midnight(date(2026, 11, 1), havana) == datetime(2026, 11, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026-08-01..2026-10-31", date(2026, 8, 1), date(2026, 10, 31)),
        ("2026-10-31..2026-10-31", date(2026, 10, 31), date(2026, 10, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_a_label_names_its_first_and_last_day(label: str, first: date, last: date) -> None:
    period = parse(label, LONDON)
    assert (period.first_day, period.last_day, period.label) == (first, last, label)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Oct 2026",
        "2026-13",
        "2026-00",
        "2026-W54",
        "2025-W53",
        "2026-Q5",
        "2026-10-31",
        "2026-10-31..2026-10-01",
        "2026-02-30..2026-03-01",
        "9999-12",
        "9999-01-01..9999-12-31",
        "0000-01",
        "0001-02",
        "1969-12",
        "2200-W01",
        "２０２６-10",
        "2026-10\n",
    ],
)
def test_anything_else_is_no_period_and_the_message_says_what_is(label: str) -> None:
    with pytest.raises(BadInput, match="is no period") as refused:
        parse(label, LONDON)
    assert "2026-W43" in refused.value.remedy


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    with suppress(BadInput):
        assert isinstance(parse(text, LONDON), Period)


def test_a_range_has_no_neighbour() -> None:
    with pytest.raises(BadInput, match="no neighbour"):
        parse("2026-08-01..2026-10-31", LONDON).previous()


def test_the_latest_complete_period_is_the_one_before_the_running_one() -> None:
    november = datetime(2026, 11, 1, tzinfo=UTC)
    assert latest_complete(november, Grain.MONTH, LONDON).label == "2026-10"
    assert latest_complete(november - MOMENT, Grain.MONTH, LONDON).label == "2026-09"
    assert latest_complete(november, Grain.MONTH, NEW_YORK).label == "2026-09"


@pytest.mark.parametrize("label", [None, "", LATEST])
@pytest.mark.parametrize(
    ("grain", "named"), [(Grain.WEEK, "2026-W44"), (Grain.MONTH, "2026-10"), (Grain.QUARTER, "2026-Q3")]
)
def test_nothing_and_latest_ask_for_the_newest_complete_period(label: str | None, grain: Grain, named: str) -> None:
    assert asked(label, grain, datetime(2026, 11, 4, tzinfo=UTC), LONDON).label == named


def test_a_period_that_has_not_begun_cannot_be_asked_for() -> None:
    instant = datetime(2026, 11, 4, tzinfo=UTC)
    assert asked("2026-11", Grain.MONTH, instant, LONDON).label == "2026-11"
    with pytest.raises(NotFound, match="2026-12 has not begun") as refused:
        asked("2026-12", Grain.MONTH, instant, LONDON)
    assert refused.value.remedy == "Ask for 2026-11, which runs, or one before."


def test_a_label_asks_for_its_own_period_whatever_the_grain() -> None:
    assert asked("2026-08", Grain.WEEK, datetime(2026, 11, 4, tzinfo=UTC), LONDON).label == "2026-08"


@pytest.mark.parametrize(
    ("label", "before"),
    [
        ("2026-10", "2025-10"),
        ("2024-02", "2023-02"),
        ("2026-Q3", "2025-Q3"),
        ("2026-W43", "2025-W43"),
        ("2026-W53", "2025-W52"),
        ("2027-W01", "2026-W01"),
    ],
)
def test_a_year_ago_lies_the_period_of_the_same_name(label: str, before: str) -> None:
    assert parse(label, LONDON).a_year_before().label == before


@given(instants, grains, zones)
def test_a_year_ago_is_about_a_year_away_and_of_the_same_grain(instant: datetime, grain: Grain, zone: ZoneInfo) -> None:
    period = containing(instant, grain, zone)
    before = period.a_year_before()
    assert before.grain is grain
    assert 358 <= (period.first_day - before.first_day).days <= 372


def test_a_period_is_complete_from_its_end_on() -> None:
    october = parse("2026-10", LONDON)
    assert october.is_complete(october.end) and not october.is_complete(october.end - MOMENT)


def test_a_sequence_ends_with_its_period_and_is_oldest_first() -> None:
    labels = [period.label for period in sequence(parse("2026-01", LONDON), 3)]
    assert labels == ["2025-11", "2025-12", "2026-01"]


@given(instants, st.integers(min_value=1, max_value=400), grains, zones)
def test_periods_between_two_instants_cover_them_all(start: datetime, days: int, grain: Grain, zone: ZoneInfo) -> None:
    end = start + timedelta(days=days)
    found = list(between(start, end, grain, zone))
    assert found[0].contains(start) and found[-1].start < end <= found[-1].end
    assert all(first.end == second.start for first, second in pairwise(found))


def test_a_trailing_window_has_whole_local_days_over_a_clock_change() -> None:
    start, end = trailing(parse("2026-10", LONDON), 90)
    assert (start, end) == (midnight(date(2026, 8, 3), LONDON), midnight(date(2026, 11, 1), LONDON))
    assert end - start == timedelta(days=90, hours=1)

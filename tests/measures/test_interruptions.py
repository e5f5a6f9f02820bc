"""What interrupts a person, and in which hours of the person's own day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ops_console.core.clock import milliseconds
from ops_console.measures.interruptions import HOUR, MINUTE, Hours, hours_of, interruptions

LONDON, KOLKATA = ZoneInfo("Europe/London"), ZoneInfo("Asia/Kolkata")


def at(text: str, zone: ZoneInfo = LONDON) -> int:
    return milliseconds(datetime.fromisoformat(text).replace(tzinfo=zone))


@pytest.mark.parametrize(
    ("when", "hours"),
    [
        ("2026-10-14 07:59", Hours.SLEEP),
        ("2026-10-14 08:00", Hours.BUSINESS),
        ("2026-10-14 17:59", Hours.BUSINESS),
        ("2026-10-14 18:00", Hours.OFF),
        ("2026-10-14 21:59", Hours.OFF),
        ("2026-10-14 22:00", Hours.SLEEP),
        ("2026-10-17 12:00", Hours.OFF),
        ("2026-10-17 23:00", Hours.SLEEP),
        ("2026-10-18 07:00", Hours.SLEEP),
    ],
)
def test_a_weekend_night_is_sleep_and_a_weekend_day_is_off(when: str, hours: Hours) -> None:
    assert hours_of(at(when), LONDON) is hours


def test_the_night_is_that_of_the_persons_own_zone() -> None:
    noon = at("2026-10-14 12:00")

    assert hours_of(noon, LONDON) is Hours.BUSINESS
    assert hours_of(noon + 6 * HOUR, KOLKATA) is Hours.SLEEP


@pytest.mark.parametrize(("when", "hours"), [("2026-10-23 07:30", Hours.BUSINESS), ("2026-10-26 07:30", Hours.SLEEP)])
def test_the_hours_follow_the_clock_when_it_is_changed(when: str, hours: Hours) -> None:
    assert hours_of(at(when, ZoneInfo("UTC")), LONDON) is hours


@pytest.mark.parametrize(
    ("pages", "number"),
    [
        ([(0, None), (MINUTE, None), (2 * MINUTE, None)], 1),
        ([(0, None), (MINUTE + 1, None)], 2),
        ([(0, "INC-1"), (HOUR, "INC-1"), (12 * HOUR, "INC-1")], 1),
        ([(0, "INC-1"), (HOUR, "INC-2")], 2),
        ([(0, "INC-1"), (13 * HOUR, "INC-1")], 2),
        ([(HOUR, None), (0, None)], 2),
    ],
)
def test_what_comes_at_once_or_of_one_incident_interrupts_once(
    pages: list[tuple[int, str | None]], number: int
) -> None:
    assert len(interruptions(pages)) == number

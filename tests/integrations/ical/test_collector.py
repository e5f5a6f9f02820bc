"""Reading calendars: told once a shift has ended, taken back where it never was, and no address in any error."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from werkzeug import Response

from integrations.ical import collector
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Page, Setup, Told
from ops_console.ingest.parse import Parser
from tests.integrations.collectors import NEVER, RefusalContract, pulled, until_trouble
from tests.integrations.ical.conftest import NOW
from tests.integrations.ical.wall import BEGAN, DAY, LOOPBACK, SECRET, Wall, calendar, event, shift

HOUR = timedelta(hours=1)


def pages(wall: Wall, cursor: Mapping[str, Any] = NEVER, since: datetime = BEGAN, **changes: Any) -> list[Page]:
    return pulled(collector, wall.setup(**changes), cursor, since)


def asked(wall: Wall, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> tuple[list[Page], Rejected | Unavailable]:
    return until_trouble(collector.pull(wall.setup(**changes), json.loads(json.dumps(cursor)), BEGAN))


def facts(found: list[Page]) -> dict[str, Told]:
    return {told.values["external_id"]: told for page in found for told in page.facts}


def told(found: list[Page]) -> list[str]:
    """Who was told of, by day; who was taken back has a minus before."""
    by_name = facts(found)
    days = ((name.split("/")[2][5:10], name.split("/")[1], each) for name, each in by_name.items())
    return sorted(f"{day} {'-' if each.values.get('deleted') else ''}{person}" for day, person, each in days)


class TestTheContract(RefusalContract):
    """The address of a calendar is its secret."""

    collector, secret = collector, SECRET
    refusals = (
        (Response("", 401), "does not let us read the calendar a0", "token"),
        (Response("", 403), "does not let us read", "token"),
        (Response("", 404), "does not find the calendar a0", "address"),
        (Response("<html>", content_type="text/html"), "a page in the place of", "raw one"),
        (Response("nonsense", content_type="text/plain"), "The calendar a0 cannot be read", "text/calendar"),
    )
    waits = (
        (Response("", 429, headers={"Retry-After": "600"}), 600),
        (Response("", 429), 60),
        (Response("", 503), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, wall: Wall) -> None:
        self.vendor = wall

    def setup(self) -> Setup:
        addresses = [f"a{n} {self.vendor.server.url_for(path)}" for n, path in enumerate(self.vendor.files)]
        return Setup("ical", {}, {"addresses": "\n".join(addresses)}, LOOPBACK)

    def happen(self, count: int) -> None:
        self.vendor.files = {f"/{n}-{SECRET}.ics": calendar(shift("Ana", n)) for n in range(count)}


def test_shifts_that_ended_come_in_full(wall: Wall) -> None:
    wall.files = {"/search.ics": calendar(shift("Ana", 3), shift("Ben", 60))}
    (page,) = pages(wall)
    assert dict(page.facts[0].values) == {
        "external_id": "search/Ana/2026-10-04T09:00:00Z",
        "schedule": "search",
        "person": "Ana",
        "started_at": "2026-10-04T09:00:00Z",
        "ended_at": "2026-10-05T09:00:00Z",
    }
    assert Parser("shifts", "ical", None)(dict(page.facts[0].values)).external_id
    assert len(page.facts) == 1 and (page.done, page.total) == (1, 1)


def test_a_calendar_without_a_name_is_called_as_it_calls_itself_first(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", 3), head="X-WR-CALNAME:First")}
    setup = {"calendars": [wall.server.url_for("/a.ics")]}
    found = pages(wall, **setup)
    wall.files = {"/a.ics": calendar(shift("Ana", 3), shift("Ben", 4), head="X-WR-CALNAME:Second")}
    again = facts(pages(wall, found[-1].cursor, **setup))
    assert {each.values["schedule"] for each in (*facts(found).values(), *again.values())} == {"First"}


def test_what_has_not_changed_is_not_read_again_and_yet_shifts_end(wall: Wall, clock: time_machine.Traveller) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", 49), shift("Ben", 51))}
    cursor = pages(wall)[-1].cursor
    wall.asked.clear()
    clock.shift(2 * DAY)
    found = pages(wall, cursor)
    assert wall.asked == [("/a.ics", 304)]
    assert told(found) == ["11-21 Ben"]
    assert told(pages(wall, found[-1].cursor)) == []


def test_an_unchanged_calendar_is_read_again_before_what_is_known_of_it_ends(
    wall: Wall, clock: time_machine.Traveller
) -> None:
    daily = event("Ana", "20261001T090000Z", "20261001T170000Z", "RRULE:FREQ=DAILY")
    wall.files = {"/a.ics": calendar(daily)}
    found = pages(wall)
    days = set(facts(found))
    for _ in range(50):
        clock.shift(DAY)
        found = pages(wall, found[-1].cursor)
        days |= set(facts(found))
    assert len(days) == 50 + 50
    assert 3 <= len([status for _, status in wall.asked if status == 200]) <= 6


def test_a_shift_that_was_moved_swapped_or_cancelled_afterwards_is_put_right(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(*(shift("Ana", day) for day in range(40, 45)))}
    cursor = pages(wall)[-1].cursor
    wall.files = {
        "/a.ics": calendar(
            shift("Ana", 40), shift("Ben", 41), shift("Ana", 42, "STATUS:CANCELLED"), shift("Ana", 46), shift("Ana", 44)
        )
    }
    found = pages(wall, cursor)
    assert told(found) == [
        "11-10 Ana",
        "11-11 -Ana",
        "11-11 Ben",
        "11-12 -Ana",
        "11-13 -Ana",
        "11-14 Ana",
        "11-16 Ana",
    ]
    assert "-" not in "".join(told(pages(wall, found[-1].cursor)))[5:]


def test_a_calendar_that_holds_only_what_is_to_come_takes_nothing_back(
    wall: Wall, clock: time_machine.Traveller
) -> None:
    """Each day it lets go of what has ended, even before we saw that it had."""
    days, kept, cursor = range(48, 60), list[str](), dict[str, Any]()
    for day in range(49, 60):
        clock.move_to(BEGAN + day * DAY + 12 * HOUR)
        wall.files = {"/a.ics": calendar(*(shift("Ana" if each % 2 else "Ben", each) for each in days if each >= day))}
        found = pages(wall, cursor)
        cursor = dict(found[-1].cursor)
        kept += told(found)
    assert kept == [f"{BEGAN + day * DAY:%m-%d} {'Ana' if day % 2 else 'Ben'}" for day in range(49, 59)]


def test_single_events_a_calendar_forgets_stay_even_beside_a_recurring_one(wall: Wall) -> None:
    weekly = event("Eva", "20250106T090000Z", "20250106T100000Z", "RRULE:FREQ=WEEKLY")
    wall.files = {"/a.ics": calendar(weekly, shift("Ana", 40), shift("Ben", 45))}
    cursor = pages(wall)[-1].cursor
    wall.files = {"/a.ics": calendar(weekly, shift("Ben", 45), shift("Ana", 46))}
    assert not [each for each in told(pages(wall, cursor)) if "-Ana" in each]


def test_a_calendar_that_is_empty_or_cut_takes_nothing_back(wall: Wall) -> None:
    whole = calendar(*(shift("Ana", day) for day in range(30, 45)))
    wall.files = {"/a.ics": whole}
    cursor = pages(wall)[-1].cursor
    wall.files = {"/a.ics": calendar()}
    assert facts(pages(wall, cursor)) == {}
    wall.files = {"/a.ics": whole[: len(whole) // 2]}
    found, error = asked(wall, cursor)
    assert facts(found) == {} and "cannot be read: it does not end" in str(error)


def test_a_broken_event_takes_nothing_back_and_is_told_until_it_is_mended(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", 40), shift("Ben", 41), shift("Ana", 52))}
    cursor = pages(wall)[-1].cursor
    broken = shift("Ben", 41).replace("DTSTART:", "DTSTART:x")
    wall.files = {"/a.ics": calendar(shift("Ana", 40), broken, shift("Carla", 43))}
    found, error = asked(wall, cursor)
    assert told(found) == ["11-10 Ana", "11-13 Carla"]
    assert str(error).startswith("The calendar a, line 10: the event cannot be read")
    _, again = asked(wall, found[-1].cursor)
    assert str(again) == str(error)
    wall.files = {"/a.ics": calendar(shift("Ana", 40), shift("Carla", 43))}
    assert "11-11 -Ben" in told(pages(wall, found[-1].cursor))


def test_what_lies_before_the_beginning_is_not_taken(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", -3), shift("Ben", -1), shift("Carla", 2))}
    assert told(pages(wall)) == ["09-30 Ben", "10-03 Carla"]


def test_ids_that_change_each_time_make_no_new_shifts(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", 3, "UID:1"))}
    first = pages(wall)
    wall.files = {"/a.ics": calendar(shift("Ana", 3, "UID:2"))}
    assert set(facts(pages(wall, first[-1].cursor))) <= set(facts(first))


def test_a_large_calendar_comes_in_pages_and_is_read_again_where_it_was_left(wall: Wall) -> None:
    often = event("Ana", "20260101T000000Z", "20260101T001000Z", "RRULE:FREQ=HOURLY")
    wall.files = {"/a.ics": calendar(often)}
    whole = pages(wall, since=NOW - 100 * DAY)
    assert [len(page.facts) for page in whole] == [1000, 1000, 400]
    assert [page.done for page in whole] == [0, 0, 1]
    assert facts(pages(wall, whole[1].cursor, since=NOW - 100 * DAY)) == facts(whole)


def test_from_any_page_on_the_rest_is_found(wall: Wall) -> None:
    wall.files = {f"/{name}.ics": calendar(shift("Ana", day)) for day, name in enumerate("abcde")}
    whole = pages(wall)
    everything = facts(whole)
    for stop in range(1, len(whole) + 1):
        rest = pages(wall, whole[stop - 1].cursor)
        assert facts(whole[:stop]) | facts(rest) == everything
        assert len(facts(rest)) == len(whole) - stop


def test_a_calendar_that_is_gone_keeps_nobody_from_reading_the_others(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", 1)), "/b.ics": calendar(shift("Ben", 2))}
    lines = wall.lines()
    del wall.files["/a.ics"]
    found, error = asked(wall, calendars=lines)
    assert told(found) == ["10-03 Ben"] and "does not find the calendar a" in str(error)

"""Setting a source up: which calendars, how they name people, which zone they mean, and what is there."""

from typing import Any

import pytest

from integrations.ical import collector
from integrations.ical.people import Naming
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup
from tests.integrations.ical.test_collector import facts, pages
from tests.integrations.ical.wall import BEGAN, LOOPBACK, SECRET, Wall, calendar, event, shift


@pytest.mark.parametrize(
    ("pattern", "title", "person"),
    [
        ("", "Ana Silva", "Ana Silva"),
        ("", "  Ana\n Silva ", "Ana Silva"),
        ("", "", ""),
        ("On call: {person}", "on call:  Ana ", "Ana"),
        ("On call: {person}", "Holiday", ""),
        ("On call - * - {person}", "On Call - Search - primary - Ana", "primary - Ana"),
        ("{person} (*)", "Ana (primary)", "Ana"),
        ("[L1] {person}", "[L1] ana.silva", "ana.silva"),
        ("{person} and {person}", "Ana and Ben", "Ana"),
        ("primary", "primary", ""),
    ],
)
def test_a_title_names_the_person_as_the_pattern_says(pattern: str, title: str, person: str) -> None:
    assert Naming(pattern).person(title) == person


def test_titles_of_another_kind_are_left_out(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("On call: Ana", 1), shift("Team lunch", 2))}
    found = facts(pages(wall, summary="On call: {person}"))
    assert [each.values["person"] for each in found.values()] == ["Ana"]


def test_a_secret_address_is_read_and_remembered_by_nothing_that_leads_to_it(wall: Wall) -> None:
    wall.files = {f"/{SECRET}/feed.ics": calendar(shift("Ana", 1))}
    address = wall.server.url_for(f"/{SECRET}/feed.ics")
    for lines in (f"Search {address}\n\n", address.replace("http", "http")):
        setup = Setup("ical", {}, {"addresses": lines}, LOOPBACK)
        (page,) = collector.pull(setup, {}, BEGAN)
        assert len(page.facts) == 1 and SECRET not in str(page.cursor)


@pytest.mark.parametrize(
    ("settings", "secrets", "words"),
    [
        ({}, {}, "No calendar is named"),
        ({"calendars": ["Search"]}, {}, "A line names no address"),
        ({"calendars": ["Search primary ftp://x.example/a.ics"]}, {}, "The line of Search primary names no address"),
        ({"calendars": ["Search https://ana:pw@x.example/a.ics"]}, {}, "The line of Search names no address"),
        ({"calendars": ["Search https://[/a.ics"]}, {}, "names no address"),
        ({"calendars": ["a https://a.example/a", "b https://b.example/b"]}, {"token": "t"}, "several hosts"),
        ({"calendars": ["a https://a.example/a"], "zone": "Mars/Base"}, {}, "'Mars/Base' is no time zone"),
        ({"calendars": ["a https://a.example/a"], "zone": "../etc"}, {}, "is no time zone"),
    ],
)
def test_what_makes_no_sense_is_said_with_an_example(
    settings: dict[str, Any], secrets: dict[str, str], words: str
) -> None:
    with pytest.raises(Rejected, match=words) as caught:
        collector.check(Setup("ical", settings, secrets, LOOPBACK))
    assert caught.value.remedy


def test_an_address_of_calendars_is_an_address_of_the_web() -> None:
    with pytest.raises(Rejected, match="private network"):
        collector.check(Setup("ical", {"calendars": ["a webcal://127.0.0.1/a.ics"]}))


def test_times_without_a_zone_need_one(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(event("Ana", "20261005T090000", "20261006T090000"))}
    with pytest.raises(Rejected, match="The calendar a names no time zone") as caught:
        collector.check(wall.setup())
        pages(wall)
    assert "Name the zone" in caught.value.remedy
    (told,) = facts(pages(wall, zone="Europe/Berlin")).values()
    assert told.values["started_at"] == "2026-10-05T07:00:00Z"


def test_check_and_preview_say_who_is_there_and_what_is_left_out(wall: Wall) -> None:
    names = [f"P{number:02}" for number in range(22)]
    wall.files = {
        "/a.ics": calendar(
            *(shift(name, number) for number, name in enumerate(names)), shift("X", 30, "STATUS:CANCELLED")
        ),
        "/b.ics": calendar(),
    }
    assert collector.check(wall.setup()) == ("a can be read.", "b can be read.")
    assert collector.discover(wall.setup(), BEGAN).lines == (
        "a: 22 shifts of 22 people.",
        f"They are called {', '.join(names[:20])} and others.",
        "Left out: 1 event cancelled.",
        "b: 0 shifts of 0 people.",
    )


def test_a_check_tells_of_the_first_event_that_cannot_be_read(wall: Wall) -> None:
    wall.files = {"/a.ics": calendar(shift("Ana", 1), event("X", "odd", ""), event("Y", "odd", ""))}
    with pytest.raises(Rejected, match=r"The calendar a, line 10: the event cannot be read .*\(and 1 more\)"):
        collector.check(wall.setup())

"""Walking through the issues of a Jira: in the zone of its account, by token or offset, from where it was left."""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from integrations.jira import collector
from integrations.jira.walk import minute, quoted
from tests.integrations.jira.conftest import NOW
from tests.integrations.jira.pulled import facts, pages, searches, submitted
from tests.integrations.jira.site import BEGAN, DAY, HOUR, MINUTE, Site, as_json


def test_times_of_queries_are_those_of_the_account(site: Site, clock: time_machine.Traveller) -> None:
    """The site reads them in its own zone, and refuses nothing that is too early or too late."""
    site.zone = "Pacific/Auckland"
    site.submit(BEGAN)
    cursor = pages(site)[-1].cursor
    clock.shift(HOUR)
    site.edit("OPS-1", NOW - 5 * MINUTE, summary="Other words")
    assert facts(pages(site, cursor))["OPS-1"]["title"] == "Other words"
    assert 'updated >= "2026-11-05 00:50"' in searches(site)[-2]["jql"][0]


def test_an_account_without_a_zone_is_asked_from_where_it_is_earliest(site: Site) -> None:
    site.closed = {"myself": as_json({"displayName": "Console"})}
    site.submit(BEGAN)
    assert sorted(facts(pages(site))) == ["OPS-1"]
    assert 'updated >= "2026-09-30 12:00"' in searches(site)[0]["jql"][0]


@given(st.datetimes(datetime(2026, 10, 24), datetime(2026, 11, 3), timezones=st.just(UTC)))
def test_a_minute_of_a_query_is_never_later_than_meant_whichever_way_it_is_read(at: datetime) -> None:
    for name in ("Europe/London", "America/New_York", "UTC"):
        zone = ZoneInfo(name)
        told = datetime.fromisoformat(minute(at, zone))
        assert all(told.replace(tzinfo=zone, fold=fold).astimezone(UTC) <= at for fold in (0, 1))
        assert at - told.replace(tzinfo=zone).astimezone(UTC) < 3 * HOUR


def test_names_are_quoted_for_a_query() -> None:
    assert quoted(['Say "when"', "Back\\slash"]) == '"Say \\"when\\"", "Back\\\\slash"'


def test_a_token_that_grew_old_begins_its_walk_again(site: Site) -> None:
    site.page = 2
    submitted(site, 7)
    first = next(collector.pull(site.setup(), {}, BEGAN))
    site.old = {first.cursor["changed"]["next"]}
    assert len(facts(pages(site, first.cursor))) == 7


def test_what_moves_up_when_something_is_deleted_is_not_missed(site: Site) -> None:
    site.is_cloud, site.page = False, 2
    submitted(site, 7)
    first = next(collector.pull(site.setup(), {}, BEGAN))
    site.delete("OPS-1", NOW)
    site.delete("OPS-2", NOW)
    found = facts([first, *pages(site, first.cursor)])
    assert set(found) == {f"OPS-{number}" for number in range(1, 8)}


def test_what_changes_while_a_backfill_walks_is_not_missed(either: Site, clock: time_machine.Traveller) -> None:
    either.page = 2
    submitted(either, 7)
    walked = collector.pull(either.setup(), {}, BEGAN)
    first = next(walked)
    clock.shift(HOUR)
    for number in (1, 4, 7):
        either.move(f"OPS-{number}", "Done", NOW + number * MINUTE, "Done")
    either.submit(NOW + 9 * MINUTE)
    found = facts([first, *pages(either, first.cursor)])
    assert len(found) == 8
    assert {key for key, each in found.items() if "done_at" in each} == {"OPS-1", "OPS-4", "OPS-7"}


def test_cloud_is_asked_by_token_and_data_center_by_offset(either: Site) -> None:
    """The site itself refuses the other way."""
    either.page = 2
    submitted(either, 5)
    pages(either)
    first, second, third, *_ = searches(either)
    if either.is_cloud:
        assert [("nextPageToken" in each, "startAt" in each) for each in (first, second, third)] == [
            (False, False),
            (True, False),
            (True, False),
        ]
    else:
        assert [each["startAt"] for each in (first, second, third)] == [["0"], ["100"], ["200"]]


def test_what_lies_before_the_beginning_is_not_taken(site: Site) -> None:
    site.submit(BEGAN - 40 * DAY)
    site.submit(BEGAN - 30 * DAY)
    site.move("OPS-2", "Done", BEGAN + DAY, "Done")
    assert sorted(facts(pages(site))) == ["OPS-2"]


def test_nothing_new_costs_next_to_nothing(site: Site) -> None:
    submitted(site, 3)
    site.move("OPS-1", "Done", BEGAN + DAY, "Done")
    cursor = pages(site)[-1].cursor
    site.asked.clear()
    again = pages(site, cursor)
    asked = [urlsplit(each).path.removeprefix("/rest/api/") for each in site.asked]
    assert asked == ["2/serverInfo", "3/myself", "3/status", "3/field", "3/search/jql", "3/search/jql"]
    assert facts(again) == {}

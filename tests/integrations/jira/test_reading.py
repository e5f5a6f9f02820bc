"""What belongs to an issue is read to its end, and what was open is looked for again."""

import time_machine

from tests.integrations.jira.conftest import NOW
from tests.integrations.jira.pulled import facts, pages, submitted
from tests.integrations.jira.site import (
    BEGAN,
    DAY,
    HOUR,
    INCIDENT,
    INLINE,
    INLINE_WORKLOGS,
    MINUTE,
    STORY,
    Site,
    as_json,
)


def test_toil_comes_in_full(either: Site) -> None:
    either.submit(BEGAN, STORY, labels=["toil"])
    either.log_work("OPS-1", BEGAN + 30 * MINUTE, 45, timeZone="America/New_York")
    either.submit(BEGAN, STORY)
    either.log_work("OPS-2", BEGAN, 60)
    assert list(facts(pages(either), "toil").values()) == [
        {
            "external_id": "500",
            "url": f"{either.url}/browse/OPS-1?focusedWorklogId=500",
            "updated_at": "2026-10-01T00:30:00Z",
            "person": "Ana",
            "date": "2026-09-30",
            "minutes": 45,
            "category": "access requests",
        }
    ]


def test_a_day_of_work_is_that_of_the_set_up_where_jira_does_not_tell_whose(site: Site) -> None:
    site.submit(BEGAN, STORY, labels=["toil"])
    site.log_work("OPS-1", BEGAN + 23 * HOUR, 45)
    for zone, day in (("UTC", "2026-10-01"), ("Asia/Tokyo", "2026-10-02")):
        assert facts(pages(site, zone=zone), "toil")["500"]["date"] == day


def test_more_work_than_a_search_tells_is_fetched(either: Site) -> None:
    either.page = 10
    either.submit(BEGAN, STORY, labels=["toil"])
    for number in range(INLINE_WORKLOGS + 5):
        either.log_work("OPS-1", BEGAN + number * DAY, 30)
    assert len(facts(pages(either), "toil")) == INLINE_WORKLOGS + 5


def test_work_that_is_taken_back_leaves_a_tombstone(either: Site, clock: time_machine.Traveller) -> None:
    either.submit(BEGAN, STORY, labels=["toil"])
    either.log_work("OPS-1", BEGAN, 30)
    either.log_work("OPS-1", BEGAN, 40, "Ben")
    cursor = pages(either)[-1].cursor
    clock.shift(DAY)
    either.withdraw_work("OPS-1", "500", NOW + HOUR)
    found = facts(pages(either, cursor), "toil")
    assert found["500"] == {"external_id": "500", "deleted": True, "updated_at": "2026-11-04T13:00:00Z"}
    assert found["501"]["person"] == "Ben"


def test_work_that_was_taken_back_before_the_first_look_is_nothing(either: Site) -> None:
    either.submit(BEGAN, STORY, labels=["toil"])
    either.log_work("OPS-1", BEGAN, 30)
    either.withdraw_work("OPS-1", "500", BEGAN + HOUR)
    assert facts(pages(either), "toil") == {}


def test_an_open_issue_that_is_gone_leaves_a_tombstone(either: Site, clock: time_machine.Traveller) -> None:
    submitted(either, 2)
    either.submit(BEGAN, INCIDENT)
    cursor = pages(either)[-1].cursor
    clock.shift(DAY)
    either.delete("OPS-1", NOW)
    either.delete("OPS-3", NOW)
    found = pages(either, cursor)
    gone = {"deleted": True, "updated_at": "2026-11-05T12:00:00Z"}
    assert facts(found) == {"OPS-1": {"external_id": "OPS-1", **gone}}
    assert facts(found, "incidents") == {"OPS-3": {"external_id": "OPS-3", **gone}}
    assert facts(pages(either, found[-1].cursor)) == {}


def test_an_open_issue_that_moved_elsewhere_is_known_by_its_new_key_alone(
    site: Site, clock: time_machine.Traveller
) -> None:
    submitted(site, 2)
    cursor = pages(site, projects=["OPS", "ML"])[-1].cursor
    clock.shift(DAY)
    moved = site.issues["OPS-1"]
    moved |= {"key": "ML-9"}
    moved["fields"]["project"] = {"key": "ML", "name": "ML"}
    site.issues |= {"OPS-1": moved, "ML-9": moved}
    site.closed = {"issue/OPS-1": as_json(moved | {"changelog": {"total": 0, "histories": []}})}
    found = facts(pages(site, cursor, projects=["OPS", "ML"]))
    assert found["OPS-1"]["deleted"] and found["ML-9"]["title"] == "A place to train"


def test_one_that_became_something_else_is_told_as_that(site: Site, clock: time_machine.Traveller) -> None:
    site.submit(BEGAN)
    cursor = pages(site)[-1].cursor
    clock.shift(DAY)
    site.issues["OPS-1"]["fields"]["issuetype"] = {"name": STORY}
    assert facts(pages(site, cursor))["OPS-1"]["deleted"]


def test_a_history_that_a_search_cuts_is_fetched_to_its_end(either: Site) -> None:
    either.page = 25
    either.submit(BEGAN)
    either.move("OPS-1", "In Progress", BEGAN + MINUTE)
    for number in range(INLINE + 20):
        either.edit("OPS-1", BEGAN + (number + 2) * MINUTE, summary=f"Words {number}")
    assert facts(pages(either))["OPS-1"]["accepted_at"] == "2026-10-01T00:01:00Z"
    wanted = "/changelog?" if either.is_cloud else "/issue/OPS-1?"
    assert [each for each in either.asked if wanted in each]


def test_a_history_that_comes_whole_costs_nothing_more(either: Site) -> None:
    either.submit(BEGAN)
    for number in range(INLINE):
        either.edit("OPS-1", BEGAN + number * MINUTE, summary=f"Words {number}")
    pages(either)
    assert not [each for each in either.asked if "/issue/" in each]

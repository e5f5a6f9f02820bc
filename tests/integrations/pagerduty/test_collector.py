"""Asking PagerDuty: nothing is lost between pages and windows, what is open is read again, refusals say what to do."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from werkzeug import Response

from integrations.pagerduty import collector, history
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Page
from tests.integrations.collectors import NEVER, WalkContract, pulled, read, until_trouble
from tests.integrations.pagerduty.conftest import NOW
from tests.integrations.pagerduty.pager import (
    BEGAN,
    RANKER,
    SEARCH,
    TOKEN,
    Pager,
    as_json,
    named,
    refused,
    stamp,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LISTS = ("/incidents?", "/log_entries?", "/oncalls?")


def pages(pager: Pager, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, pager.setup(**changes), cursor)


def facts(found: list[Page], kind: str = "incidents") -> dict[str, Mapping[str, Any]]:
    return read(found, kind, "pagerduty")


def happened(pager: Pager, count: int, apart: timedelta = HOUR) -> None:
    for number in range(count):
        at = BEGAN + number * apart
        name = pager_id(pager.trigger(at))
        pager.notify(name, "Ana", at + MINUTE)
        pager.acknowledge(name, at + 3 * MINUTE)
        pager.resolve(name, at + 9 * MINUTE)


def pager_id(sent: Mapping[str, Any]) -> str:
    return str(json.loads(sent["body"])["event"]["data"]["id"])


def asked(pager: Pager, path: str) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(each).query) for each in pager.asked if urlsplit(each).path == path]


class TestTheContract(WalkContract):
    collector, secret, again = collector, TOKEN, 3
    refusals = (
        (refused(401, "Invalid credentials"), "does not accept the API key", "Make a new read-only API key"),
        (refused(402, "Account lacks it"), r"does not let .* read .* \(Account lacks it\)", "read-only key"),
        (refused(403, "Forbidden", "Not yours."), r"does not let .* read the open incidents \(Not yours\)", "who sees"),
        (refused(404, "Not Found"), "PagerDuty does not find the open incidents", "address of the API"),
        (refused(400, "Arguments Caused Error", "Nonsense."), r"PagerDuty answers 400 .*\(Nonsense\)", "address"),
        (Response("<html>no</html>", 418), "PagerDuty answers 418", "address of the API"),
    )
    waits = (
        (refused(429, "Rate Limit Exceeded", Retry_After="600"), 600),
        (refused(429, "Rate Limit Exceeded", ratelimit_limit="960", ratelimit_reset="50"), 50),
        (refused(429, "Rate Limit Exceeded"), 60),
        (Response("", 429), 60),
        (refused(503), None),
        (Response("<html>maintenance</html>", 200), None),
        (as_json([]), None),
    )

    @pytest.fixture(autouse=True)
    def stands(self, pager: Pager) -> None:
        self.vendor = pager

    def happen(self, count: int) -> None:
        happened(self.vendor, count)

    def happen_in_every_list(self) -> None:
        happened(self.vendor, 7, DAY)
        self.vendor.trigger(BEGAN)
        self.vendor.acknowledge("Q8", NOW - MINUTE)
        for number in range(5):
            self.vendor.on_call("Ana", BEGAN + number * DAY, BEGAN + (number + 1) * DAY)

    def steps(self) -> int:
        return 4 * (NOW - BEGAN).days


def test_a_short_wish_of_its_own_is_heard(pager: Pager) -> None:
    happened(pager, 3)
    pager.troubles = [refused(429, ratelimit_reset="1")]
    assert len(facts(pages(pager))) == 3


def test_an_incident_its_page_and_a_shift_come_in_full(pager: Pager) -> None:
    pager.trigger(BEGAN)
    pager.prioritise("Q1", "P2", BEGAN)
    pager.notify("Q1", "Ben", BEGAN + MINUTE, by="email")
    pager.notify("Q1", "Ana", BEGAN + 2 * MINUTE)
    pager.acknowledge("Q1", BEGAN + 3 * MINUTE)
    pager.resolve("Q1", BEGAN + 9 * MINUTE)
    pager.on_call("Ana", BEGAN, BEGAN + 12 * HOUR)
    found = pages(pager)
    assert facts(found)["Q1"] == {
        "external_id": "Q1",
        "url": "https://acme.pagerduty.com/incidents/Q1",
        "updated_at": "2026-10-01T00:09:05.006000Z",
        "service": RANKER,
        "title": "Answers are late",
        "severity": "SEV2",
        "status": "resolved",
        "detected_at": "2026-10-01T00:00:00Z",
        "acknowledged_at": "2026-10-01T00:03:00Z",
        "restored_at": "2026-10-01T00:09:00Z",
        "resolved_at": "2026-10-01T00:09:00Z",
    }
    assert facts(found, "alerts") == {
        "Q1": {
            "external_id": "Q1",
            "url": "https://acme.pagerduty.com/incidents/Q1",
            "updated_at": "2026-10-01T00:09:05.006000Z",
            "name": "Answers are late",
            "fingerprint": "key-1",
            "class": "page",
            "service": RANKER,
            "started_at": "2026-10-01T00:00:00Z",
            "notified_at": "2026-10-01T00:02:00Z",
            "acknowledged_at": "2026-10-01T00:03:00Z",
            "ended_at": "2026-10-01T00:09:00Z",
            "person": "Ana",
            "incident": "Q1",
        }
    }
    schedule, ana = named("schedule", "Models"), named("user", "Ana")
    assert list(facts(found, "shifts").values()) == [
        {
            "external_id": f"{schedule['id']}/{ana['id']}/2026-10-01T00:00:00Z",
            "url": schedule["html_url"],
            "schedule": "Models",
            "person": "Ana",
            "started_at": "2026-10-01T00:00:00Z",
            "ended_at": "2026-10-01T12:00:00Z",
        }
    ]


@pytest.fixture
def little(pager: Pager, monkeypatch: pytest.MonkeyPatch) -> Pager:
    """One that tells five of a window, each on its own page, where others tell ten thousand."""
    assert history.MOST == pager.most == 10_000
    pager.page, pager.most = 1, 500
    monkeypatch.setattr(history, "MOST", 500)
    return pager


def test_a_window_that_holds_more_than_may_be_told_is_halved(little: Pager) -> None:
    for number in range(20):
        little.trigger(BEGAN + number * HOUR, status="resolved", resolved_at=stamp(BEGAN + number * HOUR + MINUTE))
    assert len(facts(pages(little))) == 20
    assert {int(each["offset"][0]) for each in asked(little, "/incidents")} == {0, 100, 200, 300, 400}


def test_more_at_one_instant_than_may_be_told_is_said(little: Pager) -> None:
    for number in range(6):
        little.on_call(f"Person {number}", NOW - MINUTE, NOW + DAY)
    with pytest.raises(Rejected, match=r"more than 500 of the on-call entries in one second") as caught:
        list(collector.pull(little.setup(), {}, NOW - 2 * MINUTE))
    assert "fewer teams" in caught.value.remedy


def test_windows_are_narrower_than_half_a_year_and_have_an_offset(pager: Pager) -> None:
    """The pager itself refuses wider ones, naive times, and times without a zone."""
    since = BEGAN - 900 * DAY
    pager.trigger(since + DAY)
    pager.acknowledge("Q1", BEGAN)
    found = list(collector.pull(pager.setup(), {}, since))
    assert facts(found)["Q1"]["acknowledged_at"] == "2026-10-01T00:00:00Z"


def test_what_lies_before_the_beginning_is_not_taken(pager: Pager) -> None:
    for hours in (-40, -1, 1, 2):
        pager.trigger(BEGAN + hours * HOUR)
        pager.on_call("Ana", BEGAN + (hours - 1) * HOUR, BEGAN + hours * HOUR)
    pager.acknowledge("Q1", NOW - MINUTE)
    found = pages(pager)
    assert sorted(facts(found)) == ["Q3", "Q4"] and len(facts(found, "shifts")) == 2


def test_nothing_new_costs_next_to_nothing(pager: Pager) -> None:
    happened(pager, 5)
    pager.trigger(BEGAN)
    cursor = pages(pager)[-1].cursor
    pager.asked.clear()
    again = pages(pager, cursor)
    assert [urlsplit(each).path for each in pager.asked] == ["/incidents", "/incidents", "/log_entries"]
    assert facts(again) == {}


def test_what_happens_while_a_backfill_walks_is_not_missed(pager: Pager, clock: time_machine.Traveller) -> None:
    pager.page = 2
    happened(pager, 7)
    walked = collector.pull(pager.setup(), {}, BEGAN)
    first = [next(walked), next(walked)]
    clock.shift(HOUR)
    pager.reopen("Q1", NOW + MINUTE)
    pager.resolve("Q1", NOW + 2 * MINUTE)
    pager.trigger(NOW + 3 * MINUTE)
    found = facts([*first, *pages(pager, first[-1].cursor)])
    assert len(found) == 8 and found["Q1"]["resolved_at"] == "2026-11-04T12:02:00Z"


def test_an_open_incident_is_read_again_however_old(pager: Pager, clock: time_machine.Traveller) -> None:
    pager.trigger(BEGAN)
    cursor = pages(pager)[-1].cursor
    clock.shift(DAY)
    pager.incidents["Q1"] |= {"title": "Answers are wrong", "updated_at": stamp(NOW + HOUR)}
    found = pages(pager, cursor)
    assert facts(found)["Q1"]["title"] == "Answers are wrong"
    assert facts(pages(pager, found[-1].cursor)) == {}


def test_an_open_incident_without_a_time_of_change_is_always_read(pager: Pager, clock: time_machine.Traveller) -> None:
    pager.trigger(BEGAN, updated_at=None)
    cursor = pages(pager)[-1].cursor
    clock.shift(DAY)
    assert sorted(facts(pages(pager, cursor))) == ["Q1"]


def test_one_that_is_not_open_any_more_is_read_although_its_log_is_silent(
    pager: Pager, clock: time_machine.Traveller
) -> None:
    pager.trigger(BEGAN)
    cursor = pages(pager)[-1].cursor
    clock.shift(DAY)
    pager.incidents["Q1"] |= {"status": "resolved", "resolved_at": stamp(NOW)}
    assert facts(pages(pager, cursor))["Q1"]["restored_at"] == stamp(NOW)


def test_many_open_incidents_are_kept_a_hundred_at_a_time(pager: Pager) -> None:
    for number in range(101):
        pager.trigger(BEGAN + number * MINUTE)
    walked = collector.pull(pager.setup(), {}, BEGAN)
    first = next(walked)
    assert len(facts([first])) == len(first.cursor["open"]) == 100
    assert len(facts([first, *walked])) == 101


def test_an_open_incident_that_is_gone_leaves_a_tombstone(pager: Pager) -> None:
    pager.trigger(BEGAN)
    cursor = pages(pager)[-1].cursor
    pager.incidents.clear()
    found = pages(pager, cursor)
    for kind in ("incidents", "alerts"):
        assert facts(found, kind)["Q1"] == {"external_id": "Q1", "deleted": True, "updated_at": "2026-11-04T12:00:00Z"}


def test_an_incident_that_was_closed_is_read_again_when_its_log_grows(
    pager: Pager, clock: time_machine.Traveller
) -> None:
    happened(pager, 3)
    cursor = pages(pager)[-1].cursor
    clock.shift(10 * DAY)
    pager.reopen("Q2", NOW + 9 * DAY)
    found = facts(pages(pager, cursor))
    assert sorted(found) == ["Q2"]
    assert (found["Q2"]["status"], found["Q2"]["restored_at"]) == ("open", "2026-10-01T01:09:00Z")
    assert "resolved_at" not in found["Q2"]


def test_services_and_schedules_nobody_chose_are_left_alone(pager: Pager) -> None:
    pager.trigger(BEGAN)
    pager.trigger(NOW - MINUTE, SEARCH)
    pager.on_call("Ana", BEGAN, BEGAN + DAY)
    pager.on_call("Ben", BEGAN, BEGAN + DAY, schedule=named("schedule", "Shop"))
    found = pages(pager, services=[RANKER], schedules=["Shop"])
    assert sorted(facts(found)) == ["Q1"]
    assert [each["person"] for each in facts(found, "shifts").values()] == ["Ben"]
    assert not asked(pager, "/incidents/Q2") and not asked(pager, "/incidents/Q2/log_entries")


def test_a_shift_counts_once_it_is_over_and_once(pager: Pager, clock: time_machine.Traveller) -> None:
    pager.on_call("Ana", NOW - DAY, NOW - HOUR)
    pager.on_call("Ana", NOW - DAY, NOW - HOUR, escalation_policy=named("escalation_policy", "Shop"))
    pager.on_call("Ben", NOW - HOUR, NOW + 23 * HOUR)
    pager.on_call("Cleo", None, None)
    pager.on_call("Cleo", None, None, schedule=None)
    found = pages(pager)
    assert [each["person"] for each in facts(found, "shifts").values()] == ["Ana"]
    clock.shift(HOUR)
    pager.asked.clear()
    assert not facts(pages(pager, found[-1].cursor), "shifts") and not asked(pager, "/oncalls")
    clock.shift(DAY)
    later = facts(pages(pager, found[-1].cursor), "shifts")
    assert [each["person"] for each in later.values()][-1] == "Ben"


def test_one_list_that_may_not_be_read_keeps_nobody_from_reading_the_others(pager: Pager) -> None:
    happened(pager, 2)
    pager.on_call("Ana", BEGAN, BEGAN + DAY)
    pager.closed = {"/log_entries": refused(403, "Forbidden")}
    found, trouble = until_trouble(collector.pull(pager.setup(), {}, BEGAN))
    assert isinstance(trouble, Rejected) and "does not let the API key read the log entries" in str(trouble)
    assert len(facts(found)) == 2 and len(facts(found, "shifts")) == 1


def test_a_check_asks_for_each_thing_that_will_be_read(pager: Pager) -> None:
    assert collector.check(pager.setup()) == (
        "The incidents can be read.",
        "The log entries can be read.",
        "The on-call entries can be read.",
    )
    assert [each.partition("?")[0] + "?" for each in pager.asked] == list(LISTS)
    pager.closed = {"/oncalls": refused(403, "Forbidden")}
    with pytest.raises(Rejected, match="read the on-call entries"):
        collector.check(pager.setup())


def test_a_preview_counts_incidents_by_service_and_shifts_by_schedule(pager: Pager) -> None:
    happened(pager, 3)
    pager.trigger(BEGAN, SEARCH)
    pager.prioritise("Q4", "Urgent", BEGAN)
    pager.trigger(BEGAN - 100 * DAY)
    pager.on_call("Ana", NOW - 2 * DAY, NOW - DAY)
    found = collector.discover(pager.setup(services=[SEARCH], schedules=[]), BEGAN)
    assert found.lines == (
        "4 incidents of 2 services.",
        "Ended: 1 shift in 1 schedule.",
        "No severity is known for the priority Urgent.",
    )
    told = {each.setting: {one.name: (one.count, one.suggested) for one in each.found} for each in found.questions}
    assert told == {"services": {RANKER: (3, True), SEARCH: (1, True)}, "schedules": {"Models": (1, True)}}

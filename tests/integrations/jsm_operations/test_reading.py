"""What alerts, incidents and timelines mean: who, when, and what is not known."""

import json
from typing import Any

import pytest
import time_machine

from integrations.jsm_operations import alerts, incidents
from integrations.jsm_operations.account import account
from ops_console.contracts.integration import Rejected
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.jsm_operations.conftest import NOW
from tests.integrations.jsm_operations.desk import ANA, BEGAN, BEN, DAY, HOUR, MINUTE, WEEK, Desk, refused, stamp
from tests.integrations.jsm_operations.pulled import asked, facts, pages


def shifts(desk: Desk, **changes: Any) -> list[tuple[str, str, str]]:
    found = facts(pages(desk, **changes), "shifts").values()
    return sorted((each["person"], each["started_at"], each["ended_at"]) for each in found)


@pytest.mark.parametrize(
    ("priority", "pages_", "expected"),
    [
        ("P1", None, "page"),
        ("P3", None, "page"),
        ("P4", None, "ticket"),
        ("P3", ["P1"], "ticket"),
        (None, None, "page"),
    ],
)
def test_a_priority_wakes_somebody_or_waits(priority: str | None, pages_: list[str] | None, expected: str) -> None:
    here = account({"pages": pages_} if pages_ else {})
    said = {"id": "a", "createdAt": stamp(BEGAN), "updatedAt": stamp(BEGAN), "priority": priority}
    assert alerts.from_poll(said, here).values["class"] == expected


@pytest.mark.parametrize(
    ("said", "key", "service"),
    [
        ({"tags": ["service:ranker", "service:x"], "entity": "host-1"}, "service", "ranker"),
        ({"tags": ["app:ranker"], "entity": "host-1"}, "service", "host-1"),
        ({"tags": ["app:ranker"]}, "app", "ranker"),
        ({"tags": ["service:"]}, "service", None),
        ({"tags": [":ranker"]}, "", None),
        ({}, "service", None),
    ],
)
def test_an_alert_is_about_what_its_tag_says_else_its_entity(said: dict[str, Any], key: str, service: str) -> None:
    whole = {"id": "a", "createdAt": stamp(BEGAN), "updatedAt": stamp(BEGAN)} | said
    assert alerts.from_poll(whole, account({"service_tag": key})).values.get("service") == service


def test_an_alert_somebody_took_is_no_noise_although_nobody_told_when(either: Desk) -> None:
    either.fire(BEGAN)
    either.alerts["alert-1"] |= {"acknowledged": True, "updatedAt": stamp(BEGAN + MINUTE)}
    assert facts(pages(either))["alert-1"]["acknowledged_at"] == "2026-10-01T00:01:00Z"


def test_people_are_named_as_the_set_up_says_else_as_they_are_told(either: Desk) -> None:
    either.fire(BEGAN)
    either.acknowledge("alert-1", BEGAN, "dan@acme.example")
    assert facts(pages(either))["alert-1"]["person"] == "dan@acme.example"
    assert facts(pages(either, people=["Dan@acme.example Dan"]))["alert-1"]["person"] == "Dan"
    with pytest.raises(Rejected, match="names no address and whose it is"):
        pages(either, people=["dan"])


def test_a_stint_is_one_shift_although_its_timeline_is_cut_at_the_present(
    either: Desk, clock: time_machine.Traveller
) -> None:
    either.on_call(ANA, NOW - DAY, NOW)
    either.on_call(ANA, NOW, NOW + DAY, "default")
    either.on_call(BEN, NOW - 3 * DAY, NOW - DAY)
    assert shifts(either) == [("Ben", stamp(NOW - 3 * DAY), stamp(NOW - DAY))]
    cursor = pages(either)[-1].cursor
    clock.shift(2 * DAY)
    (later,) = facts(pages(either, cursor), "shifts").values()
    assert (later["person"], later["started_at"], later["ended_at"]) == ("Ana", stamp(NOW - DAY), stamp(NOW + DAY))


def test_a_shift_is_not_cut_where_a_window_of_the_walk_begins(either: Desk) -> None:
    seam = BEGAN + 4 * WEEK
    either.on_call(ANA, seam - 3 * DAY, seam + 3 * DAY)
    assert shifts(either) == [("Ana", stamp(seam - 3 * DAY), stamp(seam + 3 * DAY))]


def test_gaps_teams_and_what_lies_before_the_beginning_are_no_shifts(either: Desk) -> None:
    either.on_call("", BEGAN, BEGAN + DAY)
    either.on_call("team-7", BEGAN, BEGAN + DAY, of="team")
    either.on_call(ANA, BEGAN - 2 * DAY, BEGAN - DAY)
    either.on_call(BEN, BEGAN + DAY, BEGAN + DAY)
    assert shifts(either) == []


def test_an_override_is_one_and_rotations_are_apart(either: Desk) -> None:
    either.on_call(ANA, BEGAN, BEGAN + DAY)
    either.on_call(BEN, BEGAN + DAY, BEGAN + DAY + HOUR, "override")
    either.on_call(ANA, BEGAN + DAY, BEGAN + 2 * DAY, rotation="2")
    found = facts(pages(either), "shifts").values()
    assert sorted((each["person"], each["override"]) for each in found) == [
        ("Ana", False),
        ("Ana", False),
        ("Ben", True),
    ]


def test_schedules_nobody_ticked_are_left_alone(either: Desk) -> None:
    either.schedules = ["Models", "Shop"]
    either.on_call(ANA, BEGAN, BEGAN + DAY)
    either.on_call(BEN, BEGAN, BEGAN + DAY, schedule="Shop")
    assert [each[0] for each in shifts(either, schedules=["Shop"])] == ["Ben"]


def test_shifts_are_asked_for_four_times_a_day(either: Desk, clock: time_machine.Traveller) -> None:
    cursor = pages(either)[-1].cursor
    for hours, is_asked in ((1, False), (5, True)):
        clock.shift(hours * HOUR)
        either.asked.clear()
        pages(either, cursor)
        assert any(each.endswith("/schedules") for each in asked(either)) is is_asked


def test_people_whom_jsm_names_by_account_ids_are_named_by_jira(desk: Desk) -> None:
    desk.on_call("acct-cleo", BEGAN, BEGAN + DAY)
    assert [each[0] for each in shifts(desk)] == ["Cleo"]
    desk.closed = {"people": refused(403, "Forbidden")}
    assert [each[0] for each in shifts(desk)] == ["acct-cleo"]
    assert [each[0] for each in shifts(desk, people=["acct-cleo Cleo Roth"])] == ["Cleo Roth"]


def test_jsm_is_asked_for_no_timeline_older_than_a_year(desk: Desk) -> None:
    from integrations.jsm_operations import collector

    desk.on_call(ANA, NOW - 500 * DAY, NOW - 499 * DAY)
    found = list(collector.pull(desk.setup(), {}, NOW - 900 * DAY))
    assert facts(found, "shifts") == {}
    assert len([each for each in asked(desk) if each.endswith("/timeline")]) == 14


@pytest.fixture
def opsgenie(desk: Desk) -> Desk:
    desk.is_opsgenie = True
    return desk


def test_an_incident_comes_with_its_timeline(opsgenie: Desk) -> None:
    number = opsgenie.open_incident(BEGAN, impactStartDate=stamp(BEGAN - HOUR))
    opsgenie.happens(number, "ResponderAlertAcked", BEGAN + 3 * MINUTE)
    opsgenie.resolve(number, BEGAN + HOUR)
    assert facts(pages(opsgenie), "incidents")[number] == {
        "external_id": number,
        "url": f"https://acme.app.opsgenie.com/incident/detail/{number}",
        "updated_at": "2026-10-01T01:00:00Z",
        "service": "ranker",
        "title": "Answers are late",
        "severity": "SEV2",
        "status": "resolved",
        "impact_started_at": "2026-09-30T23:00:00Z",
        "detected_at": "2026-10-01T00:00:00Z",
        "acknowledged_at": "2026-10-01T00:03:00Z",
        "restored_at": "2026-10-01T01:00:00Z",
        "resolved_at": "2026-10-01T01:00:00Z",
    }


def test_whoever_resolves_an_incident_did_not_acknowledge_it(opsgenie: Desk) -> None:
    number = opsgenie.open_incident(BEGAN)
    opsgenie.resolve(number, BEGAN + HOUR)
    found = facts(pages(opsgenie), "incidents")[number]
    assert "acknowledged_at" not in found and "impact_started_at" not in found


def test_an_incident_of_no_service_or_timeline_is_told_as_far_as_it_is_known(opsgenie: Desk) -> None:
    number = opsgenie.open_incident(BEGAN, impactedServices=[])
    opsgenie.timelines.clear()
    found = facts(pages(opsgenie), "incidents")[number]
    assert (found["service"], found["status"]) == ("no impacted service", "open")


def test_an_open_incident_is_read_again_however_old_and_one_that_is_gone_leaves_a_tombstone(
    opsgenie: Desk, clock: time_machine.Traveller
) -> None:
    first, second = opsgenie.open_incident(BEGAN), opsgenie.open_incident(BEGAN)
    cursor = pages(opsgenie)[-1].cursor
    clock.shift(40 * DAY)
    opsgenie.resolve(first, NOW)
    del opsgenie.incidents[second]
    again = pages(opsgenie, cursor)
    found = facts(again, "incidents")
    assert (found[first]["status"], found[second]["deleted"]) == ("resolved", True)
    assert again[-1].cursor["open_incidents"] == []


def test_jsm_is_not_asked_for_incidents_which_are_issues_of_jira(desk: Desk) -> None:
    desk.open_incident(BEGAN)
    assert facts(pages(desk), "incidents") == {} and "/v1/incidents" not in asked(desk)


@pytest.mark.samples
def test_real_alerts_and_incidents_are_read_and_their_facts_are_whole() -> None:
    folder = samples() / "opsgenie"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded alerts here")
    (alert,) = json.loads((folder / "alerts_page.json").read_bytes())["data"]
    told = alerts.from_poll(alert, account({})).values
    assert Parser("alerts", "jsm_operations", None)(dict(told)).external_id == alert["id"]
    assert (told["acknowledged_at"], told["ended_at"]) == ("2017-03-21T20:33:08.055000Z", "2017-03-21T20:33:52.856000Z")
    for name, status in (("incident_open", "open"), ("incident_closed_with_timelines", "resolved")):
        said = json.loads((folder / f"{name}.json").read_bytes())
        found = incidents.fact(said, said.get("timelines", ()), said["impactedServices"])
        assert Parser("incidents", "jsm_operations", None)(dict(found.values)).external_id == said["id"]
        assert found.values["status"] == status and "acknowledged_at" not in found.values
    assert found.values["restored_at"] == "2022-04-05T15:42:42.141000Z"

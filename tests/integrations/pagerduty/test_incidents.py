"""What an incident and its log say, and which of two views of them stands."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.pagerduty import incidents, log
from integrations.pagerduty.account import Account, account
from integrations.pagerduty.log import Entry
from ops_console.contracts.integration import Rejected
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.pagerduty.pager import BEGAN, named, stamp

HERE = account({"severities": ["Very bad SEV1", "P3 SEV2"]})
MINUTE = timedelta(minutes=1)


def logged(*kinds: str, person: str = "Ana") -> list[Entry]:
    """One a minute; a kind that ends in ! comes from a person."""
    said = [
        {
            "type": f"{kind.removesuffix('!')}_log_entry",
            "created_at": stamp(BEGAN + number * MINUTE),
            "agent": named("user" if kind.endswith("!") else "service", "x"),
            "user": named("user", person),
        }
        for number, kind in enumerate(kinds)
    ]
    return [log.entry(each) for each in said]


def told(*kinds: str, here: Account = HERE, **said: Any) -> list[Mapping[str, Any]]:
    incident = {
        "id": "Q1",
        "title": "Late",
        "created_at": stamp(BEGAN),
        "status": "resolved",
        "service": named("service", "Ranker"),
    }
    return [each.values for each in incidents.from_log(incident | said, logged(*kinds), here)]


def minute(number: int) -> str:
    return stamp(BEGAN + number * MINUTE)


def test_the_first_acknowledgement_and_the_first_restoration_stay() -> None:
    kinds = ("trigger", "acknowledge!", "unacknowledge", "acknowledge!", "resolve!", "annotate!", "resolve!")
    incident, page = told(*kinds)
    assert incident["acknowledged_at"] == page["acknowledged_at"] == minute(1)
    assert (incident["restored_at"], incident["resolved_at"], page["ended_at"]) == (minute(4), minute(6), minute(6))


def test_a_reopened_incident_is_open_and_keeps_its_first_restoration() -> None:
    incident, page = told("trigger", "resolve!", "annotate!", status="triggered")
    assert (incident["status"], incident["restored_at"]) == ("open", minute(1))
    assert "resolved_at" not in incident and "ended_at" not in page


def test_each_time_it_broke_again_is_told_with_its_end() -> None:
    kinds = ("trigger", "resolve!", "annotate!", "trigger", "acknowledge!", "resolve!", "notify", "notify")
    mended, _ = told(*kinds)
    assert mended["reopenings"] == [f"{minute(3)}/{minute(5)}"]
    broken, _ = told(*kinds, status="triggered")
    assert broken["reopenings"] == [f"{minute(3)}/{minute(5)}", f"{minute(6)}/"]
    assert broken["restored_at"] == mended["restored_at"] == minute(1)
    assert "reopenings" not in told("trigger", "acknowledge!", "resolve!")[0]


def test_what_an_old_log_lacks_the_incident_itself_makes_up_for() -> None:
    incident, _ = told(resolved_at=minute(9), acknowledgements=[{"at": minute(2)}])
    assert (incident["acknowledged_at"], incident["restored_at"]) == (minute(2), minute(9))
    assert told(last_status_change_at=minute(7))[0]["restored_at"] == minute(7)
    assert told()[0]["restored_at"] == minute(0)


def test_a_merged_incident_is_the_duplicate_of_another() -> None:
    reason = {"type": "merge_resolve_reason", "incident": {"id": "Q7", "type": "incident_reference"}}
    assert told("trigger", "resolve!", resolve_reason=reason)[0]["duplicate_of"] == "Q7"
    assert "duplicate_of" not in told("trigger", "resolve!", resolve_reason={"type": "other"})[0]


@pytest.mark.parametrize(
    ("kinds", "said", "is_taken"),
    [
        (("trigger", "resolve"), {}, False),
        (("trigger", "acknowledge!", "resolve"), {}, True),
        (("trigger", "resolve!"), {}, True),
        (("trigger", "resolve"), {"priority": {"summary": "P1"}}, True),
        (("trigger",), {"status": "triggered"}, False),
    ],
)
def test_a_page_led_to_an_incident_where_somebody_took_it_on(
    kinds: tuple[str, ...], said: dict[str, Any], is_taken: bool
) -> None:
    assert ("incident" in told(*kinds, **said)[1]) == is_taken


def test_an_incident_of_low_urgency_is_a_ticket() -> None:
    assert told("trigger", urgency="low")[1]["class"] == "ticket"
    assert told("trigger", urgency="high")[1]["class"] == told("trigger", urgency=None)[1]["class"] == "page"


def test_everybody_who_was_woken_has_a_page_from_when_they_were() -> None:
    entries = [
        *logged("trigger"),
        Entry(BEGAN + MINUTE, "notify", notified="Ana"),
        Entry(BEGAN + MINUTE, "notify", notified="Ana"),
        Entry(BEGAN + 2 * MINUTE, "acknowledge", by_person=True),
        Entry(BEGAN + 5 * MINUTE, "notify", notified="Ben"),
    ]
    said = {"id": "Q1", "title": "Late", "created_at": stamp(BEGAN), "service": named("service", "Ranker")}
    _, first, second = (each.values for each in incidents.from_log(said, entries, HERE))
    assert (first["person"], first["started_at"], first["notified_at"]) == ("Ana", minute(0), minute(1))
    assert (second["external_id"], second["person"], second["started_at"]) == ("Q1/Ben", "Ben", minute(5))
    assert "acknowledged_at" in first and "acknowledged_at" not in second


@pytest.mark.parametrize(
    ("priority", "severity"),
    [
        ("P1", "SEV1"),
        ("P4", "SEV4"),
        ("P5", "SEV4"),
        ("SEV-2", "SEV2"),
        ("sev 3 (minor)", "SEV3"),
        ("very BAD", "SEV1"),
        ("P3", "SEV2"),
        ("P10", None),
        ("Urgent", None),
    ],
)
def test_a_priority_is_a_severity_where_its_name_says_so_or_somebody_did(priority: str, severity: str | None) -> None:
    assert told("trigger", priority={"summary": priority})[0].get("severity") == severity


@pytest.mark.parametrize("line", ["SEV1", "Critical", "Critical SEV9", "Critical:SEV1"])
def test_a_set_up_that_cannot_be_is_told(line: str) -> None:
    with pytest.raises(Rejected, match="names no priority and its severity"):
        account({"severities": [line]})


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["acknowledge", "resolve"]), st.integers(0, 9_999)), min_size=1))
def test_the_log_stands_against_every_delivery_of_what_it_tells(said: list[tuple[str, int]]) -> None:
    """Deliveries tell the milliseconds that the log does not."""
    at = [(kind, BEGAN + timedelta(milliseconds=beyond)) for kind, beyond in said]
    known = [Entry(each.replace(microsecond=0), kind) for kind, each in at]
    incident = {"id": "Q1", "title": "Late", "created_at": stamp(BEGAN), "service": named("service", "Ranker")}
    whole, *_ = incidents.from_log(incident, known, HERE)
    for kind, each in at:
        view, *_ = incidents.told(incident, [Entry(each, kind)], each, HERE)
        assert view.values["updated_at"] < whole.values["updated_at"]


def test_of_two_logs_of_one_second_the_longer_stands() -> None:
    short, long = logged("trigger"), [*logged("trigger"), *logged("field_value_change!")]
    incident = {"id": "Q1", "title": "Late", "created_at": stamp(BEGAN), "service": named("service", "Ranker")}
    before, after = (incidents.from_log(incident, entries, HERE)[0].values["updated_at"] for entries in (short, long))
    assert before < after


@pytest.mark.samples
def test_real_incidents_and_their_logs_are_read_and_their_facts_are_whole() -> None:
    folder = samples() / "pagerduty"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded incidents here")
    found = {}
    for path in sorted(folder.glob("*incident_*.json")):
        said = json.loads(path.read_bytes())
        if said.get("type") != "incident":
            continue
        entries = [log.entry(each) for each in said.get("log_entries", ())]
        for each in incidents.from_log(said, entries, HERE):
            fact = Parser(each.kind, "pagerduty", None)(dict(each.values))
            found[fact.external_id] = each.values
    assert {"Q3CZAU7Q4008QD", "Q3YON8WNWTZMRQ", "Q27MXNAJQ834PC"} <= found.keys()
    assert found["Q3CZAU7Q4008QD"]["acknowledged_at"] == "2022-11-03T06:44:37Z"

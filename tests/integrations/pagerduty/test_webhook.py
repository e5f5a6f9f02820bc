"""What PagerDuty sends: signed by a secret in use, read without guessing, and everything else kept with a reason."""

import json
from datetime import timedelta
from typing import Any

import pytest

from integrations.pagerduty import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Hint, Ignored
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.pagerduty.conftest import NOW
from tests.integrations.pagerduty.pager import BEGAN, SEARCH, SECRET, Pager, named, signed

MINUTE = timedelta(minutes=1)
SIGNATURE = "x-pagerduty-signature"


def read(sent: dict[str, Any], pager: Pager, **settings: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    incident, page = webhook.facts(sent["event"], sent["body"], pager.settings(**settings))
    assert (incident.kind, page.kind) == ("incidents", "alerts")
    return dict(incident.values), dict(page.values)


def test_a_delivery_names_itself_by_its_event(pager: Pager) -> None:
    sent = pager.trigger(BEGAN)
    name = json.loads(sent["body"])["event"]["id"]
    assert webhook.arrival(sent["headers"] | {"x-webhook-id": "other"}, sent["body"]) == Arrival(
        name, "incident.triggered"
    )
    assert webhook.arrival({"x-webhook-id": "w1"}, b"{}") == Arrival("w1", "unknown")
    assert webhook.arrival({}, b"{}") == webhook.arrival({}, b"{}") != webhook.arrival({}, b"[]")


def test_any_secret_in_use_verifies_and_nothing_else_does(pager: Pager) -> None:
    body = pager.trigger(BEGAN)["body"]
    mine = signed(body, SECRET)
    for given, secrets in (
        (mine, [SECRET]),
        (mine, ["old", SECRET]),
        (signed(body, "theirs", SECRET), [SECRET]),
        (signed(body, SECRET, "theirs").replace(",", ", "), [SECRET, "new"]),
    ):
        webhook.verify({SIGNATURE: given}, body, secrets, NOW)
    for headers, content, secrets in (
        ({SIGNATURE: mine}, body + b" ", [SECRET]),
        ({SIGNATURE: mine}, body, ["old"]),
        ({SIGNATURE: mine.removeprefix("v1=")}, body, [SECRET]),
        ({SIGNATURE: mine.replace("v1", "v2")}, body, [SECRET]),
        ({SIGNATURE: "v1="}, body, [SECRET]),
        ({}, body, [SECRET]),
    ):
        with pytest.raises(Rejected):
            webhook.verify(headers, content, secrets, NOW)


def test_each_event_is_an_incident_and_its_page(pager: Pager) -> None:
    incident, page = read(pager.trigger(BEGAN), pager)
    assert (incident["status"], incident["detected_at"]) == ("open", "2026-10-01T00:00:00Z")
    assert (page["class"], page["started_at"], page["fingerprint"]) == ("page", "2026-10-01T00:00:00Z", "key-1")
    incident, page = read(pager.prioritise("Q1", "Critical", BEGAN + MINUTE), pager)
    assert (incident["severity"], page["incident"]) == ("SEV1", "Q1")
    incident, page = read(pager.acknowledge("Q1", BEGAN + 2 * MINUTE), pager)
    assert incident["acknowledged_at"] == page["acknowledged_at"] == "2026-10-01T00:02:00.700000Z"
    incident, page = read(pager.resolve("Q1", BEGAN + 3 * MINUTE), pager)
    assert incident["restored_at"] == page["ended_at"] == "2026-10-01T00:03:00.700000Z"
    assert "person" not in page


def test_services_nobody_chose_are_ignored(pager: Pager) -> None:
    sent = pager.trigger(BEGAN, SEARCH)
    with pytest.raises(Ignored, match="Search is not among the services"):
        read(sent, pager, services=["Ranker"])
    assert read(sent, pager, services=["Search"])[0]["service"] == "Search"


@pytest.mark.parametrize(
    ("event", "data", "words"),
    [
        ("pagey.ping", {"message": "Hello from your friend Pagey!", "type": "ping"}, "pagey.ping says nothing"),
        ("incident.annotated", {"id": "P2", "type": "incident_note"}, "incident.annotated says nothing"),
        ("incident.escalated", {"status": "triggered"}, "says nothing that is counted"),
        ("incident.invented_tomorrow", {}, "incident.invented_tomorrow says nothing"),
        ("service.updated", {"type": "service"}, "service.updated says nothing"),
        ("incident.reopened", {"status": "triggered"}, "only its log knows"),
        ("incident.resolved", {"status": "resolved", "reopened_at": "2026-10-01T00:00:00Z"}, "only its log knows"),
        ("incident.priority_updated", {"status": "acknowledged"}, "it is asked at once"),
    ],
)
def test_what_is_not_counted_is_ignored_with_a_reason(
    pager: Pager, event: str, data: dict[str, Any], words: str
) -> None:
    sent = pager.webhook(event, data, BEGAN)
    assert webhook.arrival(sent["headers"], sent["body"]).event == event
    with pytest.raises(Ignored, match=words):
        webhook.facts(event, sent["body"], pager.settings())


def test_of_a_reopening_the_log_is_asked_at_once(pager: Pager) -> None:
    pager.trigger(BEGAN)
    pager.resolve("Q1", BEGAN + MINUTE)
    for sent in (pager.reopen("Q1", BEGAN + 2 * MINUTE), pager.resolve("Q1", BEGAN + 3 * MINUTE)):
        with pytest.raises(Hint):
            webhook.facts(sent["event"], sent["body"], pager.settings())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no event"),
        (b"[]", "no event"),
        (b"\xff\xfe", "no event"),
        (b'{"messages": []}', "no event"),
        (b'{"event": {"data": 7}}', "lacks what it should have: AttributeError"),
        (b'{"event": {"occurred_at": "2026-10-01T00:00:00Z"}}', "lacks what it should have: KeyError"),
        (b'{"event": {"data": {"id": "Q1"}, "occurred_at": "yesterday"}}', "lacks what it should have: ValueError"),
    ],
)
def test_what_cannot_be_read_says_why(pager: Pager, body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("incident.triggered", body, pager.settings())


@pytest.mark.samples
def test_real_deliveries_are_read_or_ignored_and_their_facts_are_whole() -> None:
    folder = samples() / "pagerduty"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded deliveries here")
    for path in sorted(folder.glob("webhook_v3_*.json")):
        said = json.loads(path.read_bytes())
        if "event" not in said:
            said = {"event": {"event_type": f"incident.{said['type']}", "data": said}}
        body = json.dumps(said).encode()
        with pytest.raises(Ignored):
            webhook.facts(webhook.arrival({}, body).event, body, {})
        said["event"]["data"].pop("reopened_at", None)
        try:
            told = webhook.facts(said["event"]["event_type"], json.dumps(said).encode(), {})
        except Ignored:
            continue
        for each in told:
            assert Parser(each.kind, "pagerduty", None)(dict(each.values)).external_id == "PGR0VU2"


def test_a_service_is_named_as_people_see_it(pager: Pager) -> None:
    sent = pager.trigger(BEGAN)
    assert read(sent, pager)[0]["service"] == named("service", "Ranker")["summary"]

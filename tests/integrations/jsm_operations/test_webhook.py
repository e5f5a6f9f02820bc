"""What JSM Operations and Opsgenie send: known by a header, read without guessing, the rest kept with a reason."""

import base64
from typing import Any

import pytest

from integrations.jsm_operations import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Ignored
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.jsm_operations.conftest import NOW
from tests.integrations.jsm_operations.desk import BEGAN, HOUR, MINUTE, SECRET, Desk


def read(sent: dict[str, Any], desk: Desk, **settings: Any) -> dict[str, Any]:
    (told,) = webhook.facts(sent["event"], sent["body"], desk.settings(**settings))
    Parser(told.kind, "jsm_operations", None)(dict(told.values))
    return dict(told.values)


def test_a_delivery_is_known_by_its_words(desk: Desk) -> None:
    one, other = desk.fire(BEGAN), desk.fire(BEGAN)
    first = webhook.arrival(one["headers"], one["body"])
    assert first == webhook.arrival({}, one["body"]) != webhook.arrival({}, other["body"])
    assert first == Arrival(first.delivery_id, "Create")
    assert webhook.arrival({}, b"{}").event == webhook.arrival({}, b"no").event == "unknown"


def test_any_secret_in_use_verifies_and_nothing_else_does(desk: Desk) -> None:
    body = desk.fire(BEGAN)["body"]
    basic = f"Basic {base64.b64encode(f'ops:{SECRET}'.encode()).decode()}"
    for given in (f"Bearer {SECRET}", basic):
        for secrets in ([SECRET], ["old", SECRET], [SECRET, "new"]):
            webhook.verify({"authorization": given}, body, secrets, NOW)
    for headers, secrets in (
        ({"authorization": "Bearer wrong"}, [SECRET]),
        ({"authorization": f"Bearer {SECRET}"}, ["old"]),
        ({"authorization": f"GenieKey {SECRET}"}, [SECRET]),
        ({"authorization": "Bearer "}, [SECRET]),
        ({}, [SECRET]),
    ):
        with pytest.raises(Rejected):
            webhook.verify(headers, body, secrets, NOW)


def test_each_action_is_a_fact(desk: Desk) -> None:
    fired = read(desk.fire(BEGAN), desk)
    assert (fired["class"], fired["service"], fired["started_at"]) == ("page", "ranker", "2026-10-01T00:00:00Z")
    assert "acknowledged_at" not in fired and "person" not in fired
    taken = read(desk.acknowledge("alert-1", BEGAN + MINUTE), desk)
    assert (taken["acknowledged_at"], taken["person"]) == ("2026-10-01T00:01:00Z", "Ana")
    ended = read(desk.close("alert-1", BEGAN + HOUR), desk)
    assert ended["ended_at"] == ended["updated_at"] == "2026-10-01T01:00:00Z"


def test_an_alert_that_is_deleted_leaves_a_tombstone(desk: Desk) -> None:
    sent = desk.fire(BEGAN)
    sent |= {"event": "Delete", "body": sent["body"].replace(b'"Create"', b'"Delete"')}
    assert read(sent, desk) == {"external_id": "alert-1", "deleted": True, "updated_at": "2026-10-01T00:00:00Z"}


def test_what_is_not_counted_or_told_better_by_the_poll_is_ignored_with_a_reason(desk: Desk) -> None:
    desk.fire(BEGAN)
    for action in ("AddNote", "UnAcknowledge", "UpdatePriority", "EscalateNext", "InventedTomorrow"):
        sent = desk.webhook(action, {})
        with pytest.raises(Ignored, match=f"{action} says nothing that is counted"):
            webhook.facts(webhook.arrival({}, sent["body"]).event, sent["body"], desk.settings())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no JSON object"),
        (b"{}", "lacks what it should have: KeyError"),
        (b'{"alert": 7}', "lacks what it should have: TypeError"),
        (b'{"alert": {"alertId": "a", "updatedAt": "soon"}}', "lacks what it should have: TypeError"),
        (b'{"alert": {"alertId": "a", "updatedAt": 1e30, "createdAt": 1}}', "lacks what it should have"),
    ],
)
def test_what_cannot_be_read_says_why(desk: Desk, body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("Create", body, desk.settings())


@pytest.mark.samples
def test_a_real_delivery_is_read_with_both_its_clocks() -> None:
    path = samples() / "opsgenie" / "webhook_close.json"
    if not path.is_file():
        skip_or_fail("samples", "no recorded delivery here")
    body = path.read_bytes()
    (told,) = webhook.facts(webhook.arrival({}, body).event, body, {})
    assert (told.values["started_at"], told.values["ended_at"]) == (
        "2015-01-05T10:03:11.104000Z",
        "2015-01-05T10:06:14.669000Z",
    )

"""What Jira sends: signed by a secret in use, read without guessing, and everything else kept with a reason."""

import json
from typing import Any

import pytest

from integrations.jira import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Ignored
from ops_console.ingest.parse import Parser
from tests.integrations.jira.conftest import NOW
from tests.integrations.jira.site import BEGAN, DAY, HOUR, INCIDENT, MINUTE, SECRET, STORY, Site, signed


def read(sent: dict[str, Any], site: Site, **settings: Any) -> dict[str, Any]:
    (told,) = webhook.facts(sent["event"], sent["body"], site.settings(**settings))
    Parser(told.kind, "jira", None)(dict(told.values))
    return dict(told.values)


def test_a_delivery_names_itself_and_keeps_its_name_when_it_is_tried_again(site: Site) -> None:
    sent = site.submit(BEGAN)
    name = sent["headers"]["x-atlassian-webhook-identifier"]
    assert webhook.arrival(sent["headers"], sent["body"]) == Arrival(name, "jira:issue_created")
    unnamed = webhook.arrival({}, sent["body"])
    assert unnamed == webhook.arrival({}, sent["body"]) != webhook.arrival({}, b"{}")
    assert webhook.arrival({}, b"[]").event == webhook.arrival({}, b"{}").event == "unknown"


def test_any_secret_in_use_verifies_and_nothing_else_does(site: Site) -> None:
    body = site.submit(BEGAN)["body"]
    headers = signed(body)
    for secrets in ([SECRET], ["old", SECRET], [SECRET, "new"]):
        webhook.verify(headers, body, secrets, NOW)
    given = headers["x-hub-signature"]
    for wrong, content, secrets in (
        (headers, body + b" ", [SECRET]),
        (headers, body, ["old"]),
        ({"x-hub-signature": given.removeprefix("sha256=")}, body, [SECRET]),
        ({"x-hub-signature": given.replace("sha256", "sha1")}, body, [SECRET]),
        ({"x-hub-signature": "sha256="}, body, [SECRET]),
    ):
        with pytest.raises(Rejected):
            webhook.verify(wrong, content, secrets, NOW)


def test_a_delivery_without_a_signature_is_not_trusted(site: Site) -> None:
    """Webhooks that an app registers are not signed; whoever knows the address could have sent it."""
    sent = site.submit(BEGAN)
    with pytest.raises(Rejected, match="not signed") as caught:
        webhook.verify({}, sent["body"], [SECRET], NOW)
    assert "as an administrator, with a secret" in caught.value.remedy


def test_what_is_new_is_told_whole(site: Site) -> None:
    found = read(site.submit(BEGAN), site)
    assert (found["external_id"], found["submitted_at"]) == ("OPS-1", "2026-10-01T00:00:00Z")
    assert found["url"] == f"{site.url}/browse/OPS-1"
    assert read(site.edit("OPS-1", BEGAN + HOUR, summary="Other words"), site)["title"] == "Other words"
    found = read(site.submit(BEGAN, INCIDENT), site)
    assert (found["status"], found["detected_at"]) == ("open", "2026-10-01T00:00:00Z")


def test_how_an_incident_goes_is_told_at_once(site: Site) -> None:
    site.submit(BEGAN, INCIDENT)
    found = read(site.move("OPS-1", "In Progress", BEGAN + MINUTE), site)
    assert (found["status"], found["acknowledged_at"]) == ("acknowledged", "2026-10-01T00:01:00Z")
    found = read(site.move("OPS-1", "Closed", BEGAN + HOUR, "Done"), site)
    assert (found["status"], found["restored_at"]) == ("resolved", "2026-10-01T01:00:00Z")


def test_what_only_the_history_knows_is_left_to_the_poll(site: Site) -> None:
    site.submit(BEGAN)
    site.submit(BEGAN, INCIDENT)
    for sent in (
        site.move("OPS-1", "Done", BEGAN + HOUR, "Done"),
        site.move("OPS-1", "To Do", BEGAN + 2 * HOUR),
        site.edit("OPS-1", BEGAN + 3 * HOUR, summary="Other words"),
    ):
        with pytest.raises(Ignored, match="the next poll tells it"):
            read(sent, site)
    site.move("OPS-2", "In Progress", BEGAN + HOUR)
    with pytest.raises(Ignored, match="the next poll tells it"):
        read(site.edit("OPS-2", BEGAN + 2 * HOUR, summary="Other words"), site)


def test_moving_from_one_done_status_to_another_restores_nothing_again(site: Site) -> None:
    site.submit(BEGAN, INCIDENT)
    site.move("OPS-1", "Done", BEGAN + HOUR, "Done")
    assert read(site.move("OPS-1", "Closed", BEGAN + DAY, "Done"), site)["restored_at"] == "2026-10-01T01:00:00Z"


def test_toil_is_told_with_its_issue(site: Site) -> None:
    site.submit(BEGAN, STORY, labels=["toil"])
    found = read(site.log_work("OPS-1", BEGAN + HOUR, 45), site)
    assert (found["person"], found["minutes"], found["category"]) == ("Ana", 45, "access requests")


def test_what_was_deleted_leaves_a_tombstone(site: Site) -> None:
    site.submit(BEGAN)
    assert read(site.delete("OPS-1", BEGAN + HOUR), site) == {
        "external_id": "OPS-1",
        "deleted": True,
        "updated_at": "2026-10-01T01:00:00Z",
    }
    site.submit(BEGAN, STORY, labels=["toil"])
    with pytest.raises(Ignored, match="stays when the issue is deleted"):
        read(site.delete("OPS-1", BEGAN + HOUR), site)


def test_what_is_not_counted_is_ignored_with_a_reason(site: Site) -> None:
    with pytest.raises(Ignored, match="ML is not among the projects"):
        read(site.submit(BEGAN, project="ML"), site)
    with pytest.raises(Ignored, match="A Story is neither a request nor an incident"):
        read(site.submit(BEGAN, STORY), site)
    for event in ("worklog_created", "comment_created", "jira:version_released", "invented_tomorrow"):
        with pytest.raises(Ignored, match=f"{event} says nothing"):
            webhook.facts(event, b"{}", site.settings())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no JSON object"),
        (b"{}", "lacks what it should have: KeyError"),
        (b'{"issue": 7}', "lacks what it should have: TypeError"),
        (b'{"issue": {"key": "OPS-1", "fields": {"project": null}}}', "lacks what it should have: TypeError"),
    ],
)
def test_what_cannot_be_read_says_why(site: Site, body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("jira:issue_created", body, site.settings())


def test_a_time_that_is_none_is_unreadable_and_not_guessed(site: Site) -> None:
    said = json.loads(site.submit(BEGAN)["body"])
    said["issue"]["fields"]["created"] = "yesterday"
    with pytest.raises(Rejected, match="ValueError"):
        webhook.facts("jira:issue_created", json.dumps(said).encode(), site.settings())

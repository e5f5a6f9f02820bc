"""What GitHub sends: signed by a secret in use, read without guessing, and everything else kept with a reason."""

import json
from datetime import timedelta
from typing import Any

import pytest

from integrations.github import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Hint, Ignored
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.github.conftest import NOW
from tests.integrations.github.forge import BEGAN, REPOSITORY, SECRET, Forge


def read(sent: dict[str, Any], forge: Forge, **settings: Any) -> dict[str, Any]:
    (told,) = webhook.facts(sent["event"], sent["body"], forge.settings(**settings))
    return dict(told.values)


def test_a_delivery_names_itself_by_its_headers(forge: Forge) -> None:
    sent = forge.deploy(BEGAN)
    named = Arrival(sent["headers"]["x-github-delivery"], "deployment")
    assert webhook.arrival(sent["headers"], sent["body"]) == named
    assert webhook.arrival({}, b"{}") == webhook.arrival({}, b"{}") != webhook.arrival({}, b"[]")


def test_any_secret_in_use_verifies_and_nothing_else_does(forge: Forge) -> None:
    sent = forge.deploy(BEGAN)
    for secrets in ([SECRET], ["old", SECRET], [SECRET, "new"]):
        webhook.verify(sent["headers"], sent["body"], secrets, NOW)
    for headers, body, secrets in (
        (sent["headers"], sent["body"] + b" ", [SECRET]),
        (sent["headers"], sent["body"], ["old"]),
        (sent["headers"] | {"x-hub-signature-256": sent["headers"]["x-hub-signature-256"][7:]}, sent["body"], [SECRET]),
        ({"x-hub-signature": "sha1=757107ea0eb2509fc211221cce984b8a37570b6d"}, sent["body"], [SECRET]),
        ({}, sent["body"], [SECRET]),
    ):
        with pytest.raises(Rejected):
            webhook.verify(headers, body, secrets, NOW)


def test_each_event_is_a_fact(forge: Forge) -> None:
    assert read(forge.deploy(BEGAN), forge)["status"] == "running"
    done = read(forge.status(1000, "success", BEGAN + timedelta(hours=1)), forge)
    assert (done["status"], done["environment"], done["finished_at"]) == (
        "succeeded",
        "production",
        "2026-10-01T01:00:00+00:00",
    )
    assert read(forge.merge(5, BEGAN), forge)["merged_at"] == "2026-10-01T00:00:00Z"
    assert read(forge.start_run(77, BEGAN), forge)["status"] == "running"
    assert read(forge.end_run(77, "timed_out", BEGAN), forge)["status"] == "failed"


@pytest.mark.parametrize("action", ["published", "released", "prereleased", "edited", "deleted", "unpublished"])
def test_a_release_is_asked_for_since_its_webhook_does_not_say_when_it_changed(forge: Forge, action: str) -> None:
    forge.publish("v1.4", BEGAN)
    sent = forge.edit("v1.4", BEGAN, action)
    with pytest.raises(Hint, match=f"A release was {action}"):
        webhook.facts(sent["event"], sent["body"], forge.settings())


def test_cases_of_a_name_make_no_difference(forge: Forge) -> None:
    forge.merge(5, BEGAN)
    sent = forge.merge(6, BEGAN)
    told = read(sent, forge, repositories=["Acme/Ranker"])
    assert (told["external_id"], told["repository"]) == ("Acme/Ranker#6", "Acme/Ranker")


@pytest.mark.parametrize(
    ("event", "said", "words"),
    [
        ("star", {}, "star says nothing"),
        ("ping", {"zen": "Keep it logically awesome."}, "ping says nothing"),
        ("pull_request", {"action": "opened", "pull_request": {}}, "Only pull requests that are merged"),
        ("pull_request", {"action": "closed", "pull_request": {"merged_at": None}}, "Only pull requests"),
        ("deployment_status", {"deployment_status": {"state": "inactive"}}, "no outcome"),
        ("workflow_run", {"workflow_run": {"path": ".github/workflows/lint.yml"}}, "Nobody said what"),
        ("workflow_run", {"workflow_run": {"path": ".github/workflows/train.yml", "conclusion": "skipped"}}, "skipped"),
        ("deployment", {"repository": {"full_name": "acme/other"}}, "acme/other is not among"),
        ("deployment", {"repository": None}, "No repository is not among"),
    ],
)
def test_what_is_not_counted_is_ignored_with_a_reason(
    forge: Forge, event: str, said: dict[str, Any], words: str
) -> None:
    body = json.dumps({"repository": {"full_name": REPOSITORY}} | said).encode()
    with pytest.raises(Ignored, match=words):
        webhook.facts(event, body, forge.settings())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no JSON object"),
        (b"payload=%7B%7D", "application/json"),
        (b'{"repository": {"full_name": "acme/ranker"}}', "lacks what it should have: KeyError"),
        (b'{"repository": {"full_name": "acme/ranker"}, "deployment": 7}', "lacks what it should have"),
    ],
)
def test_what_cannot_be_read_says_why(forge: Forge, body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("deployment", body, forge.settings())


@pytest.mark.samples
def test_real_deliveries_are_read_or_ignored_and_their_facts_are_whole() -> None:
    folder = samples() / "github" / "webhooks"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded deliveries here")
    read_events = set()
    for path in sorted(folder.glob("*.json")):
        body, event = path.read_bytes(), path.name.partition("__")[0]
        said = json.loads(body)
        said = said if isinstance(said, dict) else {}
        name = (said.get("repository") or {}).get("full_name", "acme/ranker")
        file = str((said.get("workflow_run") or {}).get("path", "")).partition("@")[0].rpartition("/")[2] or "ci.yml"
        try:
            told = webhook.facts(event, body, {"repositories": [name], "workflows": [f"{file} train"]})
        except Ignored:
            continue
        for each in told:
            assert Parser(each.kind, "github", None)(dict(each.values)).external_id
        read_events.add(event)
    assert {"deployment", "deployment_status", "workflow_run"} <= read_events

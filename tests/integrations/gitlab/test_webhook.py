"""What GitLab sends: signed, or with a token, read without guessing, and everything else kept with a reason."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.gitlab import webhook
from integrations.gitlab.account import account, instant, is_bot
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Ignored
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.gitlab.conftest import NOW
from tests.integrations.gitlab.lab import BEGAN, HOUR, MINUTE, PROJECT, SECRET, Lab, signed


def read(sent: dict[str, Any], lab: Lab, **settings: Any) -> dict[str, Any]:
    (told,) = webhook.facts(sent["event"], sent["body"], lab.settings(**settings))
    Parser(told.kind, "gitlab", None)(dict(told.values))
    return dict(told.values)


def test_a_delivery_is_named_by_its_key_and_not_by_the_uuid_that_others_share(lab: Lab) -> None:
    one, other = lab.deploy(BEGAN), lab.deploy(BEGAN)
    assert webhook.arrival(one["headers"], one["body"]) == Arrival(one["headers"]["idempotency-key"], "deployment")
    old = {"x-gitlab-event-uuid": "one-and-the-same"}
    names = {webhook.arrival(old, each["body"]).delivery_id for each in (one, one, other)}
    assert len(names) == 2
    assert webhook.arrival({}, b"{}").event == webhook.arrival({}, b"no").event == "unknown"


def test_any_secret_in_use_verifies_and_nothing_else_does(lab: Lab) -> None:
    body = lab.deploy(BEGAN)["body"]
    headers = signed(body, NOW)
    for secrets in ([SECRET], ["whsec_b2xk", SECRET], [SECRET, "plain"]):
        webhook.verify(headers, body, secrets, NOW)
    for wrong, content, secrets in (
        (headers, body + b" ", [SECRET]),
        (headers, body, ["whsec_b2xk"]),
        (headers | {"webhook-id": "other"}, body, [SECRET]),
        (headers | {"webhook-signature": "v1,"}, body, [SECRET]),
        (signed(body, NOW - HOUR), body, [SECRET]),
        ({}, body, [SECRET]),
    ):
        with pytest.raises(Rejected):
            webhook.verify(wrong, content, secrets, NOW)


def test_the_secret_token_of_older_webhooks_is_taken_as_well(lab: Lab) -> None:
    body = lab.deploy(BEGAN)["body"]
    webhook.verify({"x-gitlab-token": "plain"}, body, ["old", "plain"], NOW)
    for given in ("Plain", "", "plai"):
        with pytest.raises(Rejected, match="not signed and has no token"):
            webhook.verify({"x-gitlab-token": given}, body, ["plain"], NOW)


def test_each_event_is_a_fact(lab: Lab) -> None:
    lab.deploy(BEGAN)
    assert read(lab.turn(1000, "running", BEGAN + MINUTE), lab)["started_at"] == "2026-10-01T00:01:00Z"
    done = read(lab.turn(1000, "success", BEGAN + HOUR), lab)
    assert (done["status"], done["environment"], done["finished_at"], done["git_sha"]) == (
        "succeeded",
        "production",
        "2026-10-01T01:00:00Z",
        f"{1000:040x}",
    )
    assert read(lab.merge(5, BEGAN), lab)["merged_at"] == "2026-10-01T00:00:00Z"
    assert read(lab.run(BEGAN), lab)["started_at"] == "2026-10-01T00:01:00Z"
    assert read(lab.end(300, "canceled", BEGAN + HOUR), lab)["status"] == "cancelled"
    incident = read(lab.raise_incident(BEGAN, severity="CRITICAL"), lab)
    assert (incident["severity"], incident["service"], incident["status"]) == ("SEV1", "ranker", "open")
    assert read(lab.close(1, BEGAN + HOUR), lab)["restored_at"] == "2026-10-01T01:00:00Z"
    assert "restored_at" not in read(lab.reopen(1, BEGAN + 2 * HOUR), lab)


def test_of_one_second_the_word_that_goes_further_stands(lab: Lab) -> None:
    told = [read(lab.deploy(BEGAN), lab), *(read(lab.turn(1000, each, BEGAN), lab) for each in ("running", "success"))]
    times = [instant(each["updated_at"]) for each in told]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("labels", "key", "service"),
    [
        (["service::ranker", "service::search"], "service", "ranker"),
        (["app::ranker"], "app", "ranker"),
        (["app::ranker"], "service", PROJECT),
        (["service"], "service", PROJECT),
        (["::ranker"], "", PROJECT),
    ],
)
def test_an_incident_is_about_what_its_scoped_label_says_else_its_project(
    lab: Lab, labels: list[str], key: str, service: str
) -> None:
    assert read(lab.raise_incident(BEGAN, labels=labels), lab, service_label=key)["service"] == service


def test_cases_of_a_name_make_no_difference(lab: Lab) -> None:
    assert read(lab.merge(5, BEGAN), lab, projects=[PROJECT.title()])["external_id"] == f"{PROJECT.title()}!5"


@pytest.mark.parametrize(
    ("event", "said", "words"),
    [
        ("push", {}, "push says nothing"),
        ("invented_tomorrow", {}, "invented_tomorrow says nothing"),
        ("merge_request", {"object_attributes": {"action": "open"}}, "Only merge requests that are merged"),
        ("pipeline", {"object_attributes": {"name": "Lint", "status": "success"}}, "Nobody said what"),
        ("pipeline", {"object_attributes": {"name": "Nightly training", "status": "skipped"}}, "was skipped"),
        ("issue", {"object_attributes": {"type": "Issue"}}, "type Issue is no incident"),
        ("deployment", {"project": {"path_with_namespace": "acme/other"}}, "acme/other is not among"),
    ],
)
def test_what_is_not_counted_is_ignored_with_a_reason(lab: Lab, event: str, said: dict[str, Any], words: str) -> None:
    body = json.dumps({"project": {"path_with_namespace": PROJECT}} | said).encode()
    with pytest.raises(Ignored, match=words):
        webhook.facts(event, body, lab.settings())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no JSON object"),
        (b"{}", "lacks what it should have: KeyError"),
        (b'{"project": 7}', "lacks what it should have: TypeError"),
        (f'{{"project": {{"path_with_namespace": "{PROJECT}"}}}}'.encode(), "lacks what it should have: KeyError"),
    ],
)
def test_what_cannot_be_read_says_why(lab: Lab, body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("deployment", body, lab.settings())


@pytest.mark.parametrize(
    "text",
    ["2021-04-28 21:50:00 +0200", "2021-04-28 19:50:00 UTC", "2021-04-28T19:50:00.000Z", "2021-04-28 14:50:00 -0500"],
)
def test_times_are_read_however_gitlab_writes_them(text: str) -> None:
    assert instant(text) == datetime(2021, 4, 28, 19, 50, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2021-04-28 19:50:00", "yesterday", ""])
def test_a_time_that_is_none_or_has_no_zone_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        instant(text)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"projects": ["ranker"]}, "'ranker' is no project"),
        ({"projects": ["acme/../other?x"]}, "is no project"),
        ({"pipelines": ["train"]}, "says of no pipeline"),
        ({"pipelines": ["dance Nightly"]}, "says of no pipeline"),
    ],
)
def test_a_set_up_that_cannot_be_is_told(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        account(settings)


def test_a_pipeline_is_named_by_its_name_or_by_its_project() -> None:
    here = account({"pipelines": ["train Nightly training = ranker", f"deploy {PROJECT}"]})
    named, mine, other = (
        here.pipeline(project, name)
        for project, name in (("acme/x", "Nightly training"), (PROJECT, None), ("acme/x", None))
    )
    assert (named and (named.flow, named.model), mine and (mine.flow, mine.model), other) == (
        ("train", "ranker"),
        ("deploy", None),
        None,
    )


def test_users_of_tokens_are_bots() -> None:
    names = ["ana", "project_7_bot_abc", "group_9_bot", "renovate-bot", "robot"]
    assert [is_bot({"username": name}) for name in names] == [False, True, True, True, False]
    assert is_bot({}) is None and is_bot({"username": "ci", "bot": True}) is True


@pytest.mark.samples
def test_real_deliveries_are_read_or_ignored_and_their_facts_are_whole() -> None:
    folder = samples() / "gitlab" / "webhooks"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded deliveries here")
    found = {}
    for path in sorted(folder.glob("*.json")):
        body = path.read_bytes()
        project = (json.loads(body).get("project") or {}).get("path_with_namespace") or "acme/ranker"
        try:
            (told,) = webhook.facts(
                webhook.arrival({}, body).event, body, {"projects": [project], "pipelines": [f"train {project}"]}
            )
        except Ignored:
            continue
        assert Parser(told.kind, "gitlab", None)(dict(told.values)).external_id
        found[path.stem] = told.values
    assert sorted(found) == ["deployment", "pipeline"]
    assert found["deployment"]["finished_at"] == "2021-04-28T19:50:00Z" and found["deployment"]["version"] == "1.0.0"
    assert found["pipeline"]["started_at"] == "2016-08-12T15:23:40Z"

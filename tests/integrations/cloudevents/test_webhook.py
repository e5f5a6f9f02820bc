"""What senders of CDEvents send: in every mode the same, known by token or signature, and read without guessing."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.cloudevents import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import is_signed_standard
from ops_console.contracts.sources import Ignored, Note, Setup, Told
from tests.integrations.cloudevents.sent import (
    BEGAN,
    SOURCE,
    bare,
    batch,
    by_headers,
    deployed,
    envelope,
    event,
    incident,
    structured,
)

TOKEN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, SIGNED = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
"""The example that the libraries of Standard Webhooks are tested with."""


def read(body: bytes, kind: str = "unknown", **settings: Any) -> dict[str, Any]:
    (told,) = webhook.facts(kind, body, settings)
    assert isinstance(told, Told)
    return {**getattr(told, "begins", {}), **told.values}


def signed(**changes: str) -> dict[str, str]:
    names = {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE}
    return names | {name.replace("_", "-"): value for name, value in changes.items()}


def test_any_secret_in_use_verifies_and_nothing_else_does() -> None:
    moment = datetime.fromtimestamp(AT, BEGAN.tzinfo)
    good: list[dict[str, str]] = [
        {"authorization": f"Bearer {TOKEN}"},
        signed(),
        signed(webhook_signature=f"v1,AAAA v1a,other {SIGNATURE}"),
    ]
    for headers in good:
        for secrets in ([TOKEN], ["old", TOKEN], [TOKEN, "whsec_AAAA"]):
            webhook.verify(headers, SIGNED, secrets, moment)
    bad: list[dict[str, str]] = [
        {},
        {"authorization": "Bearer other"},
        signed(webhook_id="other"),
        signed(webhook_timestamp="soon"),
        signed(webhook_timestamp="9" * 400),
        signed(webhook_signature=""),
        signed(webhook_signature=SIGNATURE.replace("v1", "v2")),
        signed(webhook_signature="v1,é") | {"authorization": f"Bearer {TOKEN}"},
    ]
    for headers in bad:
        with pytest.raises(Rejected):
            webhook.verify(headers, SIGNED, [TOKEN], moment)
    assert not is_signed_standard(signed(), SIGNED + b" ", [TOKEN], moment)
    assert not is_signed_standard(signed(), SIGNED, ["no base64!"], moment)


def test_what_was_signed_more_than_five_minutes_ago_or_ahead_is_refused() -> None:
    moment = datetime.fromtimestamp(AT, BEGAN.tzinfo)
    for minutes, is_good in ((-6, False), (-5, True), (5, True), (6, False)):
        assert is_signed_standard(signed(), SIGNED, [TOKEN], moment + timedelta(minutes=minutes)) == is_good


def test_an_event_is_the_same_delivery_in_every_mode() -> None:
    said = deployed("deployed", "ranker", 0, "1.4.2")
    binary, whole, plain = (
        webhook.arrival(by_headers(said), bare(said)),
        webhook.arrival({}, structured(said)),
        webhook.arrival({}, bare(said)),
    )
    assert binary == whole == plain
    assert (binary.delivery_id, binary.event) == (
        "/delivery/eu#service.deployed-ranker-0",
        "dev.cdevents.service.deployed.0.3.0",
    )
    assert webhook.arrival({"ce-id": "%C3%A9%201", "ce-source": "/s", "ce-type": "t"}, b"").delivery_id == "/s#é 1"
    assert webhook.arrival({}, batch(said, said)).event == "batch of 2"
    for body in (b"{", b"7", b"{}"):
        assert webhook.arrival({}, body).event == "unknown"
    assert len(webhook.arrival({"ce-id": "x" * 999}, b"").delivery_id) == 64


def test_an_event_says_the_same_in_every_mode() -> None:
    said = deployed("deployed", "ranker", 0, "1.4.2")
    coded = {**envelope(said), "data_base64": base64.b64encode(bare(said)).decode()}
    del coded["data"]
    kinds = [bare(said), structured(said), batch(said), bare(coded)]
    assert all(read(each) == read(kinds[0]) for each in kinds)


@pytest.mark.parametrize(
    ("artifact", "version"),
    [
        ("pkg:oci/ranker@sha256%3A0b31?repository_url=x@y", "sha256:0b31"),
        ("pkg:generic/ranker@v1.4.2", "v1.4.2"),
        ("ranker-14", "ranker-14"),
    ],
)
def test_a_version_is_what_the_artifact_says(artifact: str, version: str) -> None:
    said = event("service.deployed", "ranker", 0, {"environment": {"id": "production"}, "artifactId": artifact})
    assert read(bare(said))["version"] == version


def test_only_what_the_settings_call_production_is_production() -> None:
    said = bare(deployed("upgraded", "ranker", 0, "1", "prod-eu"))
    assert (read(said)["environment"], read(said, production=["prod-eu"])["environment"]) == ("prod-eu", "production")
    broken = bare(incident("detected", "i", 0, "prod-eu"))
    assert read(broken, production=["prod-eu"])["service"] == "ranker"
    with pytest.raises(Ignored, match="none in production"):
        webhook.facts("", broken, {})


@pytest.mark.parametrize(
    ("resolution", "field"),
    [("completed", "done_at"), ("", "done_at"), ("wont_fix", "cancelled_at"), ("Duplicate", "cancelled_at")],
)
def test_a_ticket_is_done_unless_nothing_came_of_it(resolution: str, field: str) -> None:
    assert field in read(bare(event("ticket.closed", "T-1", 9, {"resolution": resolution})))


def test_only_tickets_of_the_types_named_are_requests() -> None:
    said = bare(event("ticket.created", "T-1", 0, {"summary": "A ranker", "ticketType": "bug"}))
    assert read(said)["kind"] == read(said, ticket_types=["Bug"])["kind"] == "bug"
    with pytest.raises(Ignored, match="type bug is no request"):
        webhook.facts("", said, {"ticket_types": ["task"]})


def test_settings_that_make_no_sense_are_refused_before_they_are_saved() -> None:
    setup = Setup("ce", {"production": ["prod-eu"], "pipelines": ["train ranker training"]})
    assert webhook.check(setup) == ("Production is prod-eu, production.", "Pipelines whose flow is known: 1.")
    for line in ("train", "ranker train"):
        with pytest.raises(Rejected, match="says of no pipeline"):
            webhook.check(Setup("ce", {"pipelines": [line]}))


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("com.example.sold", b'{"price": 1}', "com.example.sold says nothing"),
        ("unknown", bare(event("build.finished", "b", 0)), "build.finished.0.3.0 says nothing"),
        ("unknown", bare(event("service.published", "ranker", 0)), "nothing of its version"),
        ("unknown", bare(event("testsuiterun.finished", "t", 0, {"outcome": "pass"})), "which pipeline run"),
        ("batch of 0", b"[]", "no event"),
        ("batch of 2", batch(*[event("build.finished", "b", minute) for minute in (0, 1)]), "says nothing"),
    ],
)
def test_what_is_not_counted_is_ignored_with_a_reason(kind: str, body: bytes, words: str) -> None:
    with pytest.raises(Ignored, match=words):
        webhook.facts(kind, body, {})


def without(said: dict[str, Any], *path: str) -> bytes:
    copy = json.loads(bare(said))
    place = copy
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return bare(copy)


RUN = event("pipelinerun.finished", "r", 0, {"outcome": "success"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b"\xff", "no JSON"),
        (without(RUN, "subject", "id"), "KeyError 'id'"),
        (without(RUN, "context", "timestamp"), "KeyError 'timestamp'"),
        (without(RUN, "subject", "content", "outcome"), "KeyError 'outcome'"),
        (without(envelope(RUN), "data"), "KeyError 'data'"),
        (bare(event("pipelinerun.finished", "r", 0, {"outcome": "mixed"})), "mixed"),
        (bare(envelope(RUN) | {"data": 7}), "lacks what it should have"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("unknown", body, {})


def test_in_a_batch_nothing_stands_in_the_way_of_the_rest() -> None:
    broken = event("pipelinerun.finished", "r", 0)
    told = webhook.facts("", batch(broken, deployed("deployed", "ranker", 0, "1"), event("build.started", "b")), {})
    assert [each.kind for each in told if isinstance(each, Told)] == ["deployments"]
    assert [each.is_trouble for each in told if isinstance(each, Note)] == [True, False]
    assert SOURCE in str(told[0])

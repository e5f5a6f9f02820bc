"""What MLflow sends: signed lately by a secret in use, read without guessing, and all else kept with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.mlflow import webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival, Ignored, Piece, Told
from tests.integrations.mlflow.conftest import NOW
from tests.integrations.mlflow.tracking import BEGAN, SECRET, Sent, Tracking

AT = "2026-10-01T00:00:00Z"


def read(sent: Sent, tracking: Tracking, **settings: Any) -> list[Told]:
    return list(webhook.facts(sent["event"], sent["body"], tracking.settings(**settings)))


def ready_at(told: list[Told]) -> list[Any]:
    return [each.begins.get("ready_at") for each in told if isinstance(each, Piece)]


def test_a_delivery_names_itself_by_its_headers(tracking: Tracking) -> None:
    sent = tracking.version("ranker", BEGAN)
    named = Arrival(sent["headers"]["x-mlflow-delivery-id"], "model_version.created")
    assert webhook.arrival(sent["headers"], sent["body"]) == named
    assert webhook.arrival({}, b"{}") == webhook.arrival({}, b"{}") != webhook.arrival({}, b"[]")


def test_any_secret_in_use_verifies_and_nothing_else_does(tracking: Tracking) -> None:
    sent = tracking.version("ranker", BEGAN)
    headers, body = sent["headers"], sent["body"]
    for secrets in ([SECRET], ["old", SECRET], [SECRET, "new"]):
        webhook.verify(headers, body, secrets, NOW)
    for changed, content, secrets in (
        (headers, body + b" ", [SECRET]),
        (headers, body, ["old"]),
        (headers | {"x-mlflow-delivery-id": "other"}, body, [SECRET]),
        (headers | {"x-mlflow-timestamp": "soon"}, body, [SECRET]),
        (headers | {"x-mlflow-signature": headers["x-mlflow-signature"].replace("v1", "v2")}, body, [SECRET]),
        ({name: value for name, value in headers.items() if name != "x-mlflow-signature"}, body, [SECRET]),
        ({}, body, [SECRET]),
    ):
        with pytest.raises(Rejected):
            webhook.verify(changed, content, secrets, NOW)


def test_what_was_signed_more_than_five_minutes_ago_is_refused(tracking: Tracking) -> None:
    sent = tracking.version("ranker", BEGAN)
    webhook.verify(sent["headers"], sent["body"], [SECRET], NOW + timedelta(minutes=5))
    with pytest.raises(Rejected, match="older than five minutes"):
        webhook.verify(sent["headers"], sent["body"], [SECRET], NOW + timedelta(minutes=6))


def test_a_new_version_waits_for_the_poll_that_knows_it(tracking: Tracking) -> None:
    (told,) = read(tracking.version("ranker", BEGAN), tracking)
    assert isinstance(told, Piece)
    assert (told.values, told.begins) == ({"external_id": "ranker/1"}, {"created_at": AT})


def test_an_alias_is_a_place_and_the_rules_say_which_is_production(tracking: Tracking) -> None:
    tracking.version("ranker", BEGAN)
    for name, place in (("champion", "production"), ("Candidate", "candidate")):
        told = read(tracking.alias("ranker", name, "1", BEGAN), tracking)
        assert ready_at(told) == [None]
        assert told[1].values["environment"] == place
        assert told[1].values["finished_at"] == AT and "kind" not in told[1].values
    told = read(tracking.alias("ranker", "candidate", "1", BEGAN), tracking, ready=["alias candidate"])
    assert ready_at(told) == [AT]


def test_a_tag_makes_ready_or_live_where_a_rule_says_so(tracking: Tracking) -> None:
    tracking.version("ranker", BEGAN)
    sent = tracking.tag("ranker", "1", "validation_status", "approved", BEGAN)
    assert ready_at(read(sent, tracking)) == [AT]
    assert len(read(sent, tracking)) == 1
    told = read(sent, tracking, production=["tag validation_status=approved"], ready=[])
    assert ready_at(told) == [None] and told[1].values["environment"] == "production"
    sent = tracking.version("ranker", BEGAN, tags={"validation_status": "approved", "mlflow.user": "ana"})
    assert ready_at(read(sent, tracking)) == [None, AT]


def test_where_nobody_chose_the_words_of_a_mark_decide(tracking: Tracking) -> None:
    tracking.version("ranker", BEGAN)
    nobody = {"ready": None, "production": None}
    for name, place in (("production", "production"), ("pre-prod", "pre-prod"), ("live", "production")):
        told = read(tracking.alias("ranker", name, "1", BEGAN), tracking, **nobody)
        assert told[1].values["environment"] == place
    for value, expected in (("approved", AT), ("not approved", None), ("no", None)):
        sent = tracking.tag("ranker", "1", "validation", value, BEGAN)
        assert ready_at(read(sent, tracking, **nobody)) == [expected]


def test_what_is_too_long_to_be_a_name_has_one_of_its_own(tracking: Tracking) -> None:
    tracking.version("r" * 256, BEGAN)
    told = read(tracking.alias("r" * 256, "a" * 250, "1", BEGAN), tracking)
    assert all(len(each.values["external_id"]) <= 300 for each in told)


@pytest.mark.parametrize(
    ("event", "said", "words"),
    [
        ("registered_model.created", {"name": "ranker"}, "registered_model.created says nothing"),
        ("model_version_alias.deleted", {"name": "ranker", "alias": "champion"}, "says nothing"),
        ("prompt_alias.created", {"name": "greeting", "alias": "live", "version": "1"}, "says nothing"),
        ("model_version_tag.set", {"name": "r", "version": "1", "key": "mlflow.user", "value": "a"}, "decide nothing"),
        ("model_version.created", {"name": "example_model", "version": "1"}, "tried the webhook out"),
    ],
)
def test_what_is_not_counted_is_ignored_with_a_reason(
    tracking: Tracking, event: str, said: dict[str, Any], words: str
) -> None:
    entity, _, action = event.partition(".")
    sent = tracking.webhook(entity, action, BEGAN, said)
    with pytest.raises(Ignored, match=words):
        webhook.facts(event, sent["body"], tracking.settings())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe", "no JSON object"),
        (b"{}", "lacks what it should have: KeyError"),
        (b'{"data": {}, "timestamp": "soon"}', "lacks what it should have: ValueError"),
        (b'{"data": 7, "timestamp": "2026-10-01T00:00:00+00:00"}', "lacks what it should have: TypeError"),
    ],
)
def test_what_cannot_be_read_says_why(tracking: Tracking, body: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("model_version_alias.created", body, {})

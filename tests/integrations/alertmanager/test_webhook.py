"""What Alertmanager sends: known by a secret, read without guessing, and whatever is missing is said."""

import base64
import json
from typing import Any

import pytest

from integrations.alertmanager import MANIFEST, webhook
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Ignored, Note, Setup, Told
from ops_console.ingest.parse import Parser
from tests.conftest import samples, skip_or_fail
from tests.integrations.alertmanager.group import BEGAN, SECRET, alert, body


def read(*alerts: dict[str, Any], settings: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    told = webhook.facts("alerts", body(*alerts), settings or {})
    return [dict(each.values) for each in told if isinstance(each, Told)]


def basic(words: str) -> str:
    return "Basic " + base64.b64encode(words.encode()).decode()


def test_any_secret_in_use_verifies_and_nothing_else_does() -> None:
    for given in (f"Bearer {SECRET}", f"bearer  {SECRET} ", basic(f"alertmanager:{SECRET}"), basic(f":{SECRET}")):
        for secrets in ([SECRET], ["old", SECRET], [SECRET, "new"]):
            webhook.verify({"authorization": given}, b"{}", secrets, BEGAN)
    for given in ("", "Bearer", "Bearer old", SECRET, basic(SECRET), "Basic ?", "Basic /w==", f"Digest {SECRET}"):
        with pytest.raises(Rejected):
            webhook.verify({"authorization": given}, b"{}", [SECRET], BEGAN)
    with pytest.raises(Rejected, match="Neither a token nor a password"):
        webhook.verify({}, b"{}", [SECRET], BEGAN)


def test_the_same_words_are_the_same_delivery() -> None:
    first, again, other = (webhook.arrival({}, each) for each in (b"{}", b"{}", b"[]"))
    assert first == again != other


def test_an_alert_is_what_fired_since_when_whatever_the_zone_it_is_told_in() -> None:
    here, there = alert("Slow"), alert("Slow")
    there["startsAt"] = "2026-10-01T13:30:00.0000004+05:30"
    (one,), (other,) = read(here), read(there)
    assert one["external_id"] == other["external_id"] and one["fingerprint"] == other["fingerprint"]
    assert read(alert("Slow", minute=1))[0]["external_id"] != one["external_id"]
    assert read(alert("Slow", pod="b"))[0]["external_id"] != one["external_id"]


def test_it_ends_when_it_is_resolved_and_not_before() -> None:
    (firing,), (resolved,) = read(alert("Slow")), read(alert("Slow", lasted=30))
    assert "ended_at" not in firing and resolved["ended_at"] == "2026-10-01T08:30:00+00:00"
    expected_end = alert("Slow") | {"endsAt": "2026-10-01T08:04:00Z"}
    assert "ended_at" not in read(expected_end)[0]


@pytest.mark.parametrize(("severity", "class_"), [("critical", "page"), ("WARNING", "ticket"), ("info", None)])
def test_its_severity_says_whether_it_interrupts(severity: str, class_: str | None) -> None:
    assert read(alert("Slow", severity=severity))[0].get("class") == class_


def test_the_settings_say_which_labels_mean_what() -> None:
    said = alert("Slow", urgency="very high", ml_model="ranker", app="")
    settings = {"severity_label": "urgency", "classes": ["Very high page"], "model_label": "ml_model"}
    (told,) = read(said, settings=settings | {"service_label": "app"})
    assert (told["class"], told["model"]) == ("page", "ranker") and "service" not in told


def test_settings_that_make_no_sense_are_refused_before_they_are_saved() -> None:
    assert webhook.check(Setup("am", {})) == ("Severities with a class: 4.",)
    for line in ("critical", "critical call", " page"):
        with pytest.raises(Rejected, match="names no severity"):
            webhook.check(Setup("am", {"classes": [line]}))


def test_the_defaults_of_the_form_are_those_of_the_code() -> None:
    shown = {each.name: each.default.splitlines() if each.many else each.default for each in MANIFEST.options}
    said = alert("Slow", model="ranker", service="search")
    assert read(said, settings=shown) == read(said)


def test_what_is_missing_is_said_beside_what_is_there() -> None:
    told = webhook.facts("alerts", body(alert("Slow"), alert("Watchdog"), truncatedAlerts=3), {})
    assert [each.words for each in told if isinstance(each, Note)] == [
        "Left out by name, as the settings say: 1.",
        "Not sent by Alertmanager, whose max_alerts is too small: 3.",
    ]
    assert len(webhook.facts("alerts", body(alert("Watchdog")), {"left_out": []})) == 1


@pytest.mark.parametrize(("alerts", "words"), [([], "tells of no alert"), ([alert("Watchdog")], "Left out by name")])
def test_what_is_not_counted_is_ignored_with_a_reason(alerts: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(Ignored, match=words):
        webhook.facts("alerts", body(*alerts), {})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"\xff", "no JSON object"),
        (b"{}", "lacks what it should have: KeyError 'alerts'"),
        (b'{"alerts": [7]}', "lacks what it should have"),
        (body({"labels": {}, "status": "firing"}), "KeyError 'startsAt'"),
        (body(alert("Slow") | {"startsAt": "yesterday"}), "yesterday"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        webhook.facts("alerts", content, {})


@pytest.mark.samples
def test_real_deliveries_are_read_and_a_missing_fingerprint_is_the_one_alertmanager_makes() -> None:
    folder = samples() / "alertmanager"
    if not folder.is_dir():
        skip_or_fail("samples", "no recorded deliveries here")
    for path in sorted(folder.glob("webhook_v4*.json")):
        said = json.loads(path.read_bytes())
        told = [each for each in webhook.facts("alerts", json.dumps(said).encode(), {}) if isinstance(each, Told)]
        for each in told:
            assert Parser("alerts", "am", None)(dict(each.values)).external_id
        for each in said["alerts"]:
            each.pop("fingerprint", None)
        assert list(webhook.facts("alerts", json.dumps(said).encode(), {})) == told

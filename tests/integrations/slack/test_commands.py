"""Requests of Slack: signed and fresh, read as calls; callers are those whom this workspace vouches for."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from integrations.slack import commands, forms
from ops_console.contracts.commands import Blank, Call, Form, Heard, Line, What
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.core.clock import now
from tests.integrations.slack.asking import FORM_TYPE, JSON_TYPE, SECRET, Slack, member, signed

CHALLENGE = b'{"type": "url_verification", "challenge": "c1"}'
CALL = Call("c", What.COMMAND, "U1", reply="", trigger="t1")


@pytest.fixture
def slack(httpserver: HTTPServer) -> Slack:
    return Slack(httpserver, users={"U1": member("ana@example.com")}).open()


def hear(slack: Slack, request: tuple[bytes, dict[str, str]], at: datetime | None = None, **settings: Any) -> Heard:
    body, headers = request
    lower = {name.lower(): value for name, value in headers.items()}
    return commands.hear(lower, body, slack.settings(**settings), at or now())


def test_the_signature_is_that_of_slacks_own_example(slack: Slack) -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    headers = {"Content-Type": FORM_TYPE, "X-Slack-Request-Timestamp": "1531420618", "X-Slack-Signature": signature}
    found = hear(slack, (body, headers), datetime.fromtimestamp(1531420618, UTC)).call
    assert found is not None and found.caller == "U2CERLKJA"


def test_an_address_is_verified_by_its_challenge(slack: Slack) -> None:
    assert hear(slack, signed(CHALLENGE, JSON_TYPE)) == Heard(None, {"challenge": "c1"})


@pytest.mark.parametrize("late", [301, -301])
def test_what_is_older_or_newer_than_five_minutes_is_refused(slack: Slack, late: int) -> None:
    with pytest.raises(Rejected, match="too old"):
        hear(slack, signed(CHALLENGE, JSON_TYPE, late=late))


def test_two_secrets_hold_while_one_replaces_the_other(slack: Slack) -> None:
    both = f"new-secret\n{SECRET}"
    for secret in ("new-secret", SECRET):
        assert hear(slack, signed(CHALLENGE, JSON_TYPE, secret), slack_signing_secret=both).answer
    with pytest.raises(Rejected, match="wrong"):
        hear(slack, signed(CHALLENGE, JSON_TYPE, "third"), slack_signing_secret=both)


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_without_signature_or_time_it_is_refused(slack: Slack, name: str) -> None:
    body, headers = signed(CHALLENGE, JSON_TYPE)
    for value in ("", "v0=", "²", "nonsense"):
        with pytest.raises(Rejected):
            hear(slack, (body, headers | {name: value}))


def test_a_changed_body_is_refused(slack: Slack) -> None:
    body, headers = slack.command("incident")
    with pytest.raises(Rejected, match="wrong"):
        hear(slack, (body + b"&text=more", headers))


def test_without_a_secret_nothing_listens(slack: Slack) -> None:
    assert commands.is_ready(slack.settings())
    assert not commands.is_ready(slack.settings(slack_signing_secret=""))
    with pytest.raises(Rejected):
        hear(slack, signed(CHALLENGE, JSON_TYPE, ""), slack_signing_secret="")


@pytest.mark.parametrize(
    "body",
    [b"not json", b"[]", b"{}", b'{"type": "event_callback"}', b'{"type": "event_callback", "event": {}}', b"\xff"],
)
def test_what_cannot_be_read_is_refused_without_repeating_it(slack: Slack, body: bytes) -> None:
    with pytest.raises(Rejected, match="lacks what it should have"):
        hear(slack, signed(body, JSON_TYPE))


@pytest.mark.parametrize(
    "request_of",
    [
        lambda _slack: signed(b'{"type": "event_callback", "event": {"type": "app_home_opened"}}', JSON_TYPE),
        lambda _slack: signed(b'{"type": "app_rate_limited"}', JSON_TYPE),
        lambda _slack: signed(b"ssl_check=1&token=x", FORM_TYPE),
        lambda slack: slack.shared("https://console.example/incidents/1", is_ext_shared_channel=True),
    ],
)
def test_what_says_nothing_to_us_is_answered_with_success(slack: Slack, request_of: Any) -> None:
    assert hear(slack, request_of(slack)) == Heard(None)


def test_a_repetition_shares_its_id_and_says_that_it_is_one(slack: Slack) -> None:
    first = hear(slack, slack.shared("https://console.example/incidents/1"))
    body, headers = slack.shared("https://console.example/incidents/1")
    again = hear(slack, (body, headers | {"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"}))
    assert (first.call, first.again, again.again) == (again.call, 0, 2)


def test_a_trigger_is_not_kept_as_a_name(slack: Slack) -> None:
    found = hear(slack, slack.command("incident", trigger="13345224609.738474920")).call
    assert found is not None and "13345224609" not in found.call_id


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, "ana@example.com"),
        ({"deleted": True}, ""),
        ({"is_bot": True}, ""),
        ({"is_stranger": True}, ""),
        ({"is_email_confirmed": False}, ""),
        ({"team_id": "T9"}, ""),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T1"]}}, "ana@example.com"),
    ],
)
def test_only_members_with_a_confirmed_address_are_somebody(
    slack: Slack, changes: dict[str, Any], address: str
) -> None:
    slack.users["U1"] = member("ana@example.com", **changes)
    assert commands.address_of(CALL, slack.settings()) == address


@pytest.mark.parametrize("answer", [429, 500, "ratelimited", "internal_error"])
def test_slack_being_busy_is_for_later(slack: Slack, answer: str | int) -> None:
    slack.answers["users.info"] = [answer]
    with pytest.raises(Unavailable):
        commands.address_of(CALL, slack.settings())


def test_a_missing_scope_is_named(slack: Slack) -> None:
    slack.answers["users.info"] = ["missing_scope"]
    with pytest.raises(Rejected) as refused:
        commands.address_of(CALL, slack.settings())
    assert "users:read.email" in refused.value.remedy


def test_a_form_that_comes_too_late_is_asked_for_again(slack: Slack) -> None:
    form = Form("incident", "Open an incident", "Open", [Blank("title", "Title")])
    with pytest.raises(Rejected, match="three seconds"):
        commands.ask(CALL, form, slack.settings())


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "http://hooks.slack.com/x", "https://notslack.com/x", ""]
)
def test_answers_go_to_slack_and_nowhere_else(slack: Slack, address: str) -> None:
    with pytest.raises(Rejected, match="not go to Slack"):
        commands.say(Call("c", What.COMMAND, "U1", reply=address), [Line("x")], slack.settings())


def test_markup_in_names_stays_text() -> None:
    assert forms.answer((Line("<!channel> & co", "https://x/1"),)) == "<https://x/1|&lt;!channel&gt; &amp; co>"


@given(st.text(max_size=1200))
def test_whatever_a_message_says_its_form_keeps_within_slacks_limit(text: str) -> None:
    form = Form("timeline", "Add to timeline", "Add", [], carried={"channel": "C1", "ts": "1.2", "text": text})
    kept = forms.modal(form, Call("c", What.MESSAGE, "U1", reply="https://hooks.slack.com/" + "x" * 100))
    assert len(kept["private_metadata"]) <= 3000
    assert text.startswith(json.loads(kept["private_metadata"])["carried"]["text"])


def test_a_message_is_quoted_with_its_time_and_its_link(slack: Slack) -> None:
    about = {"channel": "C1", "ts": "1793782800.000100", "text": "See <https://g.example|the graph> &amp; weep\n<@U2>"}
    found = commands.quoted(Call("c", What.FORM, "U1", carried=about), slack.settings())
    assert (found.origin, found.text) == ("slack:C1:1793782800.000100", "See the graph & weep @U2")
    assert found.at - datetime(2026, 11, 4, 9, tzinfo=UTC) < timedelta(seconds=1)
    assert found.link == "https://team.slack.example/archives/C1/p1793782800000100"

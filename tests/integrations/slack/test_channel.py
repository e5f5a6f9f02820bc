"""Reports reach Slack once, details follow in the thread, and every refusal has one meaning for us."""

import socket

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.slack import channel, pace
from ops_console.contracts.integration import Attachment, Receipt, Rejected, Unavailable, Unclear
from ops_console.core.settings import Settings
from tests.integrations.slack.workspace import CHANNEL, Workspace
from tests.reporting import documents

PDF = Attachment("monthly_operations_2026-10.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the channel would have waited."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    pace._next.clear()
    return waits


@pytest.fixture
def slack(httpserver: HTTPServer, slept: list[float]) -> Workspace:
    return Workspace(httpserver).open()


def send(slack: Workspace, **changes: object) -> Receipt:
    settings = slack.settings(**changes)
    two_tables = documents.section(documents.table(), documents.table(caption="More"))
    return channel.send(
        documents.document(two_tables), CHANNEL, settings, images={}, attachments=(PDF,), delivery_id="r-2026-10-1.abc"
    )


def test_one_message_with_its_details_in_the_thread(slack: Workspace) -> None:
    receipt = send(slack)
    assert receipt == Receipt(slack.main["ts"])
    assert [reply["thread_ts"] for reply in slack.replies] == [slack.main["ts"]]
    assert len(slack.messages) == 2


def test_links_are_not_unfurled(slack: Workspace) -> None:
    send(slack)
    assert (slack.main["unfurl_links"], slack.main["unfurl_media"]) == (False, False)


def test_the_message_says_which_delivery_it_is(slack: Workspace) -> None:
    send(slack)
    assert slack.main["metadata"]["event_payload"] == {"delivery_id": "r-2026-10-1.abc"}


def test_the_pdf_is_uploaded_into_the_thread(slack: Workspace) -> None:
    send(slack)
    assert slack.uploads == {"F1": b"%PDF-1.7"}
    assert (slack.files[0]["thread_ts"], slack.files[0]["channel_id"]) == (slack.main["ts"], CHANNEL)


def test_at_most_one_message_a_second_per_channel(slack: Workspace, slept: list[float]) -> None:
    send(slack)
    assert len(slept) == 2  # the reply and the upload each wait for their turn
    assert all(0 < wait <= 2 for wait in slept)


def test_channels_do_not_wait_for_each_other(slept: list[float]) -> None:
    pace.wait_for_turn("C1")
    pace.wait_for_turn("C2")
    assert slept == []


def test_a_rate_limit_says_when_to_come_back(slack: Workspace) -> None:
    slack.answers["chat.postMessage"] = ["429"]
    with pytest.raises(Unavailable) as waiting:
        send(slack)
    assert waiting.value.retry_after == 7
    assert slack.messages == []


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("invalid_auth", "OPS_CONSOLE_SLACK_TOKEN"),
        ("token_revoked", "OPS_CONSOLE_SLACK_TOKEN"),
        ("channel_not_found", "invite the app"),
        ("not_in_channel", "invite the app"),
        ("missing_scope", "Add files:write"),
        ("msg_too_long", "app's settings"),
    ],
)
def test_a_refusal_names_what_a_person_must_do(slack: Workspace, error: str, remedy: str) -> None:
    slack.answers["chat.postMessage"] = [error]
    with pytest.raises(Rejected) as refused:
        send(slack)
    assert remedy in refused.value.remedy


def test_a_wrong_token_is_refused_and_never_shown(slack: Workspace) -> None:
    with pytest.raises(Rejected, match="invalid_auth") as refused:
        send(slack, slack_token="xoxb-wrong")
    assert "xoxb" not in str(refused.value)


@pytest.mark.parametrize("error", ["internal_error", "fatal_error"])
def test_slack_breaking_down_leaves_it_open_whether_the_message_was_posted(slack: Workspace, error: str) -> None:
    slack.answers["chat.postMessage"] = [error]
    with pytest.raises(Unclear, match="may have been posted"):
        send(slack)


def test_a_proxy_error_page_is_no_proof_either_way(httpserver: HTTPServer, slept: list[float]) -> None:
    httpserver.expect_request("/api/chat.postMessage").respond_with_data("<html>Bad gateway", status=502)
    with pytest.raises(Unclear):
        send(Workspace(httpserver))


def test_a_slow_answer_is_never_taken_for_a_refusal(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pause = __import__("threading").Event()

    def slow(request: Request) -> Response:
        pause.wait(5)
        return Response("{}")

    monkeypatch.setattr(channel, "TIMEOUT", 0.2)
    httpserver.expect_request("/api/chat.postMessage").respond_with_handler(slow)
    with pytest.raises(Unclear, match="broke before it answered"):
        send(Workspace(httpserver))
    pause.set()


def test_no_slack_at_the_address_is_for_later() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings = Settings(slack_token="x", slack_api_url=f"http://127.0.0.1:{free.getsockname()[1]}/api/")
    with pytest.raises(Unavailable, match="cannot be reached"):
        channel.send(documents.document(), CHANNEL, settings, images={}, delivery_id="r.1")


def test_details_that_do_not_arrive_are_named_and_the_message_is_not_repeated(slack: Workspace) -> None:
    slack.answers = {"chat.postMessage": [None, "not_in_channel"], "files.getUploadURLExternal": ["missing_scope"]}
    receipt = send(slack)
    assert len(slack.messages) == 1
    assert "More did not arrive" in receipt.note
    assert "monthly_operations_2026-10.pdf did not arrive" in receipt.note


def test_details_wait_once_where_slack_asks_to(slack: Workspace, slept: list[float]) -> None:
    slack.answers["chat.postMessage"] = [None, "429"]
    assert send(slack).note == ""
    assert 7.0 in slept


def test_a_lost_message_is_found_by_its_delivery(slack: Workspace) -> None:
    send(slack)
    found = channel.find("r-2026-10-1.abc", CHANNEL, slack.settings(), since=documents.AS_OF)
    assert found and found.reference == slack.main["ts"]


def test_a_message_that_is_not_there_is_not_found_however_many_pages_there_are(slack: Workspace) -> None:
    slack.pages = 3
    assert channel.find("r-2026-10-1.abc", CHANNEL, slack.settings(), since=documents.AS_OF) is None


def test_a_channel_too_busy_to_search_leaves_the_question_open(slack: Workspace) -> None:
    slack.pages = 99
    with pytest.raises(Unclear, match="too many messages"):
        channel.find("r-2026-10-1.abc", CHANNEL, slack.settings(), since=documents.AS_OF)


def test_without_the_history_scope_the_question_stays_open(slack: Workspace) -> None:
    slack.answers["conversations.history"] = ["missing_scope"]
    with pytest.raises(Rejected, match="lacks a scope"):
        channel.find("r-2026-10-1.abc", CHANNEL, slack.settings(), since=documents.AS_OF)


def test_reports_go_to_the_channel_that_is_set_and_nowhere_without_a_token() -> None:
    assert channel.recipients(Settings(slack_channel=CHANNEL)) == []
    assert channel.recipients(Settings(slack_token="x")) == []
    assert channel.recipients(Settings(slack_token="x", slack_channel=CHANNEL)) == [CHANNEL]
    assert channel.owner(Settings(slack_token="x", slack_channel=CHANNEL)) == CHANNEL


ANA = "ana@example.com"


def remind(slack: Workspace, address: str = ANA) -> Receipt:
    settings = slack.settings(base_url="https://console.example/")
    to = channel.person(address, settings)
    reminder = documents.document(documents.section(documents.table()))
    return channel.send(reminder, to, settings, images={}, delivery_id="reminder-2026-01-09.abc")


def test_a_reminder_is_a_direct_message_to_the_person_with_this_address(slack: Workspace) -> None:
    slack.people[ANA] = "U1"
    remind(slack)
    assert slack.main["channel"] == "DU1"
    assert "https://console.example/reports/unsubscribe/reminder-2026-01-09.abc" in str(slack.main["blocks"][-1])


def test_nobody_in_the_workspace_is_a_refusal_that_took_nothing(slack: Workspace) -> None:
    with pytest.raises(Rejected, match="users_not_found"):
        remind(slack, "guest@example.com")
    assert slack.messages == []


@pytest.mark.parametrize("method", ["users.lookupByEmail", "conversations.open"])
def test_a_scope_that_reminders_need_is_named(slack: Workspace, method: str) -> None:
    slack.people[ANA], slack.answers[method] = "U1", ["missing_scope"]
    with pytest.raises(Rejected, match="lacks a scope"):
        remind(slack)
    assert slack.messages == []


def test_a_lost_reminder_is_found_in_what_the_app_and_the_person_said(slack: Workspace) -> None:
    slack.people[ANA] = "U1"
    sent, settings = remind(slack), slack.settings()
    to = channel.person(ANA, settings)
    found = channel.find("reminder-2026-01-09.abc", to, settings, since=documents.document().as_of)
    assert found is not None and found.reference == sent.reference


def test_without_a_token_nobody_is_reminded_by_slack(slack: Workspace) -> None:
    assert channel.person(ANA, slack.settings(slack_token="")) == ""

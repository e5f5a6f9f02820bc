"""Posts a report to a Slack channel: one message, its details and the PDF in the thread."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from integrations.slack import blocks
from integrations.slack.errors import outcome
from integrations.slack.message import message, thread, title
from integrations.slack.pace import wait_for_turn
from ops_console.contracts.document import Document
from ops_console.contracts.integration import Attachment, Receipt, Rejected, Unavailable, Unclear
from ops_console.core.settings import Settings

PERSON = "@"
"""What marks a recipient as the address of a person; a channel has an id."""
EVENT = "ops_console_report"
TIMEOUT = 30
PATIENCE = 60.0
"""How long details may wait for Slack; the message itself is delivered by then."""
PAGE, PAGES = 200, 5


def recipients(settings: Settings) -> list[str]:
    """The one channel, if a token and a channel are set."""
    if not settings.slack_token.get_secret_value():
        return []
    return [settings.slack_channel] if settings.slack_channel else []


def owner(settings: Settings) -> str:
    """Failures of other channels are told where the report is read."""
    return next(iter(recipients(settings)), "")


def person(address: str, settings: Settings) -> str:
    """The address, marked as that of a person; Slack says whether it knows it when a message is sent."""
    return f"{PERSON}{address}" if settings.slack_token.get_secret_value() else ""


def send(
    document: Document,
    to: str,
    settings: Settings,
    *,
    images: Mapping[str, bytes],  # noqa: ARG001  (the PDF in the thread carries the charts)
    attachments: tuple[Attachment, ...] = (),
    delivery_id: str,
) -> Receipt:
    """Post the message; details that do not arrive are named on the receipt, never the reason for a second message."""
    client = _client(settings)
    main = message(document)
    if to.startswith(PERSON):
        main.blocks.append(blocks.context(f"<{_stop_link(settings, delivery_id)}|Stop these messages>"))
    metadata = {"event_type": EVENT, "event_payload": {"delivery_id": delivery_id}}
    posted = _post(client, _conversation(client, to), text=main.text, blocks=main.blocks, metadata=metadata)
    missing = _details(client, document, posted["channel"], posted["ts"], attachments)
    return Receipt(posted["ts"], note=" ".join(missing))


def find(delivery_id: str, to: str, settings: Settings, *, since: datetime) -> Receipt | None:
    """Look for the message by the delivery id in its metadata."""
    client, cursor = _client(settings), None
    place = _conversation(client, to)
    for _ in range(PAGES):
        found = _asked(
            client.conversations_history,
            channel=place,
            oldest=str(since.timestamp()),
            include_all_metadata=True,
            limit=PAGE,
            cursor=cursor,
        )
        for posted in found.get("messages", []):
            if posted.get("metadata", {}).get("event_payload", {}).get("delivery_id") == delivery_id:
                return Receipt(posted["ts"], note="Found in the channel after a lost answer.")
        cursor = (found.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
    raise Unclear("The channel has too many messages to look through.")


def rendered(
    document: Document,
    settings: Settings,  # noqa: ARG001  (the interface fixes its arguments)
    *,
    images: Mapping[str, bytes],  # noqa: ARG001
    attachments: tuple[Attachment, ...] = (),  # noqa: ARG001
) -> tuple[Attachment, ...]:
    """The message as JSON for Slack's Block Kit Builder, and the thread's messages."""
    whole = message(document).as_json() | {"thread": [reply.as_json() for reply in thread(document)]}
    return (Attachment("slack.json", "application/json", json.dumps(whole, indent=1, ensure_ascii=False).encode()),)


def _client(settings: Settings) -> WebClient:
    # The SDK's own retries would post again after a lost connection.
    return WebClient(
        token=settings.slack_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=TIMEOUT,
        retry_handlers=[],
    )


def _conversation(client: WebClient, to: str) -> str:
    """Where a message to a recipient is posted: the channel, or what the app and the person say to each other."""
    if not to.startswith(PERSON):
        return to
    known = _asked(client.users_lookupByEmail, email=to.removeprefix(PERSON))
    opened = _asked(client.conversations_open, users=known["user"]["id"])
    return str(opened["channel"]["id"])


def _stop_link(settings: Settings, delivery_id: str) -> str:
    return f"{settings.base_url.rstrip('/')}/reports/unsubscribe/{delivery_id}"


def _post(client: WebClient, to: str, **content: Any) -> Any:
    wait_for_turn(to)
    return _asked(client.chat_postMessage, channel=to, unfurl_links=False, unfurl_media=False, **content)


def _asked(method: Callable[..., Any], **said: Any) -> Any:
    try:
        return method(**said)
    except SlackApiError as error:
        raise outcome(error) from error
    except (TimeoutError, HTTPException, ConnectionError) as error:
        raise _lost(error) from error
    except URLError as error:
        raise _lost(error.reason if isinstance(error.reason, OSError) else error) from error
    except SlackClientError as error:
        raise Unclear("Slack's answer cannot be read.") from error


def _lost(error: Exception) -> Unavailable | Unclear:
    """A connection that was never made brought nothing; one that broke may have."""
    if isinstance(error, TimeoutError | HTTPException | ConnectionResetError | BrokenPipeError):
        return Unclear("The connection to Slack broke before it answered.")
    return Unavailable(f"Slack cannot be reached: {error}.", remedy="Check the network and OPS_CONSOLE_SLACK_API_URL.")


def _details(
    client: WebClient, document: Document, channel: str, ts: str, attachments: tuple[Attachment, ...]
) -> list[str]:
    """Post tables and files into the thread; returns a sentence for each that did not arrive."""
    missing = []
    for reply in thread(document):
        try:
            _patiently(partial(_post, client, channel, thread_ts=ts, text=reply.text, blocks=reply.blocks))
        except (Unavailable, Unclear, Rejected) as error:
            missing.append(f"{reply.text} did not arrive: {error}")
    for file in attachments:
        try:
            _patiently(partial(_upload, client, document, channel, ts, file))
        except (Unavailable, Unclear, Rejected) as error:
            missing.append(f"{file.name} did not arrive: {error}")
    return missing


def _upload(client: WebClient, document: Document, channel: str, ts: str, file: Attachment) -> Any:
    wait_for_turn(channel)
    return _asked(
        client.files_upload_v2,
        channel=channel,
        thread_ts=ts,
        filename=file.name,
        content=file.content,
        title=title(document),
        request_file_info=False,
    )


def _patiently(call: Callable[[], Any]) -> Any:
    """Obey one `Retry-After`; details need not arrive at any price."""
    try:
        return call()
    except Unavailable as error:
        if error.retry_after is None or error.retry_after > PATIENCE:
            raise
        time.sleep(error.retry_after)
    return call()

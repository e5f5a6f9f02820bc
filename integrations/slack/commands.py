"""`/ops` and shortcuts in Slack: signed requests in, forms and answers out."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from integrations.slack import forms, requests
from integrations.slack.signature import verify
from integrations.slack.web_api import asked, done, replied
from ops_console.contracts.commands import Call, Card, Form, Heard, Line, Quote
from ops_console.contracts.integration import Rejected
from ops_console.core.settings import Settings

MOST = 100
"""Options of a select menu: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element"""
LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def is_ready(settings: Settings) -> bool:
    return bool(_secrets(settings) and settings.slack_token.get_secret_value())


def hear(headers: Mapping[str, str], body: bytes, settings: Settings, now: datetime) -> Heard:
    verify(headers, body, _secrets(settings), now)
    return requests.heard(headers, body)


def address_of(call: Call, settings: Settings) -> str:
    """Only for members of this workspace whose address Slack has confirmed: another company names its own people."""
    user = asked("users.info", settings, user=call.caller)["user"]
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or not user.get("is_email_confirmed"):
        return ""
    team = asked("auth.test", settings)["team_id"]
    if team not in {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", [])}:
        return ""
    return str((user.get("profile") or {}).get("email") or "")


def quoted(call: Call, settings: Settings) -> Quote:
    about = call.carried
    channel, ts = about["channel"], about["ts"]
    link = asked("chat.getPermalink", settings, channel=channel, message_ts=ts)["permalink"]
    return Quote(f"slack:{channel}:{ts}", datetime.fromtimestamp(float(ts), UTC), _plain(about["text"]), str(link))


def say(call: Call, lines: Sequence[Line], settings: Settings) -> None:
    replied(call.reply, settings, forms.answer(tuple(lines)))


def ask(call: Call, form: Form, settings: Settings) -> None:
    try:
        done("views.open", settings, trigger_id=call.trigger, view=forms.modal(form, call))
    except Rejected as error:
        if "expired_trigger_id" not in str(error):
            raise
        raise Rejected("Slack waits three seconds for a form and it came later.", remedy="Ask once more.") from None


def show(call: Call, cards: Mapping[str, Card], settings: Settings) -> None:
    place: dict[str, Any] = json.loads(call.reply)
    done("chat.unfurl", settings, unfurls={link: forms.card(told, link) for link, told in cards.items()}, **place)


def _secrets(settings: Settings) -> list[str]:
    return settings.slack_signing_secret.get_secret_value().split()


def _plain(text: str) -> str:
    """Without Slack's markup: links by their words, on one line."""
    return " ".join(html.unescape(LINK.sub(lambda found: found[2] or found[1], text)).split())

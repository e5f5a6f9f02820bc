"""Slack's answers as our three outcomes: https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

from slack_sdk.errors import SlackApiError

from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.core.errors import OpsConsoleError

TOKEN = "Set OPS_CONSOLE_SLACK_TOKEN to a valid bot token and restart."  # noqa: S105  (a sentence, no secret)
CHANNEL = "Check OPS_CONSOLE_SLACK_CHANNEL (a channel id, C…) and invite the app to the channel."
REMEDIES = {
    "not_authed": TOKEN,
    "invalid_auth": TOKEN,
    "account_inactive": TOKEN,
    "token_revoked": TOKEN,
    "token_expired": TOKEN,
    "channel_not_found": CHANNEL,
    "not_in_channel": CHANNEL,
    "is_archived": CHANNEL,
    "restricted_action": CHANNEL,
    "users_not_found": "Nobody in the workspace has this address; reminders go on by the next way.",
}
UNCLEAR = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}


def outcome(error: SlackApiError) -> OpsConsoleError:
    """What a refusal means for the delivery."""
    response = error.response
    said = str(response.get("error") or f"status {response.status_code}")
    if response.status_code == 429 or said in {"ratelimited", "rate_limited"}:
        return Unavailable("Slack asks to wait.", retry_after=retry_after(error))
    if said in UNCLEAR or response.status_code >= 500:
        return Unclear(f"Slack answered {said}: the message may have been posted.")
    if said == "missing_scope":
        needed = response.get("needed", "chat:write")
        return Rejected("The Slack app lacks a scope.", remedy=f"Add {needed} to the app and install it again.")
    return Rejected(f"Slack refused the message ({said}).", remedy=REMEDIES.get(said, "See the app's settings."))


def retry_after(error: SlackApiError) -> float | None:
    """Seconds Slack asks to wait."""
    headers = {name.lower(): value for name, value in dict(error.response.headers or {}).items()}
    said = headers.get("retry-after")
    try:
        return None if said is None else float(said)
    except ValueError:
        return None

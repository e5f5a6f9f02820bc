"""Short questions to Slack's Web API and answers to its response addresses, each tried once: people wait for them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.slack.errors import REMEDIES
from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.core.settings import Settings, networks

PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "request_timeout", "service_unavailable"}
OURS = (".slack.com", ".slack-gov.com")
Json = Mapping[str, Any]


def asked(method: str, settings: Settings, **params: str) -> Json:
    """A question that changes nothing."""
    with _client(settings.slack_api_url, settings, _authorized(settings)) as client:
        return _judged(method, client.get(method, params=params))


def done(method: str, settings: Settings, **said: Any) -> Json:
    with _client(settings.slack_api_url, settings, _authorized(settings)) as client:
        return _judged(method, client.post(method, json=said))


def replied(address: str, settings: Settings, text: str) -> None:
    """To the caller alone: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses"""
    if not _is_slack(address, settings):
        raise Rejected("The answer would not go to Slack.")
    said = {"response_type": "ephemeral", "replace_original": False, "text": text}
    with _client(address, settings, {}) as client:
        response = client.post(address, json=said)
    if not response.is_success:
        raise Rejected(f"Slack refused the answer (status {response.status_code}).")


def _is_slack(address: str, settings: Settings) -> bool:
    """The host of the Web API may be another one; answers then go there too."""
    there, api = urlsplit(address), urlsplit(settings.slack_api_url)
    if (there.scheme, there.netloc) == (api.scheme, api.netloc):
        return True
    return there.scheme == "https" and (there.hostname or "").endswith(OURS)


def _client(address: str, settings: Settings, headers: Mapping[str, str]) -> Client:
    return Client(address, headers=headers, private=networks(settings.private_addresses), asks_once=True)


def _authorized(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.slack_token.get_secret_value()}"}


def _judged(method: str, response: Any) -> Json:
    try:
        said = response.json()
    except ValueError:
        raise Unavailable(f"Slack's answer to {method} cannot be read.") from None
    if isinstance(said, dict) and said.get("ok"):
        return said
    error = str(said.get("error") if isinstance(said, dict) else response.status_code)
    if error in PASSING:
        raise Unavailable(f"Slack cannot answer {method} now ({error}).")
    needed = f"Add {said.get('needed')} to the app and install it again." if error == "missing_scope" else ""
    raise Rejected(
        f"Slack refused {method} ({error}).", remedy=needed or REMEDIES.get(error, "See the app's settings.")
    )

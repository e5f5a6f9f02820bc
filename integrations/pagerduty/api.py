"""Asking PagerDuty: https://developer.pagerduty.com/docs/rest-api-overview

Requests go one after the other, as PagerDuty asks for. Times are read and written in UTC: without `time_zone` they
would be those of the account.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any

import httpx2

from integrations.pagerduty.account import Account
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup

ACCEPT = "application/vnd.pagerduty+json;version=2"
KEY = "Make a new read-only API key and put it where the set-up of this source says."
GRANT = "Use an account's read-only key, or that of a user who sees every service and schedule of this source."
Said = Mapping[str, Any]


class PagerDuty:
    """One account, asked with patience."""

    def __init__(self, account: Account, setup: Setup) -> None:
        headers = {"Accept": ACCEPT, "Authorization": f"Token token={setup.secrets.get('token', '')}"}
        self._client = Client(account.api_url, headers=headers, private=setup.private, waits=_waits)

    def __enter__(self) -> "PagerDuty":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def read(self, address: str, what: str, params: Mapping[str, Any] | None = None) -> Said:
        response = self._client.get(address, params={"time_zone": "UTC", **(params or {})})
        if response.status_code != 200:
            raise refusal(response, what)
        return _as_json(response)

    def found(self, address: str, what: str) -> Said | None:
        """One thing; nothing where it is gone."""
        try:
            return self.read(address, what)
        except Gone:
            return None


class Gone(Rejected):
    """It is not there, or not for us to see."""


def _as_json(response: httpx2.Response) -> Said:
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unavailable("PagerDuty answers with something that is no JSON.", remedy="It is tried again by itself.")
    return said


def refusal(response: httpx2.Response, what: str) -> Rejected:
    status, words = response.status_code, _words(response)
    if status == 401:
        return Rejected("PagerDuty does not accept the API key.", remedy=KEY)
    if status in (402, 403):
        return Rejected(f"PagerDuty does not let the API key read {what}{words}.", remedy=GRANT)
    if status == 404:
        return Gone(f"PagerDuty does not find {what}.", remedy=f"Check the address of the API. {GRANT}")
    return Rejected(f"PagerDuty answers {status} when asked for {what}{words}.", remedy="Check the address of the API.")


def _words(response: httpx2.Response) -> str:
    try:
        error = response.json()["error"]
        said = "; ".join(map(str, error.get("errors") or [error["message"]]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return f" ({said[:200].rstrip('.')})"


def _waits(response: httpx2.Response) -> float | None:
    """Seconds to wait. The limit is one of a minute, and sometimes nothing is said beside the 429."""
    if response.status_code != 429:
        return None
    asked = retry_after(response.headers)
    if asked is not None:
        return asked
    reset = response.headers.get("ratelimit-reset", "")
    return float(reset) if reset.isdecimal() else MINUTE

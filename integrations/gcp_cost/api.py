"""Asking Google Cloud, as a service account or as the machine itself: https://cloud.google.com/apis/docs/overview"""

import json
from collections.abc import Mapping
from typing import Any

import google.auth
import httpx2
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError
from google.auth.transport.requests import Request as Usual
from google.oauth2 import service_account

from integrations.gcp_cost.account import Account
from integrations.gcp_cost.way import Tokens
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup

SCOPES = (
    "https://www.googleapis.com/auth/bigquery.readonly",
    "https://www.googleapis.com/auth/cloud-billing.readonly",
)
PRESSED = {"rateLimitExceeded", "quotaExceeded", "userRateLimitExceeded", "backendError", "RESOURCE_EXHAUSTED"}
KEY = "Make a new key of the service account and put it where the set-up of this source says."
GRANT = "Give the service account the roles listed at the set-up."
AGAIN = "It is tried again by itself."
Said = Mapping[str, Any]


class Google:
    """One identity, and the services it may ask."""

    def __init__(self, account: Account, setup: Setup) -> None:
        self._account = account
        self.way = Client(
            account.endpoint_url or "https://googleapis.com", headers={}, private=setup.private, waits=_waits
        )
        key = setup.secrets.get("service_account", "")
        self._request: Any = Tokens(self.way) if key else None
        self.credentials: Any = _of_key(key) if key else _of_machine()

    def __enter__(self) -> "Google":
        return self

    def __exit__(self, *_: object) -> None:
        self.way.__exit__(None, None, None)

    def base(self, service: str) -> str:
        return self._account.endpoint_url or f"https://{service}.googleapis.com"

    def sign(self) -> Mapping[str, str]:
        """Headers that say who asks."""
        if not self.credentials.valid:
            try:
                self.credentials.refresh(self._request or Usual())
            except RefreshError as error:
                raise Rejected(f"Google does not accept the key: {_short(error)}.", remedy=KEY) from None
            except GoogleAuthError as error:
                raise Unavailable(f"Google could not be asked for a token: {_short(error)}.", remedy=AGAIN) from None
        return {"Authorization": f"Bearer {self.credentials.token}"}

    def read(self, service: str, address: str, what: str, params: Mapping[str, Any] | None = None) -> Said:
        return _judged(self.way.get(f"{self.base(service)}{address}", params=params, headers=self.sign()), what)

    def ask(self, service: str, address: str, what: str, body: Said) -> Said:
        return _judged(self.way.post(f"{self.base(service)}{address}", json=body, headers=self.sign()), what)


def _of_key(text: str) -> Any:
    try:
        kind: Any = service_account.Credentials
        found = kind.from_service_account_info(json.loads(text), scopes=SCOPES)
    except (ValueError, GoogleAuthError, AttributeError, TypeError):
        remedy = "Put the whole JSON file that Google made where the set-up of this source says."
        raise Rejected("What is named as the key of a service account is none.", remedy=remedy) from None
    return found


def _of_machine() -> Any:
    try:
        found, _ = google.auth.default(scopes=SCOPES)
    except DefaultCredentialsError:
        raise Rejected("No key and no identity is there to ask Google with.", remedy=KEY) from None
    return found


def _judged(response: httpx2.Response, what: str) -> Said:
    try:
        said = response.json()
    except ValueError:
        said = None
    if response.status_code == 200 and isinstance(said, dict):
        return said
    if response.status_code == 200:
        raise Unavailable("Google answers with something that is no JSON.", remedy=AGAIN)
    error = said.get("error") if isinstance(said, dict) else None
    raise refusal(response.status_code, error if isinstance(error, dict) else {}, what)


def refusal(status: int, error: Said, what: str) -> Rejected:
    words = str(error.get("message") or "")[:300].rstrip(".")
    said = f" ({words})" if words else ""
    reasons = {str(each.get("reason")) for each in error.get("errors", ()) if isinstance(each, dict)}
    if status == 401:
        return Rejected("Google does not accept the token.", remedy=KEY)
    if status == 403:
        return Rejected(f"Google does not let the account read {what}{said}.", remedy=GRANT)
    if status == 404:
        return Rejected(f"Google does not find {what}{said}.", remedy=f"Check its name. {GRANT}")
    if reasons & {"bytesBilledLimitExceeded"}:
        remedy = "Allow more gigabytes at the set-up, or let this source begin later."
        return Rejected(f"A query for {what} would read more than is allowed{said}.", remedy=remedy)
    return Rejected(f"Google answers {status} when asked for {what}{said}.", remedy="Check the set-up.")


def _waits(response: httpx2.Response) -> float | None:
    """Seconds to wait: quotas are told by 403 as well as by 429."""
    if response.status_code not in (403, 429):
        return None
    asked = retry_after(response.headers)
    if asked is not None:
        return asked
    is_pressed = response.status_code == 429 or any(word in response.text for word in PRESSED)
    return MINUTE if is_pressed else None


def _short(error: Exception) -> str:
    return str(error.args[0] if error.args else error)[:200].rstrip(".")

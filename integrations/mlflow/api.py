"""Asking MLflow: https://mlflow.org/docs/latest/api_reference/rest-api.html"""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any

import httpx2

from integrations.mlflow.account import Account
from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from ops_console.core.clock import now

ROOT = "/api/2.0/mlflow"
TOKEN = "Put a bearer token, or user:password, where the set-up of this source says."  # noqa: S105  (a sentence)
GRANT = "Give its user the right to read registered models, experiments and runs."
ADDRESS = "Check the address of MLflow; it is the one that people open, without what stands behind the #."
NOT_THERE = "RESOURCE_DOES_NOT_EXIST"
Item = Mapping[str, Any]


class MLflow:
    """One server, asked with patience."""

    def __init__(self, account: Account, setup: Setup) -> None:
        headers = _authorization(setup.secrets.get("token", ""))
        self._client = Client(account.url, headers=headers, private=setup.private)
        self.at = now()

    def __enter__(self) -> "MLflow":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def read(self, address: str, what: str, **params: Any) -> Item:
        """One answer; `at` is when the server gave it, by its own clock."""
        return self._judged(self._client.get(f"{ROOT}/{address}", params=params), what)

    def found(self, address: str, what: str, **params: Any) -> Item | None:
        """One thing; nothing where it is gone."""
        try:
            return self.read(address, what, **params)
        except Gone:
            return None

    def pages(self, address: str, key: str, what: str, **params: Any) -> Iterator[list[Item]]:
        """A list by `GET`. A page may be empty and yet be followed by others."""
        token = ""
        while True:
            said = self.read(address, what, **params, **({"page_token": token} if token else {}))
            yield list(said.get(key) or ())
            token = said.get("next_page_token") or ""
            if not token:
                return

    def asked(self, address: str, what: str, question: Mapping[str, Any]) -> Item:
        """One page of what is asked for by `POST`."""
        return self._judged(self._client.post(f"{ROOT}/{address}", json=dict(question)), what)

    def _judged(self, response: httpx2.Response, what: str) -> Item:
        if response.status_code != 200:
            raise refusal(response, what)
        self.at = _said_at(response)
        return _as_json(response)


class Gone(Rejected):
    """It is not there."""


def _authorization(token: str) -> dict[str, str]:
    if not token:
        return {}
    if ":" in token:
        return {"Authorization": f"Basic {base64.b64encode(token.encode()).decode()}"}
    return {"Authorization": f"Bearer {token}"}


def _said_at(response: httpx2.Response) -> datetime:
    """By the server's clock, which also dates its webhooks; by ours where it does not say."""
    try:
        return parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
    except ValueError:
        return now()


def _as_json(response: httpx2.Response) -> Item:
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unavailable("MLflow answers with something that is no JSON.", remedy=f"It is tried again. {ADDRESS}")
    return said


def refusal(response: httpx2.Response, what: str) -> Rejected:
    status, (code, words) = response.status_code, _error(response)
    if status == 401:
        return Rejected("MLflow does not accept the token.", remedy=TOKEN)
    if status == 403:
        return Rejected(f"MLflow does not let the token read {what}{words}.", remedy=GRANT)
    if status == 404 and code == NOT_THERE:
        return Gone(f"MLflow does not find {what}.", remedy=f"Check its name. {ADDRESS}")
    if status == 404:
        return Rejected(f"No MLflow answers when asked for {what}.", remedy=ADDRESS)
    return Rejected(f"MLflow answers {status} when asked for {what}{words}.", remedy=ADDRESS)


def _error(response: httpx2.Response) -> tuple[str, str]:
    try:
        said = response.json()
        code, message = str(said.get("error_code") or ""), str(said.get("message") or "")
    except (ValueError, AttributeError):
        return "", ""
    return code, f" ({message[:200].rstrip('.')})" if message else ""

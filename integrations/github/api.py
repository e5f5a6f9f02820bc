"""Asking GitHub: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api

Requests go one after the other, conditional where that is free, and a part of the quota is left to others.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx2

from integrations.github.account import Account
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from ops_console.core.clock import now

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
LEFT_TO_OTHERS = 0.1
"""Share of the hourly quota that a sync does not touch: others use the same token."""
TOKEN = "Make a new token and put it where the set-up of this source says."  # noqa: S105  (a sentence, no secret)
GRANT = "Give the token the permissions listed at the set-up, for every repository of this source."
SINGLE_SIGN_ON = "Authorize the token for single sign-on of the organization, on GitHub's page of tokens."


class GitHub:
    """One account, asked with patience."""

    def __init__(self, account: Account, setup: Setup) -> None:
        headers = {**HEADERS, "Authorization": f"Bearer {setup.secrets.get('token', '')}"}
        self._account = account
        self._client = Client(account.api_url, headers=headers, private=setup.private, waits=_waits)
        self._back_at: dict[str, datetime] = {}

    def __enter__(self) -> "GitHub":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def read(
        self, address: str, what: str, *, etag: str | None = None, params: Mapping[str, str | int] | None = None
    ) -> httpx2.Response:
        """An answer with status 200 or, where an ETag was given, 304."""
        self._spare("core")
        headers = {"If-None-Match": etag} if etag else None
        response = self._client.get(self._ours(address), params=params or None, headers=headers)
        self._count(response)
        if response.status_code not in (200, 304):
            raise refusal(response, what)
        return response

    def found(self, address: str, what: str) -> Any:
        """One thing; nothing where it is gone."""
        try:
            return as_json(self.read(address, what))
        except Gone:
            return None

    def query(self, query: str, what: str, **variables: Any) -> Mapping[str, Any]:
        """The data that a GraphQL query answers."""
        self._spare("graphql")
        response = self._client.post(self._account.graphql_url, json={"query": query, "variables": variables})
        self._count(response)
        if response.status_code != 200:
            raise refusal(response, what)
        said = as_json(response)
        if errors := said.get("errors"):
            _judge(errors, said.get("data"), what, response)
        return said.get("data") or {}

    def _ours(self, address: str) -> str:
        """Links to other pages are followed on this host alone: the token goes nowhere else."""
        parts, mine = urlsplit(address), urlsplit(self._account.api_url)
        if parts.netloc and (parts.scheme, parts.netloc) != (mine.scheme, mine.netloc):
            raise Rejected(f"GitHub's answer leads to {parts.netloc}.", remedy="Check the address of the API.")
        return address

    def _spare(self, resource: str) -> None:
        at = self._back_at.get(resource)
        if at is not None and at > now():
            raise Unavailable(
                f"The hourly quota of GitHub's API is nearly used up; the rest is left to others until {at:%H:%M} UTC.",
                retry_after=(at - now()).total_seconds(),
                remedy="It goes on by itself.",
            )

    def _count(self, response: httpx2.Response) -> None:
        limit, left, reset = (
            _number(response.headers, f"x-ratelimit-{word}") for word in ("limit", "remaining", "reset")
        )
        if limit is None or left is None or reset is None:
            return  # a server of one's own need not limit anything
        resource = response.headers.get("x-ratelimit-resource", "core")
        if left <= limit * LEFT_TO_OTHERS:
            self._back_at[resource] = datetime.fromtimestamp(reset, UTC)
        else:
            self._back_at.pop(resource, None)


class Gone(Rejected):
    """It is not there, or not for us to see."""


def as_json(response: httpx2.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise Unavailable(
            "GitHub answers with something that is no JSON.", remedy="It is tried again by itself."
        ) from None


def refusal(response: httpx2.Response, what: str) -> Rejected:
    status, said = response.status_code, _said(response)
    if status == 401:
        return Rejected("GitHub does not accept the token.", remedy=TOKEN)
    if status == 403:
        remedy = SINGLE_SIGN_ON if "x-github-sso" in response.headers else GRANT
        return Rejected(f"GitHub does not let the token read {what}{said}.", remedy=remedy)
    if status in (404, 410):
        return Gone(f"GitHub does not find {what}, or the token may not see it.", remedy=f"Check the name. {GRANT}")
    return Rejected(f"GitHub answers {status} when asked for {what}{said}.", remedy="Check the address of the API.")


def _said(response: httpx2.Response) -> str:
    try:
        found = response.json()
    except ValueError:
        return ""
    message = found.get("message") if isinstance(found, dict) else None
    return f" ({str(message)[:200]})" if message else ""


def _waits(response: httpx2.Response) -> float | None:
    """Seconds to wait: GitHub limits with 403 as well as 429, by quota or because it is pressed."""
    if response.status_code not in (403, 429):
        return None
    asked = retry_after(response.headers)
    if asked is not None:
        return asked
    reset = _number(response.headers, "x-ratelimit-reset")
    if response.headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        return max(1.0, reset - now().timestamp())
    is_pressed = response.status_code == 429 or "rate limit" in _said(response).lower()
    return MINUTE if is_pressed else None


def _number(headers: Mapping[str, str], name: str) -> float | None:
    said = headers.get(name, "")
    return float(said) if said.isdecimal() else None


def _judge(errors: Any, data: Any, what: str, response: httpx2.Response) -> None:
    """What errors beside a GraphQL answer mean; a thing that was not found is missing from the data."""
    kinds = {str(error.get("type", "")) for error in errors if isinstance(error, dict)}
    words = "; ".join(str(error.get("message", ""))[:200] for error in errors[:2] if isinstance(error, dict))
    if "RATE_LIMITED" in kinds:
        reset = _number(response.headers, "x-ratelimit-reset")
        seconds = max(1.0, reset - now().timestamp()) if reset else MINUTE
        raise Unavailable("The hourly quota of GitHub's API is used up.", retry_after=seconds)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        raise Rejected(f"GitHub does not let the token read {what} ({words}).", remedy=GRANT)
    if kinds == {"NOT_FOUND"}:
        if not any((data or {}).values()):
            raise Gone(f"GitHub does not find {what}, or the token may not see it.", remedy=f"Check the name. {GRANT}")
        return
    raise Unavailable(f"GitHub could not answer for {what} ({words}).", remedy="It is tried again by itself.")

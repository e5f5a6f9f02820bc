"""Asking GitLab: https://docs.gitlab.com/api/rest/

Requests go one after the other. A limit is one of a minute; a server of one's own may have none.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx2

from integrations.gitlab.account import Account, Item
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from ops_console.core.clock import now

PER_PAGE = 100
TOKEN = "Make a new token and put it where the set-up of this source says."  # noqa: S105  (a sentence, no secret)
GRANT = "Give the token the scope and the role listed at the set-up, for every project of this source."


class Items(NamedTuple):
    """A page of a list, and which follows. A page may be empty and yet be followed by others."""

    items: Sequence[Item]
    next: int | None


class GitLab:
    """One GitLab, asked with patience."""

    def __init__(self, account: Account, setup: Setup) -> None:
        # Sent as Authorization, which no redirection to another host carries along.
        headers = {"Authorization": f"Bearer {setup.secrets.get('token', '')}", "Accept": "application/json"}
        self._client = Client(f"{account.api_url}/api/v4", headers=headers, private=setup.private, waits=_waits)

    def __enter__(self) -> "GitLab":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def page(self, address: str, what: str, number: int = 1, **params: Any) -> Items:
        response = self._asked(address, what, {"per_page": PER_PAGE, **params, "page": number})
        found = _as_json(response, list)
        following = response.headers.get("x-next-page", "")
        return Items(found, int(following) if following.isdecimal() else None)

    def listed(self, address: str, what: str, most: int, **params: Any) -> Iterator[Item]:
        """A short list to its end, or to so many of its pages."""
        number: int | None = 1
        for _ in range(most):
            found = self.page(address, what, number or 1, **params)
            yield from found.items
            number = found.next
            if number is None:
                return

    def found(self, address: str, what: str) -> Item | None:
        """One thing; nothing where it is gone."""
        try:
            said: Item = _as_json(self._asked(address, what, {}), dict)
        except Gone:
            return None
        return said

    def _asked(self, address: str, what: str, params: Mapping[str, Any]) -> httpx2.Response:
        response = self._client.get(address, params=params or None)
        if response.status_code != 200:
            raise refusal(response, what)
        return response


class Gone(Rejected):
    """It is not there, or not for us to see."""


def of_project(path: str, rest: str = "") -> str:
    """The address of something of a project: its path is one word there."""
    return f"/projects/{quote(path, safe='')}{rest}"


def _as_json(response: httpx2.Response, kind: type) -> Any:
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, kind):
        raise Unavailable(
            "GitLab answers with something that is not what was asked for.", remedy="It is tried again by itself."
        )
    return said


def refusal(response: httpx2.Response, what: str) -> Rejected:
    status, words = response.status_code, _words(response)
    if status == 401:
        return Rejected("GitLab does not accept the token.", remedy=TOKEN)
    if status == 403:
        return Rejected(f"GitLab does not let the token read {what}{words}.", remedy=GRANT)
    if status in (404, 410):
        return Gone(f"GitLab does not find {what}, or the token may not see it.", remedy=f"Check the name. {GRANT}")
    return Rejected(f"GitLab answers {status} when asked for {what}{words}.", remedy="Check the address of GitLab.")


def _words(response: httpx2.Response) -> str:
    try:
        said = response.json()
    except ValueError:
        return ""
    found = (
        (said.get("message") or said.get("error_description") or said.get("error")) if isinstance(said, dict) else ""
    )
    return f" ({str(found)[:200].rstrip('.')})" if found else ""


def _waits(response: httpx2.Response) -> float | None:
    """Seconds to wait: https://docs.gitlab.com/security/rate_limits/"""
    if response.status_code != 429:
        return None
    asked = retry_after(response.headers)
    if asked is not None:
        return asked
    reset = response.headers.get("ratelimit-reset", "")
    return max(1.0, float(reset) - now().timestamp()) if reset.isdecimal() else MINUTE

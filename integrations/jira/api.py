"""Asking Jira through its client: https://jira.readthedocs.io

Cloud pages its searches by tokens and tells no more than a part of a long history within a search; Data Center pages by
offset. Whoever asks need not know which of the two answers.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import httpx2
from jira import JIRA, JIRAError

from integrations.jira.account import Account, Item
from integrations.jira.transport import Through
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from ops_console.core.clock import now

PER_PAGE = 100
CLOUD = "Cloud"
WEST = ZoneInfo("Etc/GMT+12")
"""Where it is earliest: whoever does not know the zone asks from there and misses nothing."""
TOKEN = "Make a new token and put it where the set-up of this source says, with the e-mail of its account."  # noqa: S105
GRANT = "Let the account browse the projects of this source."
WRITE = "Let the account browse, create, edit, assign and move the issues of the project of actions."
CAPTCHA = "Sign in once on Jira's own page: it asks this account for a captcha."
CHECK = "Check the set-up: Jira knows projects, issue types and statuses by the names that were ticked there."
T = TypeVar("T")


class Found(NamedTuple):
    """A page of issues. `next` is what to ask for it with, nothing at the end; `total` where Jira tells it."""

    issues: Sequence[Item]
    next: str | int | None
    total: int | None


class Jira:
    """One Jira, asked with patience. `site` is where people look at it."""

    is_cloud: bool
    site: str

    def __init__(self, account: Account, setup: Setup, *, writes: bool = False) -> None:
        self._account, self._token, self._writes = account, setup.secrets.get("token", ""), writes
        self._http = Client(account.api_url, headers={}, private=setup.private, waits=_waits)

    def __enter__(self) -> "Jira":
        self._jira = self._client("2")
        told = self.asked(self._jira.server_info, "the site")
        self.is_cloud = told.get("deploymentType") == CLOUD
        self.site = str(told.get("baseUrl") or self._account.api_url).rstrip("/")
        if self.is_cloud:
            self._jira = self._client("3")
            self._jira.deploymentType = CLOUD
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.__exit__(kind, error, trace)

    @property
    def client(self) -> JIRA:
        """For what only one role asks; `asked` says what became of it."""
        return self._jira

    def zone(self) -> ZoneInfo:
        """The zone in which Jira reads the times of this account's queries."""
        told = self.asked(self._jira.myself, "the account of the token")
        try:
            return ZoneInfo(str(told.get("timeZone") or ""))
        except (KeyError, ValueError, OSError):
            return WEST

    def categories(self) -> dict[str, Item]:
        """What kind of status each is, by its id."""
        told = self.asked(self._jira.statuses, "the statuses")
        return {str(each.raw["id"]): each.raw.get("statusCategory") or {} for each in told}

    def issue_types(self) -> list[str]:
        told = self.asked(self._jira.issue_types, "the issue types")
        return list(dict.fromkeys(str(each.raw["name"]) for each in told))

    def page(self, jql: str, begin: str | int | None, fields: Sequence[str], *, history: bool = True) -> Found:
        """Some of the issues that a query finds. A page may be empty and yet be followed by others."""
        expand = "changelog" if history else None
        if self.is_cloud:
            token = str(begin) if begin else None
            return self._by_token(lambda: self._enhanced(jql, token, fields, expand))
        return self._by_offset(jql, int(begin or 0), fields, expand)

    def issue(self, key: str, fields: Sequence[str]) -> Item | None:
        """One issue with its history; nothing where it is gone."""
        try:
            found = self.asked(lambda: self._jira.issue(key, ",".join(fields), "changelog"), f"the issue {key}")
        except Gone:
            return None
        raw: Item = found.raw or {}
        return raw

    def history(self, issue: Item) -> Sequence[Item]:
        """The whole history of an issue, of which a search tells a part."""
        told = issue.get("changelog") or {}
        part = told.get("histories") or ()
        if len(part) >= int(told.get("total") or 0):
            return list(part)
        if not self.is_cloud:
            whole = self.issue(issue["key"], ["created"]) or {}
            return list((whole.get("changelog") or told).get("histories") or ())
        return list(self._listed(f"issue/{issue['key']}/changelog", "values", f"the history of {issue['key']}"))

    def worklogs(self, issue: Item) -> Sequence[Item]:
        """All work logged on an issue, of which a search tells the first twenty."""
        told = issue["fields"].get("worklog") or {}
        part = told.get("worklogs") or ()
        if len(part) >= int(told.get("total") or 0):
            return list(part)
        return list(self._listed(f"issue/{issue['key']}/worklog", "worklogs", f"the work logged on {issue['key']}"))

    def _listed(self, path: str, key: str, what: str) -> Iterator[Item]:
        begin = 0
        while True:
            params = {"startAt": begin, "maxResults": PER_PAGE}
            told = self.asked(partial(self._jira._get_json, path, params), what)
            yield from told.get(key) or ()
            begin += int(told.get("maxResults") or PER_PAGE)
            if begin >= int(told.get("total") or 0):
                return

    def _enhanced(self, jql: str, token: str | None, fields: Sequence[str], expand: str | None) -> Any:
        return self._jira.enhanced_search_issues(jql, token, PER_PAGE, list(fields), expand, json_result=True)

    def _by_token(self, question: Callable[[], Any]) -> Found:
        told = _object(self.asked(question, "issues"), "issues")
        is_last = told.get("isLast") is True
        return Found(told["issues"], None if is_last else told.get("nextPageToken") or None, None)

    def _by_offset(self, jql: str, begin: int, fields: Sequence[str], expand: str | None) -> Found:
        asked = self.asked(
            lambda: self._jira.search_issues(
                jql, begin, PER_PAGE, fields=list(fields), expand=expand, json_result=True
            ),
            "issues",
        )
        told = _object(asked, "issues")
        total, end = int(told.get("total") or 0), begin + int(told.get("maxResults") or PER_PAGE)
        return Found(told["issues"], end if end < total else None, total)

    def _client(self, version: str) -> JIRA:
        """The client, with nothing of its own on the way to Jira: no retries, no proxy, no netrc."""
        user = self._account.user
        made = JIRA(
            self._account.api_url,
            options={"rest_api_version": version},
            basic_auth=(user, self._token) if user else None,
            token_auth=None if user else self._token,
            get_server_info=False,
            max_retries=0,
        )
        made._session.trust_env = False
        for scheme in ("https://", "http://"):
            made._session.mount(scheme, Through(self._http, writes=self._writes))
        return made

    def send(self, method: str, path: str, said: Item, what: str) -> Item:
        """Change something, once; what Jira answers, if anything."""

        def sent() -> Item:
            answer = self._jira._session.request(method, self._jira._get_url(path), data=json.dumps(said))
            told: Item = answer.json() if answer.content else {}
            return told

        return self.asked(sent, what, "change", WRITE)

    def asked(self, question: Callable[[], T], what: str, doing: str = "read", grant: str = GRANT) -> T:
        try:
            return question()
        except JIRAError as error:
            raise refusal(
                error, what, doing, grant
            ) from None  # the error shows the token among the headers it was sent with
        except ValueError:
            raise _no_json() from None


class Gone(Rejected):
    """It is not there, or not for us to see."""


class Misunderstood(Rejected):
    """Jira does not understand the question, or no longer."""


def refusal(error: JIRAError, what: str, doing: str = "read", grant: str = GRANT) -> Rejected:
    status, words = error.status_code, _words(error)
    headers = getattr(error.response, "headers", {})
    if "captcha" in str(headers.get("x-authentication-denied-reason", "")).lower():
        return Rejected("Jira wants to see a person.", remedy=CAPTCHA)
    if status == 401:
        return Rejected("Jira does not accept the token.", remedy=TOKEN)
    if status == 403:
        return Rejected(f"Jira does not let the token {doing} {what}{words}.", remedy=grant)
    if status in (404, 410):
        return Gone(f"Jira does not find {what}, or the token may not see it.", remedy=f"Check the address. {grant}")
    if status == 400:
        return Misunderstood(f"Jira cannot answer for {what}{words}.", remedy=CHECK)
    return Rejected(f"Jira answers {status} when asked for {what}{words}.", remedy="Check the address of Jira.")


def _words(error: JIRAError) -> str:
    said = " ".join(str(error.text or "").split())
    return f" ({said[:200].rstrip('.')})" if said and not said.startswith("<") else ""


def _object(told: Any, key: str) -> Item:
    if not isinstance(told, Mapping) or not isinstance(told.get(key), list):
        raise _no_json()
    return told


def _no_json() -> Unavailable:
    return Unavailable("Jira answers with something that is no JSON.", remedy="It is tried again by itself.")


def _waits(response: httpx2.Response) -> float | None:
    """Seconds to wait: https://developer.atlassian.com/cloud/jira/platform/rate-limiting/"""
    if response.status_code != 429:
        return None
    asked = retry_after(response.headers)
    return asked if asked is not None else _until(response.headers.get("x-ratelimit-reset", ""))


def _until(reset: str) -> float:
    try:
        at = datetime.fromisoformat(reset)
    except ValueError:
        return MINUTE
    return max(1.0, (at.replace(tzinfo=at.tzinfo or UTC) - now()).total_seconds())

"""Asking JSM Operations or Opsgenie: the same words in other envelopes.

https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/intro/ and https://docs.opsgenie.com/docs/api-overview
"""

import base64
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple

import httpx2

from integrations.jsm_operations.account import Account, Item
from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup

LIMIT = 100
TOKEN = (
    "Make a new token, one without scopes, and put it where the set-up of this source says, with the e-mail of its "  # noqa: S105
    "account; of Opsgenie a read-only API key."
)
GRANT = "Let the account look at operations and their schedules; give a key of Opsgenie Read and Configuration Access."
CHECK = "Check the cloud id and the address of the API."


class Items(NamedTuple):
    """A page of a list, and whether others follow. A page may be empty and yet be followed by others."""

    items: Sequence[Item]
    has_more: bool


class Operations:
    """One account, asked with patience. `name` is what it is called in sentences."""

    def __init__(self, account: Account, setup: Setup) -> None:
        self._is_opsgenie = account.is_opsgenie
        self.name = "Opsgenie" if account.is_opsgenie else "JSM Operations"
        self._base = "" if account.is_opsgenie else f"/jsm/ops/api/{account.cloud_id}"
        self._people = f"/ex/jira/{account.cloud_id}/rest/api/3/user/bulk"
        headers = {"Authorization": _credential(account, setup.secrets.get("token", "")), "Accept": "application/json"}
        self._client = Client(account.api_url, headers=headers, private=setup.private)

    def __enter__(self) -> "Operations":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def alerts(self, offset: int, *, sort: str, order: str, query: str = "") -> Items:
        asked = {"sort": sort, "order": order, "offset": offset, **({"query": query} if query else {})}
        return self._page("/v2/alerts" if self._is_opsgenie else "/v1/alerts", "the alerts", asked)

    def alert(self, number: str) -> Item | None:
        """One alert; nothing where it is gone."""
        return self._found(f"{'/v2' if self._is_opsgenie else '/v1'}/alerts/{number}", f"the alert {number}")

    def incidents(self, offset: int, *, sort: str, order: str, query: str) -> Items:
        asked = {"sort": sort, "order": order, "offset": offset, "query": query}
        return self._page("/v1/incidents", "the incidents", asked)

    def incident(self, number: str) -> Item | None:
        return self._found(f"/v1/incidents/{number}", f"the incident {number}")

    def timeline_of(self, incident: str) -> Sequence[Item]:
        """What happened in an incident; where nothing is kept of it, nothing."""
        address = f"/v2/incident-timelines/{incident}/entries"
        try:
            said = self._read(address, f"the timeline of {incident}", {"limit": LIMIT, "order": "asc"})
        except Gone:
            return ()
        entries = said.get("data") or ()
        return entries.get("entries") or () if isinstance(entries, Mapping) else entries

    def service(self, number: str) -> str:
        """What people call a service."""
        found = self._found(f"/v1/services/{number}", f"the service {number}")
        return str((found or {}).get("name") or number)

    def schedules(self, offset: int) -> Items:
        asked = {"offset": offset}
        return self._page("/v2/schedules" if self._is_opsgenie else "/v1/schedules", "the schedules", asked)

    def rotations(self, schedule: Item, begin: str, weeks: int) -> Sequence[Item]:
        """Who is on call for some weeks, with overrides applied."""
        address = f"{'/v2' if self._is_opsgenie else '/v1'}/schedules/{schedule['id']}/timeline"
        asked = {"date": begin, "interval": weeks, "intervalUnit": "weeks"}
        said = self._read(address, f"the schedule {schedule['name']}", asked)
        timeline = (said.get("data") or said).get("finalTimeline") or {}
        return timeline.get("rotations") or ()

    def people(self, ids: Sequence[str]) -> dict[str, str]:
        """What Jira calls the people that JSM names by account ids; nobody where it does not tell."""
        if not ids or self._is_opsgenie:
            return {}
        response = self._client.get(self._people, params={"accountId": list(ids), "maxResults": len(ids)})
        told = _as_json(response, self.name).get("values") or () if response.status_code == 200 else ()
        return {str(each["accountId"]): str(each["displayName"]) for each in told if each.get("displayName")}

    def _page(self, address: str, what: str, params: Mapping[str, Any]) -> Items:
        size = "limit" if self._is_opsgenie else "size"
        said = self._read(address, what, {size: LIMIT, **params})
        if self._is_opsgenie:
            return Items(said.get("data") or (), bool((said.get("paging") or {}).get("next")))
        return Items(said.get("values") or (), bool((said.get("links") or {}).get("next")))

    def _found(self, address: str, what: str) -> Item | None:
        try:
            said = self._read(address, what, {})
        except Gone:
            return None
        found: Item = said["data"] if self._is_opsgenie else said
        return found

    def _read(self, address: str, what: str, params: Mapping[str, Any]) -> Item:
        response = self._client.get(self._base + address, params=params or None)
        if response.status_code != 200:
            raise refusal(response, self.name, what)
        return _as_json(response, self.name)


class Gone(Rejected):
    """It is not there, or not for us to see."""


def _credential(account: Account, token: str) -> str:
    if account.is_opsgenie:
        return f"GenieKey {token}"
    if account.user:
        return f"Basic {base64.b64encode(f'{account.user}:{token}'.encode()).decode()}"
    return f"Bearer {token}"


def _as_json(response: httpx2.Response, name: str) -> Item:
    try:
        said = response.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unavailable(f"{name} answers with something that is no JSON.", remedy="It is tried again by itself.")
    return said


def refusal(response: httpx2.Response, name: str, what: str) -> Rejected:
    status, words = response.status_code, _words(response)
    if status == 401:
        return Rejected(f"{name} does not accept the token.", remedy=TOKEN)
    if status in (402, 403):
        return Rejected(f"{name} does not let the token read {what}{words}.", remedy=GRANT)
    if status in (404, 410):
        return Gone(f"{name} does not find {what}.", remedy=CHECK)
    return Rejected(f"{name} answers {status} when asked for {what}{words}.", remedy=CHECK)


def _words(response: httpx2.Response) -> str:
    try:
        said = response.json()
    except ValueError:
        return ""
    found = said.get("message") or said.get("errors") if isinstance(said, dict) else ""
    return f" ({str(found)[:200].rstrip('.')})" if found else ""

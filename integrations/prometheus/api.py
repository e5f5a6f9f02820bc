"""Asking Prometheus: https://prometheus.io/docs/prometheus/latest/querying/api/

Thanos, Mimir and VictoriaMetrics answer the same questions. An answer that says that something is missing from it is
no answer: an hour of which a part was counted would stand as if it were whole.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import TracebackType
from typing import Any

import httpx2

from integrations.prometheus.account import Account, authorization
from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup
from ops_console.contracts.tls import trusting

PATIENCE = "15s"
"""For how long the server may think: less than we wait for it, so that it gives up and not only we."""
GRANT = "Let its user ask queries and see the rules."
SIGN_IN = "Name the token, or the user name and password, that Prometheus asks for."
ADDRESS = "Check the address: it stands before /api/v1, and Mimir and Cortex answer below https://HOST/prometheus."
AGAIN = "It is asked for again by itself; nothing of it was kept."
NARROWER = ("exceed", "too many", "too long", "limit")
"""Words of servers that were asked for too much at once."""
ABOUT_THE_QUERY = ("PromQL",)
"""How warnings begin that say nothing of missing data."""
Points = Mapping[int, Decimal]


class TooMuch(Rejected):
    """Of less it would answer."""


class Gone(Rejected):
    """This kind of server has no such thing."""


class Prometheus:
    """One server, asked with patience."""

    def __init__(self, account: Account, setup: Setup) -> None:
        headers = {"Accept": "application/json"}
        if said := authorization(setup):
            headers["Authorization"] = said
        if account.tenant:
            headers |= {"X-Scope-OrgID": account.tenant, "THANOS-TENANT": account.tenant}
        self._copies = {"replicaLabels[]": account.replica_label} if account.replica_label else {}
        tls = trusting(setup.secrets.get("authority", ""), setup.secrets.get("identity", ""))
        self._client = Client(f"{account.api_url}/api/v1/", headers=headers, private=setup.private, tls=tls)

    def __enter__(self) -> "Prometheus":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def read(self, address: str, what: str, params: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """The data of an answer that is whole."""
        response = self._client.get(address, params=params)
        said = _as_json(response)
        if response.status_code != 200 or said.get("status") != "success":
            raise refusal(response, said, what)
        _judge(said, what)
        data = said.get("data")
        if not isinstance(data, dict):
            raise Unavailable(f"The answer for {what} holds no data.", remedy=AGAIN)
        return data

    def found(self, address: str, what: str) -> Mapping[str, Any]:
        """What some kinds of server tell; nothing where this one does not."""
        try:
            return self.read(address, what)
        except Gone:
            return {}

    def ask(self, query: str, what: str) -> list[Mapping[str, str]]:
        """The labels of every series that a query answers now."""
        data = self.read("query", what, {"query": query, **self._whole})
        return [each.get("metric") or {} for each in data.get("result") or ()]

    def hours(self, query: str, what: str, begin: datetime, end: datetime, step: int) -> Points:
        """A value for each step, by its second; `begin` and `end` are among them. No number is no value."""
        asked = {"query": query, "start": int(begin.timestamp()), "end": int(end.timestamp()), "step": step}
        data = self.read("query_range", what, {**asked, **self._whole})
        try:
            found = [pair for series in data.get("result") or () for pair in series.get("values") or ()]
            values = [(int(at), Decimal(value)) for at, value in found]
        except (TypeError, ValueError, AttributeError, InvalidOperation):
            raise Unavailable(f"The answer for {what} holds no series of numbers.", remedy=AGAIN) from None
        return {at: value for at, value in values if value.is_finite()}

    @property
    def _whole(self) -> Mapping[str, str]:
        """Each kind of server has its own word for that nothing may be missing."""
        declined = {"partial_response": "false", "deny_partial_response": "1"}
        return {"timeout": PATIENCE, "dedup": "true", **declined, **self._copies}


def _judge(said: Mapping[str, Any], what: str) -> None:
    missing = [str(each) for each in said.get("warnings") or () if not str(each).startswith(ABOUT_THE_QUERY)]
    if said.get("isPartial"):
        missing.append("a part of the servers did not answer")
    if missing:
        raise Unavailable(f"The answer for {what} is not whole: {missing[0][:300].rstrip('.')}.", remedy=AGAIN)


def _as_json(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        said = response.json()
    except ValueError:
        said = None
    if isinstance(said, dict):
        return said
    if response.status_code == 200:
        raise Unavailable("Prometheus answers with something that is no JSON.", remedy=f"{ADDRESS} It is tried again.")
    return {}


def refusal(response: httpx2.Response, said: Mapping[str, Any], what: str) -> Rejected:
    status, error = response.status_code, str(said.get("error") or "")[:300].rstrip(".")
    words = f" ({error})" if error else ""
    if status == 401:
        return Rejected("Prometheus does not accept who is asking.", remedy=SIGN_IN)
    if status == 403:
        return Rejected(f"Prometheus does not let us read {what}{words}.", remedy=GRANT)
    if status in (404, 405, 410):
        return Gone(f"Prometheus does not know {what}.", remedy=ADDRESS)
    if status in (413, 422) or any(word in error.lower() for word in NARROWER):
        return TooMuch(
            f"Prometheus cannot answer for {what}{words}.", remedy="Mend the expression, or raise the limit."
        )
    return Rejected(f"Prometheus answers {status} when asked for {what}{words}.", remedy=ADDRESS)

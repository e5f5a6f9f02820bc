"""What somebody said when setting up a source of Prometheus, as the code asks for it."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.prometheus.objectives import Objective
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup

LINE = "ranker-up ranker 99.9 sum(rate(bad_total[5m])) / sum(rate(requests_total[5m]))"
RANGE = re.compile(r"\[(\w+)(?=[\]:])")
PLAIN = re.compile(r"[!-~]*")
"""What may stand in a header."""


@dataclass(frozen=True, slots=True)
class Account:
    """`counted` holds the objectives found in rules that count; where nobody chose, all of them do."""

    api_url: str
    tenant: str
    replica_label: str
    model_label: str
    service_label: str
    own: tuple[Objective, ...]
    counted: frozenset[str] | None


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    tenant, counted = str(settings.get("tenant") or ""), settings.get("objectives")
    if not PLAIN.fullmatch(tenant):
        raise Rejected(f"{tenant[:100]!r} is no tenant.", remedy="Write letters, digits and marks without blanks.")
    return Account(
        api_url=str(settings.get("api_url") or "").rstrip("/"),
        tenant=tenant,
        replica_label=str(settings.get("replica_label", "prometheus_replica") or ""),
        model_label=str(settings.get("model_label") or "model"),
        service_label=str(settings.get("service_label") or "service"),
        own=tuple(map(_own, settings.get("slos") or ())),
        counted=None if counted is None else frozenset(counted),
    )


def authorization(setup: Setup) -> str:
    """By token or by password; empty where neither is named."""
    token, password = setup.secrets.get("token", ""), setup.secrets.get("password", "")
    user = str(setup.settings.get("user") or "")
    if token and (user or password):
        raise Rejected("Both a token and a password are named.", remedy="Name the one that Prometheus asks for.")
    if bool(user) != bool(password):
        raise Rejected("A user name and a password belong together.", remedy="Name both of them, or neither.")
    if token:
        return f"Bearer {token}"
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user else ""


def _own(line: str) -> Objective:
    words = line.split(maxsplit=3)
    try:
        percent = Decimal(words[2].removesuffix("%"))
        is_told = len(words) == 4 and 0 < percent < 100
    except (InvalidOperation, IndexError):
        is_told = False
    if not is_told:
        raise Rejected(f"{line[:100]!r} is no objective.", remedy=f"Write it such as {LINE}.")
    ranged = RANGE.search(words[3])
    return Objective(
        id=words[0],
        name=words[0],
        about=("model", words[1]),
        percent=percent,
        expression=words[3],
        range=ranged[1] if ranged else "",
        teller="",
    )

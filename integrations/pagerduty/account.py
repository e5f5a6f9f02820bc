"""What somebody said when setting up a source of PagerDuty, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import Severity

PUBLIC = "https://api.pagerduty.com"
USUAL = re.compile(r"(?:p|sev)[ -]?([1-5])\b.*", re.IGNORECASE)
"""How priorities are named where nobody renamed them: P1 or SEV-1."""
LOWEST = 4
Reference = Mapping[str, Any]
"""How PagerDuty names one thing within another: `id`, `type` and, as its name, `summary`."""


@dataclass(frozen=True, slots=True)
class Account:
    """`services` and `schedules` hold the names that count; where nobody chose, all of them do."""

    api_url: str
    severities: Mapping[str, str]
    services: frozenset[str] | None
    schedules: frozenset[str] | None

    def has_service(self, service: Reference | None) -> bool:
        return self.services is None or name_of(service) in self.services

    def has_schedule(self, schedule: Reference | None) -> bool:
        return self.schedules is None or name_of(schedule) in self.schedules

    def severity(self, priority: Reference | None) -> str | None:
        name = name_of(priority)
        usual = USUAL.fullmatch(name)
        said = f"SEV{min(int(usual[1]), LOWEST)}" if usual else None
        return self.severities.get(name.casefold(), said)


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    return Account(
        api_url=str(settings.get("api_url") or PUBLIC),
        severities=dict(map(_severity, settings.get("severities") or ())),
        services=_chosen(settings, "services"),
        schedules=_chosen(settings, "schedules"),
    )


def name_of(reference: Reference | None) -> str:
    said = reference or {}
    return str(said.get("summary") or said.get("name") or said.get("id") or "").strip()


def _chosen(settings: Mapping[str, Any], name: str) -> frozenset[str] | None:
    said = settings.get(name)
    return None if said is None else frozenset(said)


def _severity(line: str) -> tuple[str, str]:
    priority, _, severity = line.strip().rpartition(" ")
    if not priority.strip() or severity.upper() not in list(Severity):
        remedy = f"Write Critical SEV1, with one of {', '.join(Severity)}."
        raise Rejected(f"{line[:100]!r} names no priority and its severity.", remedy=remedy)
    return priority.strip().casefold(), severity.upper()

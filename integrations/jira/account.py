"""What somebody said when setting up a source of Jira, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import Severity

REQUESTS, INCIDENTS = "requests", "incidents"
USUAL = re.compile(r"(?:p|sev)[ -]?([1-5])\b.*", re.IGNORECASE)
LOWEST = 4
PRIORITIES = {
    "blocker": "SEV1",
    "highest": "SEV1",
    "critical": "SEV1",
    "high": "SEV2",
    "major": "SEV2",
    "medium": "SEV3",
    "minor": "SEV4",
    "low": "SEV4",
    "lowest": "SEV4",
    "trivial": "SEV4",
}
DROPPED = {
    "won't do",
    "won't fix",
    "declined",
    "duplicate",
    "cannot reproduce",
    "incomplete",
    "invalid",
    "rejected",
    "canceled",
    "cancelled",
    "known error",
    "not a bug",
}
"""How Jira and those who use it call resolutions with which nothing was delivered."""
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Names as Jira tells them. `projects`, `requests` and `incidents` hold what was chosen, nothing where nobody chose
    yet; `usable` and `restored` are names of statuses in small letters.
    """

    api_url: str
    user: str
    projects: frozenset[str] | None
    requests: frozenset[str] | None
    incidents: frozenset[str] | None
    usable: frozenset[str]
    restored: frozenset[str]
    waiting: frozenset[str]
    dropped: frozenset[str]
    complex_labels: frozenset[str]
    severities: Mapping[str, str]
    teams: Mapping[str, str]
    toil: Mapping[str, str]
    service_field: str
    zone: ZoneInfo

    def kind(self, issue_type: str) -> str | None:
        """What issues of a type are; by their name where nobody chose."""
        if self._is(issue_type, self.incidents, "incident"):
            return INCIDENTS
        return REQUESTS if self._is(issue_type, self.requests, "request") else None

    def _is(self, issue_type: str, chosen: frozenset[str] | None, word: str) -> bool:
        return word in issue_type.casefold() if chosen is None else issue_type in chosen

    def has_project(self, issue: Item) -> bool:
        return self.projects is None or issue["fields"]["project"]["key"] in self.projects

    def severity(self, priority: Item | None) -> str | None:
        name = name_of(priority).casefold()
        usual = USUAL.fullmatch(name)
        said = f"SEV{min(int(usual[1]), LOWEST)}" if usual else PRIORITIES.get(name)
        return self.severities.get(name, said)

    def category(self, issue: Item) -> str | None:
        """The category of toil that an issue's labels name."""
        labels = issue["fields"].get("labels") or ()
        return next((self.toil[each] for each in labels if each in self.toil), None)


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    return Account(
        api_url=str(settings.get("api_url") or "").rstrip("/"),
        user=str(settings.get("user") or ""),
        projects=_chosen(settings, "projects"),
        requests=_chosen(settings, REQUESTS),
        incidents=_chosen(settings, INCIDENTS),
        usable=_folded(settings, "usable"),
        restored=_folded(settings, "restored"),
        waiting=_folded(settings, "waiting"),
        dropped=_folded(settings, "dropped") | DROPPED,
        complex_labels=frozenset(settings.get("complex_labels") or ()),
        severities=dict(map(_severity, settings.get("severities") or ())),
        teams=dict(map(_team, settings.get("teams") or ())),
        toil=dict(map(_toil, settings.get("toil") or ())),
        service_field=str(settings.get("service_field") or "components"),
        zone=_zone(str(settings.get("zone") or "UTC")),
    )


def name_of(thing: Any) -> str:
    """What people call a thing: priorities, components and users have names, options have values."""
    if isinstance(thing, list):
        return name_of(thing[0]) if thing else ""
    if isinstance(thing, Mapping):
        return name_of(thing.get("name") or thing.get("value") or thing.get("displayName") or thing.get("label"))
    return str(thing or "").strip()


def _chosen(settings: Mapping[str, Any], name: str) -> frozenset[str] | None:
    said = settings.get(name)
    return None if said is None else frozenset(said)


def _folded(settings: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(each.casefold() for each in settings.get(name) or ())


def _severity(line: str) -> tuple[str, str]:
    priority, _, severity = line.strip().rpartition(" ")
    if not priority.strip() or severity.upper() not in list(Severity):
        remedy = f"Write Urgent SEV1, with one of {', '.join(Severity)}."
        raise Rejected(f"{line[:100]!r} names no priority and its severity.", remedy=remedy)
    return priority.strip().casefold(), severity.upper()


def _team(line: str) -> tuple[str, str]:
    project, _, team = line.strip().partition(" ")
    if not team.strip():
        raise Rejected(f"{line[:100]!r} names no project and its team.", remedy="Write OPS ML Platform.")
    return project, team.strip()


def _toil(line: str) -> tuple[str, str]:
    label, _, category = line.strip().partition(" ")
    return label, category.strip() or label


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Rejected(f"{name[:100]!r} is no time zone.", remedy="Write it as Europe/London.") from None

"""What somebody said when setting up a source of JSM Operations or Opsgenie, as the code asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ops_console.contracts.integration import Rejected

PUBLIC = "https://api.atlassian.com"
PAGES = ("P1", "P2", "P3")
SEVERITIES = {"P1": "SEV1", "P2": "SEV2", "P3": "SEV3", "P4": "SEV4", "P5": "SEV4"}
LONGEST_NAME, LONGEST_TEXT = 300, 2000
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Without a `cloud_id` it is one of Opsgenie. `schedules` holds the names that count; where nobody chose,
    all do.
    """

    api_url: str
    cloud_id: str
    user: str
    pages: frozenset[str]
    service_tag: str
    people: Mapping[str, str]
    schedules: frozenset[str] | None

    @property
    def is_opsgenie(self) -> bool:
        return not self.cloud_id

    def person(self, name: str | None) -> str | None:
        """Whoever an address or an account id stands for."""
        return self.people.get(str(name).casefold(), str(name))[:LONGEST_NAME] if name else None

    def has_schedule(self, schedule: Item) -> bool:
        return self.schedules is None or schedule["name"] in self.schedules

    def url(self, alert_id: str) -> str | None:
        """Where people look at an alert; a site of Jira is not known by its cloud id."""
        site = self.api_url.replace("://api.", "://app.", 1)
        return f"{site}/alert/detail/{alert_id}/details" if self.is_opsgenie else None

    def service(self, tags: Any, entity: Any) -> str | None:
        key = f"{self.service_tag}:"
        tagged = (str(each).removeprefix(key) for each in tags or () if str(each).startswith(key))
        found = next(tagged, "") if self.service_tag else ""
        return (found.strip() or str(entity or "").strip())[:LONGEST_NAME] or None


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    chosen = settings.get("schedules")
    return Account(
        api_url=str(settings.get("api_url") or PUBLIC).rstrip("/"),
        cloud_id=str(settings.get("cloud_id") or ""),
        user=str(settings.get("user") or ""),
        pages=frozenset(settings.get("pages") or PAGES),
        service_tag=str(settings.get("service_tag") or ""),
        people=dict(map(_person, settings.get("people") or ())),
        schedules=None if chosen is None else frozenset(chosen),
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _person(line: str) -> tuple[str, str]:
    name, _, person = line.strip().partition(" ")
    if not person.strip():
        remedy = "Write ana@acme.example Ana Ruiz."
        raise Rejected(f"{line[:100]!r} names no address and whose it is.", remedy=remedy)
    return name.casefold(), person.strip()

"""What somebody said when setting up a source of calendars, as the code asks for it."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.ical.people import Naming
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup

EXAMPLE = "Write it as Search primary https://cal.example.com/search.ics."
WEBCAL = re.compile(r"^webcals?://", re.I)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`schedule` may be empty: then the calendar names itself. The address may be a secret."""

    schedule: str
    address: str

    @property
    def key(self) -> str:
        """What it is remembered by: nothing that leads to it."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:16]

    @property
    def what(self) -> str:
        return f"calendar {self.schedule}".strip()


@dataclass(frozen=True, slots=True)
class Account:
    calendars: tuple[Calendar, ...]
    naming: Naming
    zone: ZoneInfo | None


def account(setup: Setup) -> Account:
    """The account; `Rejected` names what makes no sense."""
    lines = [*(setup.settings.get("calendars") or ()), *setup.secrets.get("addresses", "").splitlines()]
    calendars = tuple(dict.fromkeys(_calendar(line.strip()) for line in lines if line.strip()))
    if not calendars:
        raise Rejected("No calendar is named.", remedy=EXAMPLE)
    if setup.secrets.get("token") and len({urlsplit(each.address).netloc for each in calendars}) > 1:
        raise Rejected("The calendars lie on several hosts.", remedy="Make a source for each: the token is for one.")
    return Account(calendars, Naming(str(setup.settings.get("summary") or "")), _zone(setup.settings.get("zone")))


def _calendar(line: str) -> Calendar:
    schedule, _, address = line.rpartition(" ")
    address = WEBCAL.sub("https://", address)
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_address = False
    if not is_address:
        named = f"The line of {schedule.strip()[:100]}" if schedule.strip() else "A line"
        raise Rejected(f"{named} names no address of a calendar.", remedy=EXAMPLE)
    return Calendar(schedule.strip(), address)


def _zone(said: str | None) -> ZoneInfo | None:
    name = (said or "").strip()
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Rejected(f"{name[:60]!r} is no time zone.", remedy="Write one such as Europe/London.") from error

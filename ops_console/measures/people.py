"""Who is who: people as facts name them, with their team, their zone and the days they are here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class Someone:
    """`key` is the same however a fact spells the person."""

    key: str
    team: str | None = None
    zone: ZoneInfo | None = None
    active_from: date | None = None
    active_to: date | None = None

    def is_here(self, first: date, last: date) -> bool:
        """On any day of `[first, last]`."""
        came_later = self.active_from is not None and self.active_from > last
        left_before = self.active_to is not None and self.active_to < first
        return not (came_later or left_before)


class People:
    """Found by e-mail address, name or the number their source gave them; who is unknown has no team and no zone.

    What several sources say of one person adds up. Two people of one name are told apart by their addresses. `known`
    is gone through when somebody is asked for: most figures ask for nobody.
    """

    def __init__(self, known: Iterable[Any] = ()) -> None:
        self._known = iter(known)
        self._keys: dict[str, str] = {}
        self._people: dict[str, Someone] = {}

    def named(self, name: str) -> Someone:
        for row in self._known:
            self._learn(row)
        spelt = _spelt(name)
        return self._people.get(self._keys.get(spelt, "")) or Someone(spelt)

    def _learn(self, row: Any) -> None:
        email, name = _spelt(row.email), _spelt(row.name)
        key = self._key(email, name)
        self._people[key] = _added(self._people.get(key, Someone(key)), row)
        for each in filter(None, (email, name, _spelt(row.external_id))):
            self._keys.setdefault(each, key)

    def _key(self, email: str, name: str) -> str:
        namesake = self._keys.get(name, "")
        is_other = bool(email) and "@" in namesake and namesake != email
        return self._keys.get(email) or ("" if is_other else namesake) or email or name


def _spelt(name: str | None) -> str:
    return (name or "").strip().casefold()


def _added(someone: Someone, row: Any) -> Someone:
    return Someone(
        someone.key,
        someone.team or row.team,
        someone.zone or _zone(row.time_zone),
        someone.active_from or row.active_from,
        someone.active_to or row.active_to,
    )


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None

"""Asking the times of a fact whether they can be."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from ops_console.contracts.times import Stretch, latest


class Impossible(NamedTuple):
    """A field whose time cannot be: `what` in a few words, `reason` with the times and the way out."""

    field: str
    what: str
    reason: str


class Possible:
    """What is asked of the times of one kind of fact, by the clock of one moment."""

    def __init__(self, fields: Mapping[str, FieldInfo], stretches: tuple[Stretch, ...], at: datetime) -> None:
        self._latest = tuple(latest(fields, at))
        self._refused = tuple(each for each in stretches if not each.is_kept)
        self._kept = tuple(each for each in stretches if each.is_kept)
        self._at = at

    def wrong(self, said: Mapping[str, Any]) -> Impossible | None:
        """The first time for which a fact is refused."""
        for name, most in self._latest:
            told = said[name]
            if told is not None and told > most:
                return self._ahead(name, told)
        return _disorder(self._refused, said) if self._refused else None

    def odd(self, said: Mapping[str, Any]) -> Impossible | None:
        """The first time that cannot be, of a fact that counts without it."""
        return _disorder(self._kept, said) if self._kept else None

    def first(self, said: Mapping[str, Any]) -> Impossible | None:
        """The first time that cannot be: of what a person says, none is kept."""
        return self.wrong(said) or self.odd(said)

    def _ahead(self, name: str, told: date) -> Impossible:
        days = ((told.date() if isinstance(told, datetime) else told) - self._at.date()).days
        reason = (
            f"{name} ({_written(told)}) lies {days:,} days ahead, and is told once it has happened; "
            "correct the year or the form of the time, or leave it empty while it is unknown"
        )
        return Impossible(name, f"{name} lies {days:,} days ahead, and is told once it has happened", reason)


def _disorder(stretches: tuple[Stretch, ...], said: Mapping[str, Any]) -> Impossible | None:
    for begins, ends, least, _ in stretches:
        for began in begins:
            beginning = said[began]
            if beginning is not None:
                break
        else:
            continue
        for ended in ends:
            end = said[ended]
            if end is not None and end <= beginning and end - beginning < least:
                return _disordered(ended, end, began, beginning)
    return None


def _disordered(ended: str, end: date, began: str, beginning: date) -> Impossible:
    how = "is not after" if end == beginning else "lies before"
    reason = (
        f"{ended} ({_written(end)}) {how} {began} ({_written(beginning)}); "
        "correct whichever of the two is wrong, and look at their zones"
    )
    return Impossible(ended, f"{ended} {how} {began}", reason)


def _written(told: date) -> str:
    return told.isoformat().replace("+00:00", "Z")

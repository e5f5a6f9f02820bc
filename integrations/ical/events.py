"""The events of a calendar as shifts: https://www.rfc-editor.org/rfc/rfc5545

Events that belong together (one `UID`) are unfolded together, and each such series for itself: a broken one hides no
other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from threading import Lock
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from integrations.ical.people import Naming, people
from ops_console.core.clock import to_milliseconds

BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What the libraries raise where an event is not what it should be."""
MOST = 20_000
"""Shifts of one calendar, beyond which it is no calendar of shifts."""
YEAR = timedelta(days=366)
TOO_OFTEN = ("SECONDLY", "MINUTELY")
CANCELLED, NOBODY = "cancelled", "without a person"
BEGIN, CALENDAR = (re.compile(rf"^BEGIN:{kind}\s*$", re.I | re.M) for kind in ("VEVENT", "VCALENDAR"))
AHEAD = timedelta(days=14)
"""How far a calendar is unfolded: an unchanged one need not be read again before."""
_PARSING = Lock()
"""Zones of their own are known to the whole process, under the names that calendars give them."""
SHOWN = 2_000


class Shift(NamedTuple):
    """When it is naive, its zone was never named."""

    person: str
    began: datetime
    ended: datetime


class Broken(NamedTuple):
    """A series that cannot be read: the line its first event begins on, and why."""

    line: int
    reason: str
    raw: str


class Unfit(Exception):
    """Why an event cannot be a shift."""


class TooMany(ValueError):
    """It is no calendar of shifts."""


@dataclass
class Roster:
    """What a calendar holds between two instants: its shifts with the lines they are written on, and how much came to
    nothing. `once` and `often` say when the first event of each kind began.
    """

    name: str = ""
    shifts: dict[Shift, int] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    once: datetime | None = None
    often: datetime | None = None

    @property
    def begins(self) -> datetime | None:
        """From when on it speaks of all there was: a calendar that forgets single events may keep a recurring one."""
        return max((each for each in (self.once, self.often) if each is not None), default=None)


def roster(written: str, begin: datetime, end: datetime, naming: Naming, zone: ZoneInfo | None) -> Roster:
    """The shifts that touch the time from `begin` to `end`; a ValueError where it is no calendar at all."""
    calendars = _calendars(written)
    found = Roster(name=next((name for each in calendars if (name := _name(each))), ""))
    lines = [written.count("\n", 0, each.start()) + 1 for each in BEGIN.finditer(written)]
    events = [(calendar, event) for calendar in calendars for event in calendar.walk("VEVENT")]
    for calendar, series in _series(events, lines):
        try:
            for each in _shifts(calendar, series, (begin, end), naming, zone, found):
                found.shifts.setdefault(each, min(series))
                if len(found.shifts) > MOST:
                    raise TooMany(f"it holds more than {MOST:,} shifts")
        except TooMany:
            raise
        except Unfit as error:
            found.broken.append(_broken(series, str(error)))
        except BROKEN as error:
            found.broken.append(_broken(series, f"the event cannot be read ({_words(error)}); mend it"))
    return found


def _calendars(written: str) -> list[icalendar.Calendar]:
    """All that the text holds, whole; what another calendar called a zone of its own is forgotten before."""
    with _PARSING:
        icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]
        found = icalendar.Calendar.from_ical(written, multiple=True)
    if not found or len(found) != len(CALENDAR.findall(written)):
        raise ValueError("it does not end")
    return found


def _series(
    events: Iterable[tuple[icalendar.Calendar, Any]], lines: Sequence[int]
) -> Iterator[tuple[icalendar.Calendar, Mapping[int, Any]]]:
    """Events by their UID, with the line each begins on."""
    found: dict[tuple[int, str], tuple[icalendar.Calendar, dict[int, Any]]] = {}
    for place, (calendar, event) in enumerate(events):
        line = lines[place] if place < len(lines) else 1
        key = str(event.get("UID") or f"line {line}")
        found.setdefault((id(calendar), key), (calendar, {}))[1][line] = event
    yield from found.values()


def _shifts(
    calendar: icalendar.Calendar,
    series: Mapping[int, Any],
    between: tuple[datetime, datetime],
    naming: Naming,
    zone: ZoneInfo | None,
    found: Roster,
) -> Iterator[Shift]:
    alone = icalendar.Calendar()
    for name in ("X-WR-TIMEZONE", "CALSCALE"):
        if name in calendar:
            alone[name] = calendar[name]
    for event in series.values():
        _check(event)
        alone.add_component(event)
    home = zone_of(calendar) or zone
    _note_beginning(found, [_instant(event["DTSTART"].dt, home) for event in series.values()], _recurs(series))
    for each in _unfolded(alone, *between):
        began, ended = (_instant(each[name].dt, home) for name in ("DTSTART", "DTEND"))
        names = people(each, naming)
        if str(each.get("STATUS") or "").upper() == "CANCELLED":
            found.left[CANCELLED] += 1
        elif not names:
            found.left[NOBODY] += 1
        elif ended > began:
            yield from (Shift(name, began, ended) for name in names)


def _unfolded(alone: icalendar.Calendar, begin: datetime, end: datetime) -> Iterator[Any]:
    """Occurrences year by year: of an endless series no more are in hand. One that lasts over a border comes once."""
    query, met = recurring_ical_events.of(alone), set[tuple[str, str]]()
    while begin < end:
        until = min(begin + YEAR, end)
        for each in query.between(begin, until):
            name = str(each["DTSTART"].dt), str(each["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in each else ""
            if name not in met:
                met.add(name)
                yield each
        begin = until


def _check(event: Any) -> None:
    """What the libraries would guess: a zone nobody defined, and a rule that never comes to an end."""
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        if name in event and (zone := event[name].params.get("TZID")):
            at = event[name].dt
            if isinstance(at, datetime) and at.tzinfo is None:
                raise Unfit(f"{name} names the time zone {str(zone)[:60]!r}, which nobody knows; define it")
    if "DTSTART" not in event:
        raise Unfit("the event has no DTSTART")
    if "DTEND" in event and event["DTEND"].dt < event["DTSTART"].dt:
        raise Unfit("the event ends before it begins")
    rules = event.get("RRULE") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        if set(map(str.upper, map(str, rule.get("FREQ", ())))) & set(TOO_OFTEN):
            raise Unfit("the event repeats by the minute, which is no shift")


def _instant(at: date | datetime, home: tzinfo | None) -> datetime:
    """In UTC; a day begins at its midnight. Without any zone it stays as it was written."""
    if not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day)  # noqa: DTZ001  (its zone follows)
    at = at if at.tzinfo else at.replace(tzinfo=home)
    return to_milliseconds(at.astimezone(UTC)) if at.tzinfo else at


def zone_of(calendar: icalendar.Calendar) -> ZoneInfo | None:
    """The zone that the calendar names for all of its events."""
    try:
        return ZoneInfo(str(calendar["X-WR-TIMEZONE"]).strip()) if "X-WR-TIMEZONE" in calendar else None
    except (ValueError, OSError, KeyError):  # no such zone
        return None


def _recurs(series: Mapping[int, Any]) -> bool:
    return any(name in event for event in series.values() for name in ("RRULE", "RDATE"))


def _note_beginning(found: Roster, began: Iterable[datetime], recurs: bool) -> None:
    known = (*(each for each in began if each.tzinfo), found.often if recurs else found.once)
    first = min((each for each in known if each is not None), default=None)
    if recurs:
        found.often = first
    else:
        found.once = first


def _name(calendar: icalendar.Calendar) -> str:
    return str(calendar.get("NAME") or calendar.get("X-WR-CALNAME") or "").strip()[:300]


def _broken(series: Mapping[int, Any], reason: str) -> Broken:
    line, event = next(iter(series.items()))
    return Broken(line, reason, " ".join(event.to_ical().decode("utf-8", "replace").split())[:SHOWN])


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"

"""Reads calendars at their addresses, where they changed, and tells of each shift once it has ended."""

from collections.abc import Generator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from integrations.ical.account import Account, Calendar, account
from integrations.ical.events import AHEAD, Roster, roster
from integrations.ical.memory import Memory, remembered
from integrations.ical.reader import UNNAMED
from ops_console.contracts.files import File, read_file
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Page, Setup, Told
from ops_console.core.clock import now
from ops_console.core.units import counted

MEND = "Mend the event; the others were read."
ZONE = "Name the zone at the set-up of this source."
NONE = "Check the address: it must lead to a calendar (text/calendar)."
NAMED = 20
"""People a preview names."""
BATCH = 1_000


def check(setup: Setup) -> tuple[str, ...]:
    """Whether each calendar can be read."""
    here = account(setup)
    found = [(each, _read(setup, here, each, now())) for each in here.calendars]
    return tuple(f"{_schedule(calendar, roster)} can be read." for calendar, roster in found)


def discover(setup: Setup, since: datetime) -> Discovery:
    """Shifts and people of each calendar, and what is left out of it."""
    here, lines = account(setup), []
    for calendar in here.calendars:
        found = _read(setup, here, calendar, since)
        people = sorted({each.person for each in found.shifts})
        lines.append(
            f"{_schedule(calendar, found)}: {counted(len(found.shifts), 'shifts')} of {counted(len(people), 'people')}."
        )
        if people:
            lines.append(f"They are called {', '.join(people[:NAMED])}{' and others' if people[NAMED:] else ''}.")
        lines += [f"Left out: {counted(count, 'events')} {word}." for word, count in sorted(found.left.items())]
    return Discovery(tuple(lines))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """Calendar by calendar. One that cannot be read does not keep the others from being read."""
    here, at = account(setup), now()
    state: dict[str, Any] = deepcopy(dict(cursor))
    trouble: Rejected | None = None
    for number, calendar in enumerate(here.calendars, 1):
        memory = remembered(state.get(calendar.key))
        try:
            facts, refused = _turn(setup, here, calendar, memory, since, at)
        except Rejected as error:
            trouble = trouble or error
            continue
        trouble = trouble or refused
        # The place moves on with the last of its facts: what is killed before is read again.
        for begin in range(0, len(facts) - BATCH, BATCH):
            yield Page(facts[begin : begin + BATCH], deepcopy(state), number - 1, len(here.calendars))
        state[calendar.key] = memory.kept()
        rest = (max(0, len(facts) - 1)) // BATCH * BATCH
        yield Page(facts[rest:], deepcopy(state), number, len(here.calendars))
    if trouble is not None:
        raise trouble


def _turn(
    setup: Setup, here: Account, calendar: Calendar, memory: Memory, since: datetime, at: datetime
) -> tuple[list[Told], Rejected | None]:
    """The facts of one calendar, and what is wrong with its first event that could not be read."""
    file = _file(setup, calendar, memory.asks_with(at))
    if file is None:
        return memory.pass_by(at), None
    found = _roster(file.text, here, calendar, memory.begin(since, at), at)
    refused = _refused(found, calendar)
    memory.schedule = calendar.schedule or memory.schedule or _schedule(calendar, found)
    facts = memory.take(found, since, at)
    memory.seen = {} if refused else dict(file.seen)
    return facts, refused


def _file(setup: Setup, calendar: Calendar, seen: Mapping[str, str]) -> File | None:
    token = setup.secrets.get("token", "")
    return read_file(calendar.address, f"the {calendar.what}", token=token, seen=seen, private=setup.private)


def _read(setup: Setup, here: Account, calendar: Calendar, since: datetime) -> Roster:
    """A calendar of which every event can be read."""
    file = _file(setup, calendar, {})
    found = _roster("" if file is None else file.text, here, calendar, since, now())
    if refused := _refused(found, calendar):
        raise refused
    return found


def _roster(written: str, here: Account, calendar: Calendar, begin: datetime, at: datetime) -> Roster:
    try:
        found = roster(written, begin, at + AHEAD, here.naming, here.zone)
    except ValueError as error:
        raise Rejected(f"The {calendar.what} cannot be read: {str(error)[:200]}.", remedy=NONE) from None
    if any(each.began.tzinfo is None for each in found.shifts):
        raise Rejected(f"The {calendar.what} names no time zone for some of its events.", remedy=ZONE)
    return found


def _refused(found: Roster, calendar: Calendar) -> Rejected | None:
    if not found.broken:
        return None
    first, more = found.broken[0], len(found.broken) - 1
    beside = f" (and {more} more)" if more else ""
    return Rejected(f"The {calendar.what}, line {first.line}: {first.reason}{beside}.", remedy=MEND)


def _schedule(calendar: Calendar, found: Roster) -> str:
    return calendar.schedule or found.name or UNNAMED

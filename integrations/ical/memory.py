"""What is remembered of a calendar between two readings.

Some calendars hold all that ever was, others only what is to come; neither says when something was taken out. So what
is to come is remembered until it is over, and what was told is taken back where the calendar, which still speaks of
that time, says nothing of it any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integrations.ical.events import AHEAD, Roster, Shift
from integrations.ical.told import fact, gone, name_of
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

BEHIND = timedelta(days=60)
"""How far back a calendar may be changed and be heard."""
MARGIN = timedelta(days=1)


@dataclass
class Memory:
    """`waiting` are shifts that are not over, `told` those that lately were."""

    schedule: str = ""
    until: datetime | None = None
    seen: dict[str, str] = field(default_factory=dict)
    waiting: list[Shift] = field(default_factory=list)
    told: list[Shift] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        return {
            "schedule": self.schedule,
            "until": iso(self.until),
            "seen": self.seen,
            "waiting": [_written(each) for each in self.waiting],
            "told": [_written(each) for each in self.told],
        }

    def begin(self, since: datetime, at: datetime) -> datetime:
        """From when on the calendar is read: all of it the first time."""
        return since if self.until is None else max(since, at - BEHIND)

    def asks_with(self, at: datetime) -> dict[str, str]:
        """What to ask with whether it changed; nothing where it must be read in any case, to see farther ahead."""
        return self.seen if self.until is not None and at + MARGIN < self.until else {}

    def pass_by(self, at: datetime) -> list[Told]:
        """Time alone has passed."""
        over = [each for each in self.waiting if each.ended <= at]
        self._remember(over, [each for each in self.waiting if each.ended > at], at)
        return [fact(self.schedule, each) for each in over]

    def take(self, found: Roster, since: datetime, at: datetime) -> list[Told]:
        """A calendar that was read, from `begin` on. One of which a part could not be read takes nothing back."""
        begin, begins = self.begin(since, at), None if found.broken else found.begins
        let_go = [each for each in self.waiting if begins is None or each.began < begins]
        shifts = list(dict.fromkeys([*found.shifts, *let_go]))
        over = [each for each in shifts if since < each.ended <= at]
        names = {name_of(self.schedule, each) for each in shifts}
        unsaid = [each for each in self.told if name_of(self.schedule, each) not in names]
        taken_back = [each for each in unsaid if begins is not None and begins <= each.began and each.ended > begin]
        still = [each for each in unsaid if each not in taken_back]
        self.told = still
        self._remember(over, [each for each in shifts if each.ended > at], at)
        self.until = at + AHEAD
        return [*(fact(self.schedule, each) for each in over), *(gone(self.schedule, each) for each in taken_back)]

    def _remember(self, over: Sequence[Shift], waiting: Sequence[Shift], at: datetime) -> None:
        lately = [each for each in (*self.told, *over) if each.ended > at - BEHIND]
        self.told, self.waiting = list(dict.fromkeys(lately)), list(waiting)


def remembered(kept: Mapping[str, Any] | None) -> Memory:
    if not kept:
        return Memory()
    until = kept.get("until")
    return Memory(
        schedule=kept["schedule"],
        until=datetime.fromisoformat(until) if until else None,
        seen=dict(kept["seen"]),
        waiting=list(map(_read, kept["waiting"])),
        told=list(map(_read, kept["told"])),
    )


def _written(shift: Shift) -> list[str]:
    return [shift.person, iso(shift.began), iso(shift.ended)]


def _read(written: Sequence[str]) -> Shift:
    return Shift(written[0], datetime.fromisoformat(written[1]), datetime.fromisoformat(written[2]))

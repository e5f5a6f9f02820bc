"""On-call load: pages against the hours on call, and how often it was too much twice in a row. Nobody is named."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import FromClause

from ops_console.core import units
from ops_console.core.clock import MILLISECOND
from ops_console.core.statistics import quantile
from ops_console.measures.aggregates import Aggregate, Edge, Rows, when
from ops_console.measures.duties import HOUR, LONGEST, Duty, Piece, Planned, duties, union
from ops_console.measures.figures import AT, EXCLUDED, REST, Cell, Figure, Part, Reduced, Setting, Span
from ops_console.measures.interruptions import Hours, hours_of, interruptions
from ops_console.measures.people import Someone
from ops_console.measures.privacy import FEWEST_PEOPLE, shown
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind

PERSON, SCHEDULE, BEGAN, ENDED, OVERRIDE, INCIDENT = range(REST, REST + 6)
SHIFT_HOURS = 12
LIMIT = 2
"""More pages than this in a shift of twelve hours are too many (Beyer et al., Site Reliability Engineering, ch. 11)."""
APART = 56 * 24 * HOUR
"""The next shift of a person counts as the next one in a row if it begins within so long: a rota of eight people comes
round in seven weeks.
"""
REACH = timedelta(milliseconds=APART + 2 * LONGEST)
"""How far back a figure looks, and so how far ahead a page changes figures: the shift it fell in, and the next one."""
REACH_DAYS = REACH.days


@dataclass(frozen=True, slots=True)
class OnCall(Aggregate):
    """Two selects, shifts and pages, with `person`, `schedule` (null for a page), `began`, `ended`, `override` and
    `incident`; `unknown` is the reason of pages that name nobody.
    """

    unknown: str = ""
    reach: timedelta = REACH
    """How far back it looks: who asks for no shift but those of a stretch need not look further than the longest."""
    by_row: ClassVar[bool] = True
    by_anchor: ClassVar[bool] = False

    @property
    def keys(self) -> tuple[str, ...]:
        return ("person", "schedule", "began", "ended", "override", "incident")

    def arms(self, since: Edge, until: Edge, moments: Callable[[], FromClause]) -> Rows:
        shifts, pages = self.rows
        begin = since - self.reach // MILLISECOND
        still_on = shifts.selected_columns["ended"].element > begin
        return shifts.where(when(shifts) < until, still_on), pages.where(when(pages) < until, when(pages) >= begin)

    def parts(self, figure: Figure) -> Sequence[Part]:
        """Schedules as a whole; those that few people share are not told apart."""
        return [
            Part(each["name"], each["pages_per_shift"], each["shifts"], note=_note(each))
            if "shifts" in each
            else Part(each["name"], None, 0, "hidden to protect people")
            for each in figure.detail.get("schedules", ())
        ]

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return Load(cells, setting, self.unknown)


def _note(schedule: Mapping[str, Any]) -> str:
    over = f"{units.count(schedule['shifts_over'])} of {units.count(schedule['shifts'])} shifts over the limit"
    return f"{units.number(schedule['pages_per_shift'])} pages a shift, {over}"


class _Person:
    """One person's shifts in order of their ends, hours on call without overlaps, and interruptions."""

    def __init__(self, found: Sequence[Duty], pages: Sequence[int], zone: ZoneInfo) -> None:
        self.pages = pages
        self.by_hours: dict[Hours, list[int]] = {kind: [] for kind in Hours}
        for at in pages:
            self.by_hours[hours_of(at, zone)].append(at)
        self.on_call = union(piece for duty in found for piece in duty.pieces)
        self.duties = _outermost(found)
        self.ends = [duty.end for duty in self.duties]
        self.over = [_per_shift(self.pages_in(duty.pieces), duty.hours) > LIMIT for duty in self.duties]
        self.repeated = [
            over and self._was_over_before(duty) for duty, over in zip(self.duties, self.over, strict=True)
        ]

    def pages_in(self, pieces: Iterable[Piece]) -> int:
        return sum(_between(self.pages, start, end) for start, end in pieces)

    def on_call_in(self, start: int, end: int) -> list[Piece]:
        first = max(0, bisect_left(self.on_call, (start, start)) - 1)
        last = bisect_left(self.on_call, (end, end))
        clipped = ((max(start, began), min(end, ended)) for began, ended in self.on_call[first:last])
        return [piece for piece in clipped if piece[0] < piece[1]]

    def ended_in(self, start: int, end: int) -> range:
        """The places of the shifts that ended then."""
        return range(bisect_left(self.ends, start + 1), bisect_left(self.ends, end + 1))

    def _was_over_before(self, duty: Duty) -> bool:
        """The last shift that had ended when this one began."""
        place = bisect_right(self.ends, duty.start) - 1
        return place >= 0 and self.over[place] and duty.start - self.ends[place] <= APART


def _outermost(found: Sequence[Duty]) -> list[Duty]:
    """Without shifts of one person that lie within another: two layers at once are one shift."""
    kept: list[Duty] = []
    latest = 0
    for duty in sorted(found, key=lambda duty: (duty.start, -duty.end, duty.schedule)):
        if duty.end > latest:
            kept.append(duty)
            latest = duty.end
    return sorted(kept, key=lambda duty: (duty.end, duty.start))


def _between(at: Sequence[int], start: int, end: int) -> int:
    return bisect_left(at, end) - bisect_left(at, start)


def _per_shift(pages: int, hours: float) -> float:
    """Pages in twelve hours; a shorter stretch counts as one shift."""
    return pages / max(1.0, hours / SHIFT_HOURS)


@dataclass(frozen=True, slots=True)
class _Share:
    """What one person carried in one span."""

    person: _Person
    team: str
    hours: float
    pages: int
    on_duty: int

    @property
    def per_shift(self) -> float:
        return _per_shift(self.on_duty, self.hours)


@dataclass(frozen=True, slots=True)
class Carried:
    """What one person carried in a stretch. Nobody but that person and the managers may see it."""

    who: Someone
    hours: float
    pages: int
    by_hours: Mapping[Hours, int]
    shifts: int
    shifts_over: int
    per_shift: float


class Load(Reduced):
    def __init__(self, cells: Sequence[Cell], setting: Setting, unknown: str) -> None:
        self._setting, self._unknown = setting, unknown
        self._teams: dict[Someone, str] = {}
        self._people = self._settled(cells)
        self._named = sorted(at for person in self._people.values() for at in person.pages)
        self._unnamed = sorted(cell[AT] for cell in cells if cell[EXCLUDED] == unknown)
        self._carried: dict[tuple[int, int], list[_Share]] = {}

    def scopes(self) -> Iterable[Scope]:
        teams = sorted({who.team for who in self._people if who.team})
        return [WORKSPACE, *(Scope(ScopeKind.TEAM, team) for team in teams)] if self._people or self._unnamed else []

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        everybody = self._in(start, end)
        mine = [each for each in everybody if scope == WORKSPACE or each.team == scope.key]
        on_call = [each for each in mine if each.hours]
        if not on_call:
            return None
        if not _may_be_shown([each for each in everybody if each.hours], scope):
            return Figure(detail={"hidden": True})
        named, unnamed = _between(self._named, start, end), _between(self._unnamed, start, end)
        return Figure(
            value=float(self._repeated(mine, start, end)) if named or not unnamed else None,
            n=Decimal(len(on_call)),
            detail={**_told(mine, on_call, start, end), "schedules": _schedules(mine, start, end)},
            excluded={self._unknown: unnamed} if unnamed else {},
            coverage_known=named,
            coverage_expected=named + unnamed,
        )

    def carried(self, span: Span) -> list[Carried]:
        """By person, for those who were on call or paged; who was on call longest comes first."""
        start, end = span.milliseconds
        shares = zip(self._people, self._in(start, end), strict=True)
        found = [_carried(who, share, start, end) for who, share in shares if share.hours or share.pages]
        return sorted(found, key=lambda each: (-each.hours, -each.pages, each.who.key))

    def unnamed(self, span: Span) -> int:
        """Pages that name nobody, and stand with no person."""
        return _between(self._unnamed, *span.milliseconds)

    def _repeated(self, mine: Sequence[_Share], start: int, end: int) -> int:
        """People whose shift that ended in the span, and the one before it, were too much."""
        return sum(any(each.person.repeated[place] for place in each.person.ended_in(start, end)) for each in mine)

    def _settled(self, cells: Sequence[Cell]) -> dict[Someone, _Person]:
        planned: list[Planned] = []
        pages: defaultdict[Someone, list[tuple[int, str | None]]] = defaultdict(list)
        counted = [cell for cell in cells if cell[EXCLUDED] is None]
        named = {name: self._setting.people.named(name) for name in {cell[PERSON] for cell in counted}}
        for cell in counted:
            who = named[cell[PERSON]]
            if cell[SCHEDULE] is None:
                pages[who].append((cell[BEGAN], cell[INCIDENT]))
            else:
                planned.append(Planned(cell[SCHEDULE], who, cell[BEGAN], cell[ENDED], bool(cell[OVERRIDE])))
        of_person: defaultdict[Someone, list[Duty]] = defaultdict(list)
        for duty in duties(planned):
            of_person[duty.who].append(duty)
        people = sorted(pages.keys() | of_person.keys(), key=lambda who: who.key)
        zone = self._setting.zone
        return {who: _Person(of_person[who], interruptions(pages[who]), who.zone or zone) for who in people}

    def _in(self, start: int, end: int) -> list[_Share]:
        if (start, end) not in self._carried:
            self._carried[start, end] = [_share(who, person, start, end) for who, person in self._people.items()]
        return self._carried[start, end]


def _share(who: Someone, person: _Person, start: int, end: int) -> _Share:
    pieces = person.on_call_in(start, end)
    hours = sum(ended - began for began, ended in pieces) / HOUR
    return _Share(person, who.team or "", hours, _between(person.pages, start, end), person.pages_in(pieces))


def _carried(who: Someone, share: _Share, start: int, end: int) -> Carried:
    person, ended = share.person, share.person.ended_in(start, end)
    by_hours = {kind: _between(person.by_hours[kind], start, end) for kind in Hours}
    over = sum(person.over[place] for place in ended)
    return Carried(who, share.hours, share.pages, by_hours, len(ended), over, share.per_shift)


def _may_be_shown(on_call: Sequence[_Share], scope: Scope) -> bool:
    if len(on_call) < FEWEST_PEOPLE:
        return False
    return scope == WORKSPACE or scope.key in shown(Counter(each.team for each in on_call))


def _told(mine: Sequence[_Share], on_call: Sequence[_Share], start: int, end: int) -> dict[str, Any]:
    """The load of all, of the person in the middle and of the one who carries most."""
    pages, hours = sum(each.pages for each in mine), sorted(each.hours for each in on_call)
    on_duty, rates = sum(each.on_duty for each in mine), sorted(each.per_shift for each in on_call)
    ended = [each.person.over[place] for each in mine for place in each.person.ended_in(start, end)]
    by_hours = {kind.value: sum(_between(each.person.by_hours[kind], start, end) for each in mine) for kind in Hours}
    return {
        "pages": pages,
        "pages_per_shift": _per_shift(on_duty, sum(hours)),
        "pages_per_shift_median": quantile(rates, 0.5),
        "pages_per_shift_highest": rates[-1],
        "by_hours": by_hours,
        "outside_shifts": pages - on_duty,
        "hours_median": quantile(hours, 0.5),
        "hours_highest": hours[-1],
        "highest_share": max(each.pages for each in mine) / pages if pages else None,
        "shifts": len(ended),
        "shifts_over": sum(ended),
    }


def _schedules(mine: Sequence[_Share], start: int, end: int) -> list[dict[str, Any]]:
    """Each schedule's shifts that ended in the span, where enough people share it."""
    found: defaultdict[str, list[tuple[_Person, int]]] = defaultdict(list)
    for each in mine:
        for place in each.person.ended_in(start, end):
            found[each.person.duties[place].schedule].append((each.person, place))
    sizes = {name: len({id(person) for person, _ in shifts}) for name, shifts in found.items()}
    may_be_shown = shown(sizes)
    return [
        {"name": name, **_schedule(found[name])} if name in may_be_shown else {"name": name} for name in sorted(found)
    ]


def _schedule(shifts: Sequence[tuple[_Person, int]]) -> dict[str, Any]:
    pages = sum(person.pages_in(person.duties[place].pieces) for person, place in shifts)
    hours = sum(person.duties[place].hours for person, place in shifts)
    return {
        "shifts": len(shifts),
        "shifts_over": sum(person.over[place] for person, place in shifts),
        "pages_per_shift": _per_shift(pages, hours),
    }

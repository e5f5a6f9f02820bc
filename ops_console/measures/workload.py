"""Manual work against the hours there were, of the people who logged any: who logged nothing is unknown, not idle."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

from ops_console.core import units
from ops_console.core.clock import milliseconds
from ops_console.core.columns import instant
from ops_console.core.periods import Grain, containing
from ops_console.measures.aggregates import Aggregate, AnySelect
from ops_console.measures.figures import AT, EXCLUDED, REST, Cell, Figure, Part, Reduced, Setting, Span
from ops_console.measures.people import Someone
from ops_console.measures.privacy import FEWEST_PEOPLE, shown
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind

T = TypeVar("T")
PERSON, CATEGORY, MINUTES = range(REST, REST + 3)
DAY, HOUR = 86_400_000, 60
ENOUGH = Fraction(6, 10)
"""So many of the people must have logged their work and have known hours."""
NO_HOURS = "no available hours known"


@dataclass(frozen=True, slots=True)
class Workload(Aggregate):
    """Rows with `person`, `category` and `minutes`; `available` yields person, starts_at, ends_at and hours, which are
    spread evenly over their days. Work is told by category and week, never by person.
    """

    available: AnySelect | None = None
    measured: ClassVar[str | None] = "minutes"
    by_row: ClassVar[bool] = True

    @property
    def keys(self) -> tuple[str, ...]:
        return ("person", "category", "minutes")

    def against(self) -> AnySelect | None:
        return self.available

    def parts(self, figure: Figure) -> Sequence[Part]:
        """What each kind of work took in each week; together they make the figure."""
        had = float(figure.n or 1)
        return [
            Part(
                f"{category}, {units.period_title(week)}",
                minutes / had,
                minutes,
                note=f"{units.number(minutes / HOUR)} h",
            )
            for week, found in figure.detail.get("by_week", {}).items()
            for category, minutes in found.items()
        ]

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Worked(cells, setting, [_Hours.of(row, setting) for row in against])


@dataclass(frozen=True, slots=True)
class _Hours:
    """What one person had in `[start, end)`."""

    who: Someone
    start: int
    end: int
    minutes: Fraction

    @classmethod
    def of(cls, row: Any, setting: Setting) -> "_Hours":
        start, end = milliseconds(row.starts_at), milliseconds(row.ends_at)
        return cls(setting.people.named(row.person), start, end, Fraction(row.hours) * HOUR)

    def within(self, start: int, end: int) -> Fraction:
        """A day of 23 or 25 hours is a day."""
        whole = _days(self.start, self.end)
        return self.minutes * _days(max(start, self.start), min(end, self.end)) / whole if whole else Fraction()


def _days(start: int, end: int) -> int:
    return max(0, round((end - start) / DAY))


def _of(part: Mapping[Someone, T], team: str) -> dict[Someone, T]:
    return {who: found for who, found in part.items() if who.team == team}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What people logged and had in one span."""

    logged: Mapping[Someone, Sequence[Cell]]
    had: Mapping[Someone, Fraction]
    deleted: Mapping[Someone, int]

    def of(self, scope: Scope) -> "_Stretch":
        if scope == WORKSPACE:
            return self
        return _Stretch(_of(self.logged, scope.key), _of(self.had, scope.key), _of(self.deleted, scope.key))

    @property
    def known(self) -> set[Someone]:
        return self.logged.keys() & self.had.keys()

    @property
    def expected(self) -> set[Someone]:
        return self.logged.keys() | self.had.keys()

    @property
    def excluded(self) -> dict[str, int]:
        without = sum(len(rows) for who, rows in self.logged.items() if who not in self.had)
        found = {"deleted": sum(self.deleted.values()), NO_HOURS: without}
        return {reason: count for reason, count in found.items() if count}


class _Worked(Reduced):
    def __init__(self, cells: Sequence[Cell], setting: Setting, hours: Sequence[_Hours]) -> None:
        self._setting, self._hours = setting, hours
        self._cells = sorted(cells, key=lambda cell: cell[AT])
        self._at = [cell[AT] for cell in self._cells]
        self._stretches: dict[tuple[int, int], _Stretch] = {}
        self._weeks: dict[int, str] = {}

    def scopes(self) -> Iterable[Scope]:
        teams = {team for cell in self._cells if (team := self._who(cell).team)}
        return [WORKSPACE, *(Scope(ScopeKind.TEAM, team) for team in sorted(teams))] if self._cells else []

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        everybody = self._stretch(*span.milliseconds)
        mine = everybody.of(scope)
        if not mine.logged and not mine.deleted:
            return None
        known, expected = len(mine.known), len(mine.expected)
        if known < ENOUGH * expected or not known:
            few = f"{known} of {expected} people with logged work and known hours; a figure needs 60%"
            return Figure(
                detail={"too_few": few}, excluded=mine.excluded, coverage_known=known, coverage_expected=expected
            )
        if not _may_be_shown(everybody, scope):
            return Figure(detail={"hidden": True})
        return self._figure(mine, _days(*span.milliseconds))

    def _figure(self, mine: _Stretch, days: int) -> Figure:
        minutes: Counter[str] = Counter()
        by_week: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for cell in (cell for who in mine.known for cell in mine.logged[who]):
            minutes[cell[CATEGORY]] += cell[MINUTES]
            by_week[self._week(cell[AT])][cell[CATEGORY]] += cell[MINUTES]
        spent, had = minutes.total(), sum(mine.had[who] for who in mine.known)
        return Figure(
            value=float(spent / had),
            k=Decimal(spent),
            n=Decimal(round(had)),
            detail={
                "hours_per_week": spent / HOUR / (days / 7),
                "by_category": _largest_first(minutes),
                "by_week": {week: _largest_first(by_week[week]) for week in sorted(by_week)},
            },
            excluded=mine.excluded,
            coverage_known=len(mine.known),
            coverage_expected=len(mine.expected),
        )

    def _week(self, at: int) -> str:
        if at not in self._weeks:
            self._weeks[at] = containing(instant(at), Grain.WEEK, self._setting.zone).label
        return self._weeks[at]

    def _who(self, cell: Cell) -> Someone:
        return self._setting.people.named(cell[PERSON])

    def _stretch(self, start: int, end: int) -> _Stretch:
        if (start, end) not in self._stretches:
            self._stretches[start, end] = self._told(start, end)
        return self._stretches[start, end]

    def _told(self, start: int, end: int) -> _Stretch:
        logged: defaultdict[Someone, list[Cell]] = defaultdict(list)
        deleted: Counter[Someone] = Counter()
        had: defaultdict[Someone, Fraction] = defaultdict(Fraction)
        for cell in self._cells[bisect_left(self._at, start) : bisect_left(self._at, end)]:
            if cell[EXCLUDED] is None:
                logged[self._who(cell)].append(cell)
            else:
                deleted[self._who(cell)] += 1
        first, last = (instant(at).astimezone(self._setting.zone).date() for at in (start, end - 1))
        for hours in self._hours:
            is_within = hours.start < end and start < hours.end
            if is_within and hours.who.is_here(first, last) and (minutes := hours.within(start, end)):
                had[hours.who] += minutes
        return _Stretch(logged, had, deleted)


def _may_be_shown(everybody: _Stretch, scope: Scope) -> bool:
    if len(everybody.known) < FEWEST_PEOPLE:
        return False
    return scope == WORKSPACE or scope.key in shown(Counter(who.team or "" for who in everybody.known))


def _largest_first(minutes: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(minutes.items(), key=lambda found: (-found[1], found[0])))

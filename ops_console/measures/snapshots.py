"""How things stood at the end of each period: the state then, from facts that say since when and until when."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ColumnElement, FromClause, cast, func, or_, select

from ops_console.measures.aggregates import Aggregate, Edge, Rows, anchor_of, share_of
from ops_console.measures.durations import THOUSAND, spread_of
from ops_console.measures.figures import (
    AT,
    ENTRY,
    EXCLUDED,
    REST,
    TIER,
    Cell,
    Figure,
    Reduced,
    Setting,
    Span,
    columns_of,
    scopes_of,
)
from ops_console.measures.scopes import Scope

SINCE, UNTIL, OWN = range(REST, REST + 3)
"""Ends of the moment a cell belongs to, and where what a measure asks for itself begins."""
UNKNOWN = "unknown"
FEW = 10
"""Of so many cells a figure is looked up before it is made: to compare more would take as long."""
Moment = tuple[int, int]
ByMoment = Mapping[Scope, Mapping[Moment, Sequence[Cell]]]
At = Callable[[FromClause], Rows]
"""Makes the selects of everything there was, from a table of moments.

A moment has the columns `at` (the last millisecond of a span) and `since` and `until` (the span's ends where the
measure looks `over_span`, else twice its end). Every select yields `anchor` = `at`, `since` and `until`, and what every
candidate yields.
"""


def _nothing(_: FromClause) -> Rows:
    return ()


def by_moment(cells: Sequence[Cell], setting: Setting) -> ByMoment:
    """The cells of each scope by the moment they tell of. What stood alike at a moment goes the same ways."""
    alike: defaultdict[tuple[Cell, Moment], list[Cell]] = defaultdict(list)
    for cell in cells:
        alike[cell[:AT], (cell[SINCE], cell[UNTIL])].append(cell)
    found: defaultdict[Scope, defaultdict[Moment, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    ways: dict[Cell, list[defaultdict[Moment, list[Cell]]]] = {}
    for (standing, moment), mine in alike.items():
        if standing not in ways:
            entry, team, tier = standing
            ways[standing] = [found[scope] for scope in scopes_of(entry, team, tier, setting.slugs)]
        for its in ways[standing]:
            its[moment] += mine
    return found


@dataclass(frozen=True, slots=True)
class AtMoments(Aggregate):
    """`rows` are the events that things began with: before the first of them there is no state. Where a measure looks
    at what happened `over_span`, each span is asked for; else spans that end together are asked for once.
    """

    at: At = _nothing
    over_span: bool = False
    by_anchor: ClassVar[bool] = False

    @property
    def source(self) -> tuple[Any, ...]:
        return self.at, self.over_span, self.by_row

    def moment(self, span: Span) -> Moment:
        since, until = span.milliseconds
        return (since if self.over_span else until), until

    def arms(self, since: Edge, until: Edge, moments: Callable[[], FromClause]) -> Rows:
        all_of_them = moments()
        begun = (arm.with_only_columns(func.min(anchor_of(arm))).scalar_subquery() for arm in self.rows)
        known = select(all_of_them).where(or_(*(all_of_them.c.at >= first for first in begun)))
        return self.at(known.cte("known"))


@dataclass(frozen=True, slots=True)
class Standing(Reduced):
    """What was found at moments; a figure is made of the cells of one, and where there are none there is none."""

    found: ByMoment
    measure: AtMoments

    def scopes(self) -> Iterable[Scope]:
        return self.found

    def instants(self, scope: Scope) -> tuple[int, int]:
        moments = self.found[scope]
        return min(until for _, until in moments) - 1, max(until for _, until in moments) - 1

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        moment = self.measure.moment(span)
        cells = self.found[scope].get(moment)
        return self.made_of(cells, scope, moment) if cells else None

    @abstractmethod
    def made_of(self, cells: Sequence[Cell], scope: Scope, moment: Moment) -> Figure: ...


@dataclass(frozen=True, slots=True)
class Snapshot(AtMoments):
    """Of the things there were at a moment, those with `hit` set: their share, or with `counts` their number.

    Columns named in `beside` are summed up into the detail, those in `split` divide it into parts; with `weight` a
    thing counts as often as that column says. `unknown` is the reason of things nobody judged.
    """

    counts: bool = False
    beside: tuple[str, ...] = ()
    split: tuple[str, ...] = ()
    weight: str | None = None
    unknown: str | None = None
    measured: ClassVar[str | None] = "hit"

    @property
    def counts_rows(self) -> bool:
        return self.weight is None

    @property
    def keys(self) -> tuple[str, ...]:
        return ("since", "until", *self.split)

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        beside = [_whole(rows.c[name]) for name in self.beside]
        if self.weight is None:
            return (func.count(), _whole(rows.c.hit), *beside)
        weight = rows.c[self.weight]
        return (_whole(weight), _whole(rows.c.hit * weight), *beside)

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Stood(by_moment(cells, setting), self)


@dataclass(frozen=True, slots=True)
class _Stood(Standing):
    measure: Snapshot
    alike: dict[Any, Figure] = field(default_factory=dict)
    """By what few cells say: most things stand today as they stood yesterday."""

    def made_of(self, cells: Sequence[Cell], scope: Scope, moment: Moment) -> Figure:
        if other := self.measure.other_tiers(scope):
            cells = [self._of_tier(cell, other) for cell in cells]
        if len(cells) > FEW:
            return self._made(cells)
        said = tuple([(cell[EXCLUDED], *cell[OWN:]) for cell in cells])
        if said not in self.alike:
            self.alike[said] = self._made(cells)
        return self.alike[said]

    def _made(self, cells: Sequence[Cell]) -> Figure:
        counts = OWN + len(self.measure.split)
        columns = columns_of([cell for cell in cells if cell[EXCLUDED] is None], counts + 2 + len(self.measure.beside))
        n, k, *beside = map(sum, columns[counts:])
        detail = {**dict(zip(self.measure.beside, beside, strict=True)), **self._split(columns, counts)}
        figure = share_of(k, n, _left_out(cells, counts), self.measure.unknown, detail)
        return replace(figure, value=float(k), k=Decimal(k), n=Decimal(n)) if self.measure.counts else figure

    def _of_tier(self, cell: Cell, other: str) -> Cell:
        """A cell, left out where things of its tier do not count."""
        return cell if cell[TIER] in self.measure.tiers else (*cell[:EXCLUDED], other, *cell[EXCLUDED + 1 :])

    def _split(self, columns: Sequence[Sequence[Any]], counts: int) -> dict[str, dict[str, dict[str, int]]]:
        found = {}
        for name, parts in zip(self.measure.split, columns[OWN:counts], strict=True):
            counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
            for part, n, k in zip(parts, columns[counts], columns[counts + 1], strict=True):
                each = counted[part or UNKNOWN]
                each[0] += k
                each[1] += n
            found[f"by_{name}"] = {part: {"k": counted[part][0], "n": counted[part][1]} for part in sorted(counted)}
        return found


def _whole(number: ColumnElement[Any]) -> ColumnElement[int]:
    """A sum as a whole number; of nothing it is zero."""
    return cast(func.coalesce(func.sum(number), 0), BigInteger)


def _left_out(cells: Iterable[Cell], count: int | None = None) -> dict[str, int]:
    """How many things do not count, by reason."""
    excluded: defaultdict[str, int] = defaultdict(int)
    for cell in cells:
        if cell[EXCLUDED] is not None:
            excluded[cell[EXCLUDED]] += 1 if count is None else cell[count]
    return {reason: excluded[reason] for reason in sorted(excluded)}


@dataclass(frozen=True, slots=True)
class Ages(AtMoments):
    """How long something had lasted at a moment: rows with `ms`. The median counts, and the longest is named."""

    measured: ClassVar[str | None] = "ms"
    by_row: ClassVar[bool] = True

    @property
    def keys(self) -> tuple[str, ...]:
        return ("since", "until", "ms")

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Aged(by_moment(cells, setting), self, setting.slugs)


@dataclass(frozen=True, slots=True)
class _Aged(Standing):
    slugs: Mapping[int, str]

    def made_of(self, cells: Sequence[Cell], scope: Scope, moment: Moment) -> Figure:
        kept = [cell for cell in cells if cell[EXCLUDED] is None]
        spread = spread_of([cell[OWN] for cell in kept])
        longest = max(kept, key=lambda cell: (cell[OWN], self._name(cell)), default=None)
        detail = {} if longest is None else {"longest": longest[OWN] / THOUSAND, "longest_of": self._name(longest)}
        value = spread["median"] if spread else None
        return Figure(value, n=Decimal(len(kept)), spread=spread, detail=detail, excluded=_left_out(cells))

    def _name(self, cell: Cell) -> str:
        return self.slugs.get(cell[ENTRY], "")

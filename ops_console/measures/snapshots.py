"""How things stood at the end of each period: the state then, from facts that say since when and until when."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, func

from ops_console.measures.aggregates import Aggregate, Rows, share_of
from ops_console.measures.figures import EXCLUDED, REST, TIER, Cell, Figure, Reduced, Setting, Span, by_scope
from ops_console.measures.scopes import Scope

SINCE, UNTIL, COUNT, HITS, BESIDE = range(REST, REST + 5)
Moment = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snapshot(Aggregate):
    """Of the things there were at a moment, those with `hit` set: their share, or with `counts` their number.

    `at` makes the selects from a table of moments with the columns `at` (the last millisecond of a span) and `since`
    and `until` (its ends). Every select yields `anchor` = `at`, `since` and `until`, and what every candidate yields.
    `rows` are the events that things began with: there is no state before the first of them. Columns named in
    `beside` are summed up into the detail; `unknown` is the reason of things nobody judged.
    """

    at: Callable[[FromClause], Rows] = lambda _: ()
    counts: bool = False
    beside: tuple[str, ...] = ()
    unknown: str | None = None
    measured: ClassVar[str | None] = "hit"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("since", "until")

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return (func.count(), func.sum(rows.c.hit), *(func.sum(rows.c[name]) for name in self.beside))

    def arms(self, start: datetime, end: datetime, moments: Callable[[], FromClause]) -> Rows:
        return self.at(moments())

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        found: dict[Scope, dict[Moment, list[Cell]]] = {}
        for scope, mine in by_scope(cells, setting.slugs).items():
            moments = found.setdefault(scope, defaultdict(list))
            for cell in mine:
                moments[cell[SINCE], cell[UNTIL]].append(cell)
        return _Stood(self, found)


@dataclass(frozen=True, slots=True)
class _Stood:
    snapshot: Snapshot
    found: Mapping[Scope, Mapping[Moment, Sequence[Cell]]]

    def scopes(self) -> Iterable[Scope]:
        return self.found

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        cells = self.found[scope].get(span.milliseconds)
        if not cells:
            return None
        kept, excluded = self._told_apart(cells, self.snapshot.other_tiers(scope))
        n, k = sum(int(cell[COUNT]) for cell in kept), sum(int(cell[HITS] or 0) for cell in kept)
        names = enumerate(self.snapshot.beside, BESIDE)
        detail = {name: sum(int(cell[place] or 0) for cell in kept) for place, name in names}
        figure = share_of(k, n, excluded, self.snapshot.unknown, detail)
        return replace(figure, value=float(k), k=Decimal(k), n=Decimal(n)) if self.snapshot.counts else figure

    def _told_apart(self, cells: Sequence[Cell], other: str | None) -> tuple[list[Cell], dict[str, int]]:
        """Cells that count, and how many things do not, by reason."""
        kept: list[Cell] = []
        excluded: defaultdict[str, int] = defaultdict(int)
        for cell in cells:
            reason = other if other and cell[TIER] not in self.snapshot.tiers else cell[EXCLUDED]
            if reason is None:
                kept.append(cell)
            else:
                excluded[reason] += cell[COUNT]
        return kept, dict(sorted(excluded.items()))

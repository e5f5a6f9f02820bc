"""How rows become a number: counts and shares here, durations, attainment, money and scores beside it.

An aggregate holds selects over records, its candidates. Each yields the labelled columns `anchor` (the instant that
decides the period), `entry_id`, `record_id`, `label` (what a person calls the row), `excluded` (null, or in words why
the row does not count) and what is measured. Several selects are one union, each restricted by its own anchor so
that each uses its own index. Periods, scopes and standing are the engine's business.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, case, func, literal, type_coerce

from ops_console.core.columns import instant
from ops_console.measures.figures import (
    AT,
    EXCLUDED,
    REST,
    Cell,
    Exclusions,
    Figure,
    Part,
    Reduced,
    Running,
    Setting,
    Span,
    by_scope,
    columns_of,
)
from ops_console.measures.scopes import Scope, ScopeKind

AnySelect = Select[*tuple[Any, ...]]
Rows = tuple[AnySelect, ...]
Edge = ColumnElement[int]
"""An instant in milliseconds, that a statement is told when it runs."""


def anchor_of(arm: AnySelect) -> Any:
    """The column that places a candidate in time."""
    return arm.selected_columns["anchor"].element


def when(arm: AnySelect) -> ColumnElement[int]:
    """The same in milliseconds."""
    return type_coerce(anchor_of(arm), BigInteger)


def entry_of(arm: AnySelect) -> Any:
    """The column that says which entry a candidate belongs to."""
    shown = arm.selected_columns["entry_id"]
    return getattr(shown, "element", shown)


@dataclass(frozen=True, slots=True)
class Aggregate(ABC):
    """`record` says what a row is, for links; `besides` are further measures shown in the detail of the figure.

    `tiers`, where set, are those whose things count for all models and for a team; the others have scopes of their own.
    `keys` are columns the engine groups by besides standing and period; `sums` what it adds up. Where `by_row` is
    set nothing is added up: every row comes as it is, with the columns of `keys`. Where it `counts_rows`, the `n` of
    a figure is how many rows count, and its `excluded` how many do not. Rows are `by_anchor` where a stretch of time
    has those whose anchor falls into it, whatever else is asked.
    """

    rows: Rows
    record: str = ""
    besides: Mapping[str, "Aggregate"] = field(default_factory=dict)
    names: AnySelect | None = None
    tiers: tuple[int, ...] = ()
    measured: ClassVar[str | None] = None
    by_row: ClassVar[bool] = False
    by_anchor: ClassVar[bool] = True

    @property
    def counts_rows(self) -> bool:
        return False

    @property
    def source(self) -> tuple[Any, ...]:
        """Where its rows come from: measures of one source are read by one statement."""
        return self.rows, self.by_row

    @property
    def keys(self) -> tuple[str, ...]:
        return ()

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return ()

    def left_out(self, rows: FromClause) -> ColumnElement[Any]:
        """Why a row does not count, or null."""
        return rows.c.excluded

    def other_tiers(self, scope: Scope) -> str | None:
        """Why things of other tiers do not count in this scope; None where all tiers do."""
        is_wide = scope.kind in (ScopeKind.WORKSPACE, ScopeKind.TEAM)
        return f"not tier {' or '.join(map(str, self.tiers))}" if self.tiers and is_wide else None

    def against(self) -> AnySelect | None:
        """A second select that needs no standing, such as budgets."""
        return None

    def parts(self, figure: Figure) -> Sequence[Part] | None:
        """What stands behind a figure in place of its candidates, where those say too much or too little."""
        return None

    def arms(self, since: Edge, until: Edge, moments: Callable[[], FromClause]) -> Rows:
        """The selects of all candidates of `[since, until)`; each is restricted by its own anchor and index. They are
        built once: when they run they are told the instants, in milliseconds.

        `moments` makes a table of the moments of all spans asked for, for measures of how things stood.
        """
        return tuple(arm.where(when(arm) >= since, when(arm) < until) for arm in self.rows)

    def moment(self, span: Span) -> tuple[int, int]:
        """What of a span measures of how things stood must know, in milliseconds."""
        return span.milliseconds

    @abstractmethod
    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced: ...


@dataclass(frozen=True, slots=True)
class Count(Aggregate):
    """How many rows, and when the last of them was."""

    @property
    def counts_rows(self) -> bool:
        return True

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return func.count(), func.max(type_coerce(rows.c.anchor, BigInteger))

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Counts({scope: _Counted(found) for scope, found in by_scope(cells, setting.slugs).items()})


@dataclass(frozen=True, slots=True)
class Share(Aggregate):
    """Rows with `hit` set, or the column that it names, ÷ rows. `suspected` rows, where a measure knows of some, might
    still become hits and are counted beside. `unknown` is the reason of rows nobody judged, as of those whose `hit` is
    null: they lower the coverage.
    """

    unknown: str | None = None
    hit: str = "hit"
    measured: ClassVar[str | None] = "hit"

    @property
    def counts_rows(self) -> bool:
        return True

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        suspected = rows.c.suspected if "suspected" in rows.c else literal(0)
        return (func.count(), func.sum(rows.c[self.hit]), func.sum(suspected))

    def left_out(self, rows: FromClause) -> ColumnElement[Any]:
        nobody_said = case((rows.c[self.hit].is_(None), literal(self.unknown)))
        return func.coalesce(rows.c.excluded, nobody_said) if self.unknown else rows.c.excluded

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        scopes = by_scope(cells, setting.slugs).items()
        return _Shares({scope: _Counted(found, 3) for scope, found in scopes}, self.unknown)


class _Counted:
    """Running totals of one scope, and the exclusions."""

    __slots__ = ("excluded", "lasts", "totals")

    def __init__(self, cells: Sequence[Cell], sums: int = 1) -> None:
        kept = columns_of([cell for cell in cells if cell[EXCLUDED] is None], REST + max(sums, 2))
        self.totals = Running(kept[AT], *(map(int, column) for column in kept[REST : REST + sums]))
        self.excluded = Exclusions((cell[EXCLUDED], cell[AT], cell[REST]) for cell in cells if cell[EXCLUDED])
        self.lasts = sorted(kept[REST + 1]) if sums == 1 else []

    @property
    def instants(self) -> tuple[int, int]:
        ends = [*self.totals.ends, *self.excluded.ends]
        return min(ends), max(ends)


@dataclass(frozen=True, slots=True)
class _Counts(Reduced):
    counted: Mapping[Scope, _Counted]

    def scopes(self) -> Iterable[Scope]:
        return self.counted

    def instants(self, scope: Scope) -> tuple[int, int]:
        return self.counted[scope].instants

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        [n] = self.counted[scope].totals.between(start, end)
        excluded = self.counted[scope].excluded.between(start, end)
        if not n and not excluded:
            return None
        place = bisect_left(self.counted[scope].lasts, end)
        detail = {"last_at": instant(self.counted[scope].lasts[place - 1]).isoformat()} if n else {}
        return Figure(float(n), Decimal(n), Decimal(n), detail=detail, excluded=excluded)


@dataclass(frozen=True, slots=True)
class _Shares(Reduced):
    counted: Mapping[Scope, _Counted]
    unknown: str | None

    def scopes(self) -> Iterable[Scope]:
        return self.counted

    def instants(self, scope: Scope) -> tuple[int, int]:
        return self.counted[scope].instants

    def cases(self, scope: Scope, span: Span) -> int | None:
        n = self.counted[scope].totals.between(*span.milliseconds)[0]
        return n if n or self.counted[scope].excluded.between(*span.milliseconds) else None

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        n, k, suspected = self.counted[scope].totals.between(start, end)
        excluded = self.counted[scope].excluded.between(start, end)
        if not n and not excluded:
            return None
        detail = {"suspected": suspected, "value_if_all_confirmed": (k + suspected) / n} if suspected else {}
        return share_of(k, n, excluded, self.unknown, detail)


def share_of(k: int, n: int, excluded: dict[str, int], unknown: str | None, detail: dict[str, Any]) -> Figure:
    """k of n as a figure. Where some could not be judged, `at_least` is the share if all of them were no hits."""
    missing = excluded.get(unknown, 0) if unknown else 0
    if missing and n:
        detail = {**detail, "at_least": k / (n + missing)}
    return Figure(
        value=k / n if n else None,
        k=Decimal(k),
        n=Decimal(n),
        detail=detail,
        excluded=excluded,
        coverage_known=n if unknown else None,
        coverage_expected=n + missing if unknown else None,
    )

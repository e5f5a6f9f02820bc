"""What a measure yields: one figure per scope and span of time, before anybody judges it."""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.core.clock import milliseconds
from ops_console.measures.people import People
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind

Cell = tuple[Any, ...]
"""One reduced row: entry id, team, tier, anchor in milliseconds, why it is left out (or None), then keys and sums."""

ENTRY, TEAM, TIER, AT, EXCLUDED, REST = range(6)


@dataclass(frozen=True)
class Span:
    """`[start, end)`; `days` is set for a trailing window."""

    start: datetime
    end: datetime
    days: int | None = None

    @cached_property
    def milliseconds(self) -> tuple[int, int]:
        return milliseconds(self.start), milliseconds(self.end)


@dataclass(slots=True)  # freezing would double what one costs, of which a scorecard takes a million
class Figure:
    """A value with what it was made of. `None` is unknown; counts by reason say what was left out."""

    value: float | None = None
    k: Decimal | None = None
    n: Decimal | None = None
    spread: dict[str, float] | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    coverage_known: int | None = None
    coverage_expected: int | None = None

    def with_detail(self, more: Mapping[str, Any]) -> "Figure":
        known, expected = self.coverage_known, self.coverage_expected
        return Figure(self.value, self.k, self.n, self.spread, {**self.detail, **more}, self.excluded, known, expected)


@dataclass(frozen=True, slots=True)
class Part:
    """A row behind a figure that is made of sums: an objective, a question, a week's work. `excluded` says why it does
    not count, `note` how it stands.
    """

    label: str
    measure: float | None
    n: int
    excluded: str | None = None
    subject: str = ""
    id: int | None = None
    note: str = ""


class Reduced(ABC):
    """Rows brought into a shape from which any scope and span is read without another look at the database."""

    __slots__ = ()

    @abstractmethod
    def scopes(self) -> Iterable[Scope]: ...

    @abstractmethod
    def figure(self, scope: Scope, span: Span) -> Figure | None:
        """None where nothing happened: no row, neither counted nor left out."""

    def instants(self, scope: Scope) -> tuple[int, int] | None:
        """The first and the last of what happened, in milliseconds; None where a figure looks beyond its span."""
        return None

    def cases(self, scope: Scope, span: Span) -> Decimal | int | None:
        """The n of that figure, by itself where that is less work."""
        figure = self.figure(scope, span)
        return None if figure is None else figure.n or 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What a measure must know of the workspace: slugs by entry, team names by their lower-case spelling, the
    currency, the zone, who is who, and names of whatever else the measure speaks of.
    """

    slugs: Mapping[int, str]
    teams: Mapping[str, str]
    currency: str
    zone: ZoneInfo
    people: People
    names: Mapping[int, str] = field(default_factory=dict)


class Running:
    """Running totals of columns, in the order of instants: the sums over any span are two look-ups."""

    __slots__ = ("_at", "_upto")

    def __init__(self, at: Sequence[int], *columns: Iterable[int]) -> None:
        self._at = at
        self._upto = [[0, *accumulate(column)] for column in columns]

    @property
    def ends(self) -> Sequence[int]:
        """The first instant and the last, if there are any."""
        return [*self._at[:1], *self._at[-1:]]

    def between(self, start: int, end: int) -> list[int]:
        first, last = bisect_left(self._at, start), bisect_left(self._at, end)
        return [upto[last] - upto[first] for upto in self._upto]


class Exclusions:
    """How many rows were left out in a span, by reason; they come in the order of their instants."""

    __slots__ = ("_by_reason",)
    _by_reason: Sequence[tuple[str, Sequence[int], Sequence[int]]]
    """Reason, instants, and how many were left out before each of them."""

    def __init__(self, counted: Iterable[tuple[str, int, int]]) -> None:
        pairs: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for reason, at, count in counted:
            pairs[reason].append((at, count))
        self._by_reason = [
            (reason, [at for at, _ in found], [0, *accumulate(count for _, count in found)])
            for reason, found in sorted(pairs.items())
        ]

    @property
    def ends(self) -> Sequence[int]:
        """The first instant and the last of each reason."""
        return [at for _, times, _ in self._by_reason for at in (times[0], times[-1])]

    def between(self, start: int, end: int) -> dict[str, int]:
        counts = {}
        for reason, at, upto in self._by_reason:
            if count := upto[bisect_left(at, end)] - upto[bisect_left(at, start)]:
                counts[reason] = count
        return counts


def columns_of(cells: Sequence[Cell], width: int) -> Sequence[Sequence[Any]]:
    """Rows of so many columns as columns; a slice of one is a span of time, where the rows come by their instants."""
    return [*zip(*cells, strict=True)] or [()] * width


def within(cells: Sequence[Cell], span: Span) -> Sequence[Cell]:
    """Those of a span, of cells in the order of their anchors."""
    start, end = span.milliseconds
    anchor = itemgetter(AT)
    return cells[bisect_left(cells, start, key=anchor) : bisect_left(cells, end, key=anchor)]


def scopes_of(entry: int | None, team: str | None, tier: int | None, slugs: Mapping[int, str]) -> list[Scope]:
    """Every scope that a row with this standing belongs to."""
    found = [WORKSPACE]
    if team:
        found.append(Scope(ScopeKind.TEAM, team))
    if tier is not None:
        found.append(Scope(ScopeKind.TIER, str(tier)))
    if entry is not None and entry in slugs:
        found.append(Scope(ScopeKind.MODEL, slugs[entry]))
    return found


def by_scope(cells: Sequence[Cell], slugs: Mapping[int, str]) -> dict[Scope, list[Cell]]:
    """The cells of each scope, by anchor. What a standing means for scopes is worked out once per standing."""
    found: dict[Scope, list[Cell]] = {}
    adders: dict[Cell, list[Callable[[Cell], None]]] = {}
    for cell in sorted(cells, key=itemgetter(AT)):
        standing = cell[:AT]
        if standing not in adders:
            scopes = scopes_of(standing[ENTRY], standing[TEAM], standing[TIER], slugs)
            adders[standing] = [found.setdefault(scope, []).append for scope in scopes]
        for add in adders[standing]:
            add(cell)
    return found

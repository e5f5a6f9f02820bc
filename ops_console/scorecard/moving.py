"""Figures that move with the clock: of a running period, or of one that still ripens.

They are kept as they stood a moment ago, so that no page need look at every record; where that was too long ago they
are computed as they stand.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session, col

from ops_console.core.periods import Period, sequence
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Figure, Span
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.scorecard import MovingPoint
from ops_console.scorecard.compute import PERIOD, Computed, Request, compute, setting_of

M = MovingPoint
GOOD_FOR = timedelta(minutes=30)
"""So long a kept figure is read."""
YOUNG_PERIODS = 3
"""The running one, the one that pages show by themselves, and the one it is compared with."""
NAME = (M.kpi, M.definition_version, M.aspect, M.grain, M.starts_at)
FIGURE = (M.value, M.k, M.n, M.spread, M.detail, M.excluded, M.coverage_known, M.coverage_expected)
KEPT = select(*map(col, (*NAME, M.at, M.scope_kind, M.scope_key, *FIGURE)))
Name = tuple[Any, ...]


class Aspect(StrEnum):
    """What of a figure moves."""

    NOW = "now"
    """How things stand, in place of how they will stand at the end of a running period if nothing happens."""
    SO_FAR = "so_far"
    """As much of the period before as has passed of a running one."""
    YOUNG = "young"
    """The cases of a period that may still change."""
    YOUNG_OF_WINDOW = "young_window"
    """The same of a window that ends with the period."""


@dataclass(frozen=True, slots=True)
class Moving:
    """One KPI's figure in every scope; `before` is the period that a running one is compared with, `reached` where
    the facts of the running one end, if they come in later than the clock.
    """

    definition: Definition
    aspect: Aspect
    period: Period
    before: Period | None = None
    reached: datetime | None = None

    @property
    def place(self) -> Period:
        """The period of which a stretch is measured."""
        return self.before or self.period

    @property
    def name(self) -> Name:
        """Its columns of `NAME`."""
        definition, place = self.definition, self.place
        return definition.key, definition.version, self.aspect.value, str(place.grain), place.start

    def request(self, at: datetime) -> Request:
        return Request(self.place, PERIOD, (self.span(at),))

    def span(self, at: datetime) -> Span:
        start, end = self.place.start, self.place.end
        if self.aspect is Aspect.NOW:
            return Span(start, at)
        if self.aspect is Aspect.SO_FAR:
            return Span(start, min(after(self._passed(at), start, self.period.zone), end))
        since = at - timedelta(days=self.definition.matures_days or 0)
        return Span(since if self.aspect is Aspect.YOUNG_OF_WINDOW else max(since, start), min(at, end))

    def depends_on(self, at: datetime) -> Span:
        """Where facts change it: how far those of a running period reach is one of them."""
        measured = self.span(at)
        return Span(measured.start, at) if self.aspect is Aspect.SO_FAR and self.definition.late else measured

    def _passed(self, at: datetime) -> timedelta:
        """By the clock on the wall, so that days of a month in which clocks change are whole days too."""
        zone, start = ZoneInfo(self.period.zone), self.period.start
        until = max(start, min(at, self.reached or at))
        return until.astimezone(zone) - start.astimezone(zone)


@dataclass(frozen=True, slots=True)
class Stood:
    """Figures by scope as they stood at the end of `span`; a scope without one had nothing."""

    span: Span
    figures: Mapping[Scope, Figure]


Standing = Mapping[Moving, Stood]


def kept_while(definition: Definition, running: Period, now: datetime) -> Iterator[Moving]:
    """What is kept while a period runs: what pages show when nobody asks for anything else."""
    if definition.snapshot or definition.so_far:
        yield Moving(definition, Aspect.NOW, running)
    if definition.window_days is None:
        yield Moving(definition, Aspect.SO_FAR, running, running.previous())
    if definition.matures_days is not None:
        aspect = Aspect.YOUNG if definition.window_days is None else Aspect.YOUNG_OF_WINDOW
        unripe = (period for period in sequence(running, YOUNG_PERIODS) if is_unripe(definition, period, now))
        yield from (Moving(definition, aspect, period) for period in unripe)


def is_unripe(definition: Definition, period: Period, now: datetime) -> bool:
    """Whether cases of the period may still change."""
    days = definition.matures_days
    return days is not None and period.end + timedelta(days=days) > now


def after(passed: timedelta, start: datetime, zone: str) -> datetime:
    """So much later by the clock on the wall."""
    return (start.astimezone(ZoneInfo(zone)) + passed).astimezone(UTC)


def stood(session: Session, wanted: Collection[Moving], scopes: Collection[Scope], now: datetime) -> Standing:
    """Each as it was kept, or else as it stands."""
    if not wanted:
        return {}
    kept = _kept(session, wanted, or_(*map(of_scope, {*scopes, WORKSPACE})), now)
    return {**kept, **_as_it_stands(session, [each for each in wanted if each not in kept], now)}


def stood_in_models(session: Session, moving: Moving, now: datetime) -> Stood:
    """The same of every model."""
    models = or_(col(M.scope_kind) == ScopeKind.MODEL.value, of_scope(WORKSPACE))
    found = (_kept(session, [moving], models, now) or _as_it_stands(session, [moving], now))[moving]
    of_models = {scope: figure for scope, figure in found.figures.items() if scope.kind is ScopeKind.MODEL}
    return Stood(found.span, of_models)


def _as_it_stands(session: Session, wanted: Sequence[Moving], now: datetime) -> Standing:
    """From the records, one computation for each KPI."""
    found: dict[Moving, Stood] = {}
    setting = setting_of(session) if wanted else None
    for definition in dict.fromkeys(each.definition for each in wanted):
        mine = [each for each in wanted if each.definition is definition]
        requests = list(dict.fromkeys(each.request(now) for each in mine))
        computed = compute(session, definition, requests, setting) if setting else {}
        found |= {each: told_by(computed, each, now) for each in mine}
    return found


def told_by(computed: Computed, moving: Moving, at: datetime) -> Stood:
    request = moving.request(at)
    figures = {scope: figure for scope, (_, figure) in computed.get(request, {}).items()}
    return Stood(request.spans[0], figures)


def _kept(session: Session, wanted: Collection[Moving], scopes: ColumnElement[bool], now: datetime) -> Standing:
    names = {each.name for each in wanted}
    # Any of these keys with any of these starts: a page builds and sends far less than one condition for each name.
    near = (col(column).in_(sorted(set(values))) for column, values in zip(NAME, zip(*names, strict=True), strict=True))
    asked = KEPT.where(*near, scopes)
    kept_at: dict[Name, datetime] = {}
    figures: dict[Name, dict[Scope, Figure]] = {}
    for row in session.connection().execute(asked):
        name, (at, kind, key, *said) = row[: len(NAME)], row[len(NAME) :]
        if name not in names:
            continue
        if at is not None and at <= now < at + GOOD_FOR:
            kept_at[name] = at
        figure = _figure(*said)
        if figure != Figure():
            figures.setdefault(name, {})[Scope(ScopeKind(kind), key)] = figure
    return {
        each: Stood(each.span(kept_at[each.name]), figures.get(each.name, {}))
        for each in wanted
        if each.name in kept_at
    }


def _figure(value: Any, k: Any, n: Any, spread: Any, detail: Any, excluded: Any, known: Any, expected: Any) -> Figure:
    return Figure(value, k, n, spread, detail or {}, excluded or {}, known, expected)


def of(names: Iterable[Name]) -> ColumnElement[bool]:
    pairs = (zip(NAME, name, strict=True) for name in names)
    return or_(false(), *(and_(*(col(column) == value for column, value in pair)) for pair in pairs))


def of_scope(scope: Scope) -> ColumnElement[bool]:
    return and_(col(M.scope_kind) == scope.kind.value, col(M.scope_key) == scope.key)

"""Everything that readings are made from, taken from the database in a handful of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from ops_console.core.periods import Period, sequence
from ops_console.measures.comparison import Compare
from ops_console.measures.definition import Bounds, Definition, Unit
from ops_console.measures.figures import Figure, Span
from ops_console.measures.readings import HistoryPoint
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.targets import Target
from ops_console.scorecard.annotations import within, written
from ops_console.scorecard.baselines import in_force
from ops_console.scorecard.compute import TRAILING, nothing, requests_for, stretch
from ops_console.scorecard.coverage import Coverage, Fresh, coverage_of
from ops_console.scorecard.happened import Happened
from ops_console.scorecard.in_force import InForce, Standing, standing_of, target_in_force
from ops_console.scorecard.judge import Case
from ops_console.scorecard.points import Histories, Key, Past, Point, load, load_past
from ops_console.scorecard.wanted import beginning, of_grain

SHOWN = 25
"""Periods of history in a reading: two years of months, and the one shown."""
MOMENT = timedelta(milliseconds=1)
UNKNOWN = Past(None, None)
Places = Mapping[str, Sequence[CatalogInterval]]


def targets(session: Session) -> Sequence[Target]:
    """Every target a person set, the newest first."""
    newest = (col(Target.from_at).desc(), col(Target.set_at).desc(), col(Target.id).desc())
    return session.scalars(select(Target).order_by(*newest)).all()


def places(session: Session, slugs: Collection[str] | None = None) -> Places:
    """How models stood at any time, by slug: all of them, or these."""
    if slugs is not None and not slugs:
        return {}
    wanted = true() if slugs is None else col(CatalogEntry.slug).in_(sorted(slugs))
    statement = select(col(CatalogEntry.slug), CatalogInterval).join(
        CatalogInterval, col(CatalogInterval.entry_id) == col(CatalogEntry.id)
    )
    found: defaultdict[str, list[CatalogInterval]] = defaultdict(list)
    for name, interval in session.execute(statement.where(wanted)):
        found[name].append(interval)
    return found


class _Frame(NamedTuple):
    """A period of a history before anything is put into it."""

    period: Period
    running: bool
    covered: bool
    is_known: bool

    def is_quiet(self, began: datetime | None) -> bool:
        """Whether it is known that nothing happened, where there is no figure of it."""
        return self.covered and (self.is_known or (began is not None and self.period.start > began))


@dataclass(frozen=True)
class Shelf:
    """Points with their details for the periods that are judged, and without for their history."""

    now: datetime
    detailed: Mapping[Key, Point]
    past: Histories
    kept: Sequence[Target]
    fresh: Mapping[str, Fresh]
    places: Places
    compare: Compare = Compare.PREVIOUS
    happened: Happened = field(default_factory=Happened)
    remembers: bool = True

    def scopes(self, key: str) -> set[Scope]:
        return {scope for kpi, scope in self.past if kpi == key}

    def coverage(self, definition: Definition) -> Coverage:
        if definition.key not in self._coverages:
            self._coverages[definition.key] = coverage_of(definition, self.fresh)
        return self._coverages[definition.key]

    @cached_property
    def _coverages(self) -> dict[str, Coverage]:
        return {}

    def in_force(self, definition: Definition, scope: Scope, period: Period) -> InForce | None:
        kept = self._targets.get(definition.key, ())
        return target_in_force(definition, self._standing(scope, period.end - MOMENT), period, kept)

    @cached_property
    def _targets(self) -> Mapping[str, Sequence[Target]]:
        found: defaultdict[str, list[Target]] = defaultdict(list)
        for target in self.kept:
            found[target.kpi].append(target)
        return found

    def _standing(self, scope: Scope, at: datetime) -> Standing:
        if scope.kind is not ScopeKind.MODEL:
            return standing_of(scope)
        if (scope, at) not in self._stood:
            mine = self.places.get(scope.key, ())
            held = next((each for each in mine if each.valid_from <= at < each.valid_to), None)
            self._stood[scope, at] = Standing(scope, held.team, held.tier) if held else Standing(scope)
        return self._stood[scope, at]

    @cached_property
    def _stood(self) -> dict[tuple[Scope, datetime], Standing]:
        return {}

    def case(self, definition: Definition, scope: Scope, period: Period, window: str) -> Case:
        coverage, before = self.coverage(definition), self.compare.to(period)
        point = self.detailed.get((definition.key, scope, window, period.start))
        history = self.history(definition, scope, period)
        return Case(
            definition=definition,
            scope=scope,
            period=period,
            point=point,
            span=stretch(period, point.days) if point else requests_for(definition, [period], window)[0].spans[0],
            history=history,
            in_force=self.in_force(definition, scope, period),
            coverage=coverage,
            now=self.now,
            previous=self._compared(definition, scope, window, before) if before else None,
            previous_period=before,
            previous_until=before.end if before else None,
            annotations=self.happened.about(definition, scope, partial(self._standing, scope), history),
            baseline=self.happened.baseline(definition.key, scope, period),
        )

    def _compared(self, definition: Definition, scope: Scope, window: str, before: Period) -> Figure | None:
        if not definition.lasting and not self.coverage(definition).reaches(before):
            return None
        found = self.detailed.get((definition.key, scope, window, before.start))
        return found.figure if found else nothing(definition, scope)

    def history(self, definition: Definition, scope: Scope, period: Period) -> tuple[HistoryPoint, ...]:
        if not self.remembers:
            return ()
        frames = self._frames(definition, period)
        kept = self.past.get((definition.key, scope), {})
        began, quiet = min(kept, default=None), _quiet(definition, scope)
        is_total = definition.unit in (Unit.COUNT, Unit.MONEY)
        targets = self._past_targets(definition, scope, frames)
        points = []
        for frame, target in zip(frames, targets, strict=True):
            period, running, covered, _ = frame
            past = kept.get(period.start) or (quiet if frame.is_quiet(began) else UNKNOWN)
            value = past.value if covered or not is_total else None
            points.append(
                HistoryPoint(period, value, past.k, past.n, past.spread, target, running, past.definition_version)
            )
        return tuple(points)

    def _past_targets(self, definition: Definition, scope: Scope, frames: Sequence[_Frame]) -> list[Bounds | None]:
        if self._same_target_always(definition, scope, frames):
            return [_bounds(self.in_force(definition, scope, frames[-1].period))] * len(frames)
        return [_bounds(self.in_force(definition, scope, frame.period)) for frame in frames]

    def _same_target_always(self, definition: Definition, scope: Scope, frames: Sequence[_Frame]) -> bool:
        """Where no person set one, and it does not change with the tier that a model is moved to."""
        by_tier = scope.kind is ScopeKind.MODEL and bool(definition.targets.keys() - {None})
        return definition.key not in self._targets and (not by_tier or self._stood_still(scope, frames))

    def _stood_still(self, scope: Scope, frames: Sequence[_Frame]) -> bool:
        first, last = (frame.period.end - MOMENT for frame in (frames[0], frames[-1]))
        return any(each.valid_from <= first and last < each.valid_to for each in self.places.get(scope.key, ()))

    def _frames(self, definition: Definition, period: Period) -> Sequence[_Frame]:
        """What is the same for every scope."""
        key = definition.key, period
        if key not in self._framed:
            coverage = self.coverage(definition)
            self._framed[key] = [self._frame(definition, each, coverage) for each in self._until(period)]
        return self._framed[key]

    def _until(self, period: Period) -> Sequence[Period]:
        if period not in self._sequences:
            self._sequences[period] = sequence(period, SHOWN)
        return self._sequences[period]

    @cached_property
    def _sequences(self) -> dict[Period, Sequence[Period]]:
        return {}

    def _frame(self, definition: Definition, period: Period, coverage: Coverage) -> _Frame:
        running = not period.is_complete(self.now)
        covered = definition.lasting or coverage.reaches(period) or (running and not coverage.missing)
        return _Frame(period, running, covered, is_known=coverage.covers_from is not None)

    @cached_property
    def _framed(self) -> dict[tuple[str, Period], Sequence[_Frame]]:
        return {}


def _quiet(definition: Definition, scope: Scope) -> Past:
    figure = nothing(definition, scope)
    return Past(None, figure.value, figure.k, figure.n, figure.spread)


def _bounds(found: InForce | None) -> Bounds | None:
    return found.bounds if found else None


def shelf(
    session: Session,
    definitions: Iterable[Definition],
    judged: Sequence[Period],
    wanted: ColumnElement[bool],
    *,
    now: datetime,
    fresh: Mapping[str, Fresh],
    slugs: Collection[str] | None = None,
    compare: Compare = Compare.PREVIOUS,
) -> Shelf:
    """At most six statements, whatever is asked for. `judged` are consecutive periods of one grain, oldest first."""
    kept = shelf_of_today(session, definitions, judged, wanted, now=now, fresh=fresh, slugs=slugs, compare=compare)
    return remembering(session, kept, definitions, judged, wanted)


def shelf_of_today(
    session: Session,
    definitions: Iterable[Definition],
    judged: Sequence[Period],
    wanted: ColumnElement[bool],
    *,
    now: datetime,
    fresh: Mapping[str, Fresh],
    slugs: Collection[str] | None = None,
    compare: Compare = Compare.PREVIOUS,
) -> Shelf:
    """The same without histories."""
    keys = [definition.key for definition in definitions]
    oldest, until = _remembered(judged)
    detailed = {*judged, *(other for period in judged if (other := compare.to(period)))}
    recent = beginning(judged[0].grain, keys, [period.start for period in sorted(detailed)]) & wanted
    kept = targets(session)
    return Shelf(
        now=now,
        detailed=load(session, recent),
        past={},
        kept=kept,
        fresh=fresh,
        places=places(session, slugs),
        compare=compare,
        happened=Happened(written(session, within(oldest, until, keys)), kept, in_force(session, keys)),
        remembers=False,
    )


def remembering(
    session: Session,
    kept: Shelf,
    definitions: Iterable[Definition],
    judged: Sequence[Period],
    wanted: ColumnElement[bool],
    *,
    whole: bool = True,
) -> Shelf:
    """With the histories of these; not `whole`, with the values alone that say what is usual."""
    keys = [definition.key for definition in definitions]
    past = of_grain(judged[0].grain, keys, *_remembered(judged)) & wanted
    return replace(kept, past=load_past(session, past, whole=whole), remembers=True)


def _remembered(judged: Sequence[Period]) -> tuple[datetime, datetime]:
    return judged[0].previous(SHOWN - 1).start, judged[-1].end


__all__ = ["SHOWN", "TRAILING", "Shelf", "Span", "places", "remembering", "shelf", "shelf_of_today", "targets"]

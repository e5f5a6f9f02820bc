"""Keeping the points right: exactly what the marks touch is computed again, by delete and insert.

A rebuild gives the same points as any sequence of refreshes, because a point is a function of the records alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, select, tuple_
from sqlmodel import Session, col

from ops_console.core.db import transaction
from ops_console.core.periods import Grain, containing
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Span
from ops_console.records import workspace
from ops_console.records.scorecard import ComputedKpi, Outdated, ScorecardPoint
from ops_console.scorecard import workers
from ops_console.scorecard.compute import setting_of
from ops_console.scorecard.keeping import forget_cells, keep, touched_weeks
from ops_console.scorecard.known import Known, Window, computed, remember
from ops_console.scorecard.making import Made, Task, make
from ops_console.scorecard.moving import Moving, kept_while
from ops_console.scorecard.moving_kept import forget, old, replace_moving
from ops_console.scorecard.points import windows
from ops_console.scorecard.reach import EVERYTHING, LATEST, Calendar, Reach, together, touches, within_reason
from ops_console.scorecard.reached import as_far_as_reached
from ops_console.scorecard.replacing import replace_points


def refresh(where: Engine | Session, now: datetime, processes: int = 1) -> int:
    """Recompute what the marks name, and what moves on with time alone; how many points were written."""
    if isinstance(where, Engine):
        with transaction(where) as session:
            return _refreshed(session, now, processes)
    return _refreshed(where, now)


def rebuild(where: Engine | Session, now: datetime, since: datetime | None = None, processes: int = 1) -> int:
    """Recompute every point (or those that facts since `since` touch), and forget the marks; how many differed from
    what stood there, and were written.
    """
    if isinstance(where, Engine):
        with transaction(where) as session:
            return _rebuilt(session, now, since, processes)
    return _rebuilt(where, now, since)


def _refreshed(session: Session, now: datetime, processes: int = 1) -> int:
    # Two schedulers must not write the same points: whoever comes second waits here and finds the marks gone.
    marks = session.scalars(select(Outdated).with_for_update()).all()
    known = computed(session)
    written = _Refresh.at(session, now, known, processes).every(_marked(marks, known))
    if marks:
        session.execute(delete(Outdated).where(col(Outdated.id).in_([mark.id for mark in marks])))
    return written


def _rebuilt(session: Session, now: datetime, since: datetime | None, processes: int = 1) -> int:
    if since is None:
        # Before anything is computed: a mark that comes later is of facts that may not have been seen.
        session.execute(delete(Outdated))
        session.execute(delete(ComputedKpi))
        session.execute(delete(ScorecardPoint).where(_of_nothing()))
    known = computed(session)
    spans = {key: [Span(since, LATEST) if since and key in known else EVERYTHING] for key in CATALOGUE}
    return _Refresh.at(session, now, known, processes).every(spans)


@dataclass(frozen=True)
class _Refresh:
    """One pass over every KPI."""

    session: Session
    calendar: Calendar
    known: Known
    processes: int

    @classmethod
    def at(cls, session: Session, now: datetime, known: Known, processes: int = 1) -> "_Refresh":
        return cls(session, Calendar(now, workspace.current(session).zone), known, processes)

    def every(self, spans: Mapping[str, Sequence[Span]]) -> int:
        """Compute again what facts in these spans touch; how many points were written."""
        now, running = self.calendar.now, [self.calendar.running(grain) for grain in Grain]
        kept = [each for found in CATALOGUE.values() for period in running for each in kept_while(found, period, now)]
        moving = as_far_as_reached(self.session, kept)
        due = [*filter(lambda each: touches(spans[each.definition.key], each, now), moving)]
        due = [*dict.fromkeys([*due, *old(self.session, moving, now)])]
        stale = {key: touched_weeks(spans[key], definition, self.calendar) for key, definition in CATALOGUE.items()}
        made_of_each = self._made([*filter(None, (self._task(key, spans[key], due, stale[key]) for key in CATALOGUE))])
        forget(self.session, moving)
        forget_cells(self.session, stale, self.calendar)
        written = 0
        for task, made in made_of_each:
            written += replace_points(self.session, task.key, task.stretches, made.points)
            replace_moving(self.session, task.key, task.due, made.moving)
            keep(self.session, made.cells)
        remember(self.session, self.known, self.calendar)
        return written

    def _made(self, tasks: Sequence[Task]) -> Iterator[tuple[Task, Made]]:
        if self.processes > 1:
            return workers.made(tasks, self.session.get_bind().engine, self.calendar, self.processes)
        setting = setting_of(self.session) if tasks else None
        return ((task, make(self.session, task, self.calendar, setting)) for task in tasks if setting)

    def _task(self, key: str, spans: Sequence[Span], due: Sequence[Moving], stale: Sequence[Span]) -> Task | None:
        """What is to be made of one KPI, if anything."""
        stretches = self._stretches(CATALOGUE[key], spans)
        moving = [(each.aspect, each.period, each.before, each.reached) for each in due if each.definition.key == key]
        return Task(key, stretches, moving, stale) if moving or any(stretches.values()) else None

    def _stretches(self, definition: Definition, spans: Sequence[Span]) -> dict[Window, list[Span]]:
        found: dict[Window, list[Span]] = {}
        for grain in Grain:
            for window in windows(definition):
                reach = Reach.of(definition, window)
                touched = self.calendar.touched(spans, grain, reach)
                trail = self._trail(definition, grain) if reach.moves_on else []
                found[grain, window] = together([*touched, *trail])
        return found

    def _trail(self, definition: Definition, grain: Grain) -> list[Span]:
        """From the period after the one that ran when it was last computed: time passes and no fact is marked."""
        if definition.key not in self.known:
            return []
        begin = containing(self.known[definition.key], grain, self.calendar.zone).end
        until = self.calendar.running(grain).end
        return [Span(begin, until)] if begin < until else []


def _of_nothing() -> ColumnElement[bool]:
    """Points of a KPI, or of a window, that is there no longer."""
    here = [(key, window) for key, definition in CATALOGUE.items() for window in windows(definition)]
    return tuple_(col(ScorecardPoint.kpi), col(ScorecardPoint.window)).not_in(here)


def _marked(marks: Sequence[Outdated], known: Known) -> dict[str, list[Span]]:
    """What is to be computed again of each KPI: what is marked, and everything where nothing was computed yet."""
    found = {}
    for key, definition in CATALOGUE.items():
        kinds = {*definition.facts, *definition.also}
        marked = [within_reason(mark.from_at, mark.to_at) for mark in marks if mark.kind in kinds]
        found[key] = marked if key in known else [EVERYTHING]
    return found

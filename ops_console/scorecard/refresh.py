"""Keeping the points right: exactly what the marks touch is computed again, by delete and insert.

A rebuild gives the same points as any sequence of refreshes, because a point is a function of the records alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from ops_console.core.columns import EPOCH
from ops_console.core.db import transaction
from ops_console.core.garbage import uncollected
from ops_console.core.periods import Grain, containing
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Setting, Span
from ops_console.records import workspace
from ops_console.records.scorecard import Outdated, ScorecardPoint
from ops_console.scorecard.compute import Computed, Request, compute, requests_for, setting_of
from ops_console.scorecard.extent import bounded, extent_of
from ops_console.scorecard.known import Newest, Window, computed, newest
from ops_console.scorecard.moving import Moving, Stood, kept_while, told_by
from ops_console.scorecard.moving_kept import keep, old
from ops_console.scorecard.points import replace_points, windows
from ops_console.scorecard.reach import EVERYTHING, LATEST, Calendar, Reach, together, touches, within_reason


def refresh(where: Engine | Session, now: datetime) -> int:
    """Recompute what the marks name, and what moves on with time alone; how many points were written."""
    if isinstance(where, Engine):
        with transaction(where) as session:
            return refresh(session, now)
    # Two schedulers must not write the same points: whoever comes second waits here and finds the marks gone.
    marks = where.scalars(select(Outdated).with_for_update()).all()
    written = _Refresh.at(where, now, newest(where)).every(_marked(marks, computed(where)))
    if marks:
        where.execute(delete(Outdated).where(col(Outdated.id).in_([mark.id for mark in marks])))
    return written


def rebuild(session: Session, now: datetime, since: datetime | None = None) -> int:
    """Recompute every point (or those that facts since `since` touch), and forget the marks."""
    if since is None:
        session.execute(delete(ScorecardPoint))
        session.execute(delete(Outdated))
    everything = [Span(since, LATEST) if since else EVERYTHING]
    return _Refresh.at(session, now, None).every(dict.fromkeys(CATALOGUE, everything))


@dataclass(frozen=True)
class _Refresh:
    """One pass over every KPI; `newest` is None where no point is left to follow."""

    session: Session
    calendar: Calendar
    setting: Setting
    newest: Newest | None

    @classmethod
    def at(cls, session: Session, now: datetime, newest: Newest | None) -> "_Refresh":
        return cls(session, Calendar(now, workspace.current(session).zone), setting_of(session), newest)

    def every(self, spans: Mapping[str, Sequence[Span]]) -> int:
        """Compute again what facts in these spans touch; how many points were written."""
        now, running = self.calendar.now, [self.calendar.running(grain) for grain in Grain]
        moving = [each for found in CATALOGUE.values() for period in running for each in kept_while(found, period, now)]
        due = [*filter(lambda each: touches(spans[each.definition.key], each, now), moving)]
        due = [*dict.fromkeys([*due, *old(self.session, moving, now)])]
        written, stood = 0, dict[Moving, Stood]()
        for key, definition in CATALOGUE.items():
            mine = [each for each in due if each.definition is definition]
            with uncollected():
                computed, count = self._one(definition, spans[key], mine)
            written += count
            stood |= {each: told_by(computed, each, now) for each in mine}
        keep(self.session, stood, moving, now)
        return written

    def _one(self, definition: Definition, spans: Sequence[Span], moving: Sequence[Moving]) -> tuple[Computed, int]:
        """Points and moving figures of one KPI, from one look at its records."""
        stretches = self._stretches(definition, spans)
        if not moving and not any(stretches.values()):
            return {}, 0
        there = bounded(stretches) or extent_of(self.session, definition.aggregate)
        points: list[Request] = []
        if there is not None:
            for (grain, window), spots in stretches.items():
                periods = self.calendar.periods(spots, grain, there, Reach.of(definition, window))
                points += requests_for(definition, periods, window)
        more = [each.request(self.calendar.now) for each in moving] if there else []
        computed = compute(self.session, definition, list(dict.fromkeys([*points, *more])), self.setting)
        of_points = {request: computed[request] for request in points}
        return computed, replace_points(self.session, definition, stretches, of_points)

    def _stretches(self, definition: Definition, spans: Sequence[Span]) -> dict[Window, list[Span]]:
        found: dict[Window, list[Span]] = {}
        for grain in Grain:
            for window in windows(definition):
                reach = Reach.of(definition, window)
                touched = self.calendar.touched(spans, grain, reach)
                trail = self._trail(definition, grain, window) if reach.moves_on else []
                found[grain, window] = together([*touched, *trail])
        return found

    def _trail(self, definition: Definition, grain: Grain, window: str) -> list[Span]:
        """From the period after the newest point to the running one: time passes without any fact being marked.
        Where there is none yet, from the beginning: the first fact may have lain in the future when it was marked.
        """
        if self.newest is None:
            return []
        zone, until = self.calendar.zone, self.calendar.running(grain).end
        newest = self.newest.get((definition.key, grain.value, window))
        begin = containing(EPOCH, grain, zone).start if newest is None else containing(newest, grain, zone).end
        return [Span(begin, until)] if begin < until else []


def _marked(marks: Sequence[Outdated], computed: set[str]) -> dict[str, list[Span]]:
    """What is to be computed again of each KPI: what is marked, and everything where nothing was computed yet."""
    found = {}
    for key, definition in CATALOGUE.items():
        kinds = {*definition.facts, *definition.also}
        marked = [within_reason(mark.from_at, mark.to_at) for mark in marks if mark.kind in kinds]
        found[key] = marked if key in computed else [EVERYTHING]
    return found

"""One KPI's part of a refresh: what is to be made of it, and what was made, ready to be stored.

Both can travel between processes: a definition goes by its key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from ops_console.core.garbage import uncollected
from ops_console.core.periods import Period
from ops_console.ingest.bulk import Stored, stored
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Setting, Span
from ops_console.scorecard.compute import Request, compute, requests_for
from ops_console.scorecard.extent import bounded, extent_of
from ops_console.scorecard.keeping import Kept, kept_records, to_keep
from ops_console.scorecard.known import Window
from ops_console.scorecard.moving import Aspect, Moving, told_by
from ops_console.scorecard.moving_kept import MOVING_POINTS, rows_of
from ops_console.scorecard.points import stored_points
from ops_console.scorecard.reach import Calendar, Reach
from ops_console.scorecard.replacing import sealed


@dataclass(frozen=True, slots=True)
class Task:
    """Stretches of period starts by grain and window, the figures that move with the clock, and the weeks that facts
    touched.
    """

    key: str
    stretches: Mapping[Window, Sequence[Span]]
    moving: Sequence[tuple[Aspect, Period, Period | None, datetime | None]]
    stale: Sequence[Span]

    @property
    def due(self) -> list[Moving]:
        return [Moving(CATALOGUE[self.key], *each) for each in self.moving]


@dataclass(frozen=True, slots=True)
class Made:
    points: Stored
    moving: Stored
    cells: Kept


def make(session: Session, task: Task, calendar: Calendar, setting: Setting) -> Made:
    """Points and moving figures of one KPI, from one look at its records."""
    definition = CATALOGUE[task.key]
    with uncollected():  # whatever was needed to make them is dropped before the collector looks again
        return _made(session, definition, task, calendar, setting)


def _made(session: Session, definition: Definition, task: Task, calendar: Calendar, setting: Setting) -> Made:
    there = bounded(task.stretches) or extent_of(session, definition.aggregate)
    points = _requests(definition, task, calendar, there) if there else []
    more = [each.request(calendar.now) for each in task.due] if there else []
    records = kept_records(session, definition, task.stale, points, calendar)
    computed = compute(session, definition, list(dict.fromkeys([*points, *more])), setting, records)
    kept = {each: told_by(computed, each, calendar.now) for each in task.due}
    return Made(
        sealed(stored_points(definition, {request: computed[request] for request in points})),
        sealed(stored(session, MOVING_POINTS, rows_of(kept, calendar.now))),
        to_keep(records),
    )


def _requests(definition: Definition, task: Task, calendar: Calendar, there: Span) -> list[Request]:
    found: list[Request] = []
    for (grain, window), spots in task.stretches.items():
        periods = calendar.periods(spots, grain, there, Reach.of(definition, window))
        found += requests_for(definition, periods, window)
    return found

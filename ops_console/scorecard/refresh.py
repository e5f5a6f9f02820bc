"""Keeping the points right: exactly what the marks touch is computed again, by delete and insert.

A rebuild gives the same points as any sequence of refreshes, because a point is a function of the records alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, delete, func, literal, select, union_all
from sqlmodel import Session, col

from ops_console.core.columns import EPOCH
from ops_console.core.db import transaction
from ops_console.core.garbage import uncollected
from ops_console.core.periods import Grain, Period, between, containing
from ops_console.kpis import CATALOGUE
from ops_console.measures.aggregates import Aggregate, anchor_of
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Setting, Span
from ops_console.measures.scopes import WORKSPACE
from ops_console.records import workspace
from ops_console.records.scorecard import Outdated, ScorecardPoint
from ops_console.scorecard.compute import (
    TRAILING,
    Request,
    compute,
    longest_window,
    requests_for,
    setting_of,
)
from ops_console.scorecard.points import of_scope, replace_points, windows

DAY = timedelta(days=1)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
EVERYTHING = Span(EPOCH, LATEST)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The running instant and the zone whose midnights bound periods."""

    now: datetime
    zone: ZoneInfo

    def running(self, grain: Grain) -> Period:
        return containing(self.now, grain, self.zone)

    def touched(self, spans: Iterable[Span], grain: Grain, reach: "Reach") -> list[Span]:
        """Stretches of period starts whose figures a fact in one of the spans can change."""
        found: list[Span] = []
        for span in spans:
            first = containing(max(span.start - reach.back, EPOCH), grain, self.zone).start
            last = containing(max(self._last(span, grain, reach), span.start), grain, self.zone).end
            found.append(Span(first, last))
        return _together(found)

    def _last(self, span: Span, grain: Grain, reach: "Reach") -> datetime:
        if reach.for_ever:
            return max(span.end, self.running(grain).end) - MOMENT
        return span.end + reach.ahead if reach.ahead else span.end - MOMENT

    def periods(self, stretches: Iterable[Span], grain: Grain, there: Span, reach: "Reach") -> list[Period]:
        """The periods that begin in these stretches, as far as there is anything to see. No window that trails into
        the future is computed, nor how things will stand then: its figure would be taken for the latest.
        """
        running = self.running(grain).end
        until = running if reach.for_ever else min(there.end + reach.ahead, running) if reach.ahead else there.end
        return [
            period
            for stretch in stretches
            for period in between(max(stretch.start, there.start), min(stretch.end, until), grain, self.zone)
        ]


MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far from its own place a fact changes figures: back to cases that are followed up, ahead in windows that
    trail, and for ever where figures say how things stand.
    """

    back: timedelta = timedelta()
    ahead: timedelta = timedelta()
    for_ever: bool = False
    moves_on: bool = False
    """Figures of the running period change with time alone."""

    @classmethod
    def of(cls, definition: Definition, window: str) -> "Reach":
        days = longest_window(definition) if window == TRAILING else 0
        ahead = days + definition.reaches_days
        return cls(
            back=timedelta(days=definition.matures_days or 0),
            ahead=(ahead + 1) * DAY if ahead else timedelta(),
            for_ever=definition.snapshot,
            moves_on=bool(days) or definition.snapshot,
        )


def refresh(where: Engine | Session, now: datetime) -> int:
    """Recompute what the marks name, and what moves on with time alone; how many points were written."""
    if isinstance(where, Engine):
        with transaction(where) as session:
            return refresh(session, now)
    # Two schedulers must not write the same points: whoever comes second waits here and finds the marks gone.
    marks = where.scalars(select(Outdated).with_for_update()).all()
    calendar, setting = Calendar(now, workspace.current(where).zone), setting_of(where)
    written, computed = 0, _computed(where)
    for definition in CATALOGUE.values():
        kinds = {*definition.facts, *definition.also}
        spans = [_within_reason(mark.from_at, mark.to_at) for mark in marks if mark.kind in kinds]
        if definition.key not in computed:
            spans = [EVERYTHING]
        trail = {
            (grain, window): _trail(where, definition, grain, window, calendar)
            for grain in Grain
            for window in windows(definition)
            if Reach.of(definition, window).moves_on
        }
        written += _recompute(where, definition, spans, trail, calendar, setting)
    if marks:
        where.execute(delete(Outdated).where(col(Outdated.id).in_([mark.id for mark in marks])))
    return written


def rebuild(session: Session, now: datetime, since: datetime | None = None) -> int:
    """Recompute every point (or those that facts since `since` touch), and forget the marks."""
    calendar, setting = Calendar(now, workspace.current(session).zone), setting_of(session)
    if since is None:
        session.execute(delete(ScorecardPoint))
        session.execute(delete(Outdated))
    everything = [Span(since, LATEST) if since else EVERYTHING]
    return sum(_recompute(session, definition, everything, {}, calendar, setting) for definition in CATALOGUE.values())


def _computed(session: Session) -> set[str]:
    """The KPIs with points under the definition in force: not one that was just added, or means something else now."""
    points = select(col(ScorecardPoint.id))
    found = (
        select(literal(definition.key)).where(
            points.where(
                col(ScorecardPoint.kpi) == definition.key, col(ScorecardPoint.definition_version) == definition.version
            ).exists()
        )
        for definition in CATALOGUE.values()
    )
    return set(session.scalars(union_all(*found)))


def _within_reason(start: datetime, end: datetime) -> Span:
    start = min(max(start, EPOCH), LATEST - DAY)
    return Span(start, max(min(end, LATEST), start + MOMENT))


def _recompute(
    session: Session,
    definition: Definition,
    spans: Sequence[Span],
    trail: Mapping[tuple[Grain, str], Sequence[Span]],
    calendar: Calendar,
    setting: Setting,
) -> int:
    stretches: dict[tuple[Grain, str], list[Span]] = {}
    for grain in Grain:
        for window in windows(definition):
            touched = calendar.touched(spans, grain, Reach.of(definition, window))
            stretches[grain, window] = _together([*touched, *trail.get((grain, window), ())])
    if not any(stretches.values()):
        return 0
    there = _there(session, definition.aggregate)
    requests: list[Request] = []
    if there is not None:
        for (grain, window), spots in stretches.items():
            periods = calendar.periods(spots, grain, there, Reach.of(definition, window))
            requests += requests_for(definition, periods, window)
    with uncollected():
        return replace_points(session, definition, stretches, compute(session, definition, requests, setting))


def _trail(session: Session, definition: Definition, grain: Grain, window: str, calendar: Calendar) -> list[Span]:
    """From the newest point to the running period: time passes without any fact being marked. Where there
    is none yet, from the beginning: the first fact may have lain in the future when it was marked.
    """
    newest = session.scalar(
        select(func.max(ScorecardPoint.starts_at)).where(
            col(ScorecardPoint.kpi) == definition.key,
            of_scope(WORKSPACE),
            col(ScorecardPoint.grain) == grain.value,
            col(ScorecardPoint.window) == window,
        )
    )
    running = calendar.running(grain)
    begin = containing(EPOCH, grain, calendar.zone).start if newest is None else newest
    return [Span(min(begin, running.start), running.end)]


def _together(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def _there(session: Session, aggregate: Aggregate) -> Span | None:
    """From the first candidate to just after the last; outside there is nothing to compute."""
    edges: list[datetime] = []
    for arm in (arm for part in (aggregate, *aggregate.besides.values()) for arm in part.rows):
        anchor = anchor_of(arm)
        present = arm.with_only_columns(anchor.label("anchor")).where(anchor.is_not(None)).limit(1)
        edges += session.execute(present.order_by(anchor.asc())).scalars().all()
        edges += session.execute(present.order_by(anchor.desc())).scalars().all()
    return Span(min(edges), max(edges) + MOMENT) if edges else None

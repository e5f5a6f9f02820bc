"""Which cells may be kept, and what becomes of those that were."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlmodel import Session, col

from ops_console.core.clock import milliseconds
from ops_console.core.periods import Grain, between, containing
from ops_console.ingest.bulk import Stored, insert_stored, stored
from ops_console.ingest.tables import chunks
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Span
from ops_console.scorecard.cell_text import made_by
from ops_console.scorecard.compute import PERIOD, Request, requests_for
from ops_console.scorecard.kept_cells import KEPT_CELLS, K, KeptRecords
from ops_console.scorecard.moving import kept_while
from ops_console.scorecard.points import windows
from ops_console.scorecard.reach import DAY, Calendar, Reach


class Kept(NamedTuple):
    """Rows to keep, and the numbers of those in whose place they come."""

    rows: Stored
    gone: Sequence[int]


def kept_records(
    session: Session, definition: Definition, stale: Sequence[Span], requests: Sequence[Request], calendar: Calendar
) -> KeptRecords:
    """To be kept in stretches between weeks and whatever edges of periods and windows are asked for; not what a fact of
    today may touch, which is read again each time.
    """
    begin, end = _earliest(definition, calendar), _latest(definition, calendar)
    weeks = [each.start for each in between(begin, end, Grain.WEEK, calendar.zone)]
    asked = {edge for request in requests for span in request.spans for edge in span.milliseconds}
    every = sorted(asked.union(map(milliseconds, [*weeks, end])))
    edges = [edge for edge in every if milliseconds(begin) <= edge <= milliseconds(end)]
    return KeptRecords(session, definition.key, edges, stale)


def touched_weeks(spans: Sequence[Span], definition: Definition, calendar: Calendar) -> list[Span]:
    """The weeks whose figures facts in these spans can change."""
    return calendar.touched(spans, Grain.WEEK, Reach.of(definition, PERIOD))


def to_keep(records: KeptRecords) -> Kept:
    return Kept(stored(records.session, KEPT_CELLS, records.fresh), records.gone)


def keep(session: Session, kept: Kept) -> None:
    _delete(session, kept.gone)
    insert_stored(session, KEPT_CELLS, kept.rows)


def forget_cells(session: Session, stale: Mapping[str, Sequence[Span]], calendar: Calendar) -> None:
    """Those that facts touched, by KPI; and what nobody asks for any longer."""
    begins = {key: _earliest(CATALOGUE[key], calendar) for key in stale}

    def is_gone(key: str, maker: int, start: datetime, end: datetime) -> bool:
        if key not in stale or maker != made_by() or end <= begins[key]:
            return True
        return any(start < each.end and each.start < end for each in stale[key])

    rows = session.execute(select(col(K.id), col(K.kpi), col(K.made_by), col(K.starts_at), col(K.ends_at))).all()
    _delete(session, [number for number, *told in rows if is_gone(*told)])


def _delete(session: Session, numbers: Sequence[int]) -> None:
    for some in chunks(numbers):
        session.execute(delete(K).where(col(K.id).in_(some)))


def _latest(definition: Definition, calendar: Calendar) -> datetime:
    """Until when no fact of these days changes anything."""
    lately = Span(calendar.now - DAY, calendar.now)
    return touched_weeks([lately], definition, calendar)[0].start


def _earliest(definition: Definition, calendar: Calendar) -> datetime:
    """From when on the records are looked at for what facts of these days change."""
    now, first = calendar.now, _latest(definition, calendar)
    changed = [containing(first, grain, calendar.zone) for grain in Grain]
    points = (request for window in windows(definition) for request in requests_for(definition, changed, window))
    kept = (each for grain in Grain for each in kept_while(definition, calendar.running(grain), now))
    return min(span.start for request in (*points, *(each.request(now) for each in kept)) for span in request.spans)

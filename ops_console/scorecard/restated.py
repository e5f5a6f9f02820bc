"""What reports told of figures, and which of them read otherwise today.

A figure counts as told from the first delivery of its run that arrived; of several runs, the one that arrived last
counts. Numbers are compared in the database, so that a page is given the few that differ; whether a reader would see
the difference is asked of the words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import isclose
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlmodel import Session, col

from ops_console.core.columns import Instant
from ops_console.core.periods import Period, containing
from ops_console.measures.definition import Definition
from ops_console.measures.readings import DataState, HistoryPoint, Reading
from ops_console.measures.restated import Restated
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.measures.words import bare, value
from ops_console.records.reports import Delivery, SentFigure
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.compute import PERIOD, TRAILING, requests_for, stretch
from ops_console.scorecard.judge import Case, judged
from ops_console.scorecard.points import WHOLE, Key, point_of
from ops_console.scorecard.shelf import SHOWN, Shelf

ARRIVED = "delivered"
"""The state of a delivery that reached its reader."""
KEY = ("kpi", "scope_kind", "scope_key", "window", "starts_at")
TOLD = ("run_id", "value", "k", "n", "figure", "said")
NUMBERS = ("value", "k", "n")
Otherwise = Mapping[Key, Restated]


def key_of(found: Reading) -> Key:
    """Where the figure of a reading is kept, and told."""
    return found.key, found.scope, PERIOD if found.window_days is None else TRAILING, found.period.start


def tells(found: Reading) -> bool:
    """Whether a reading says anything that later facts could contradict: what is unknown, hidden or still running
    does not.
    """
    if found.is_running or found.data_state in (DataState.NOT_CONNECTED, DataState.FIRST_SYNC):
        return False
    return found.value is not None or not (found.data_state is DataState.STALE or found.detail.get("hidden"))


def with_restated(session: Session, kept: Shelf, found: Sequence[Reading]) -> list[Reading]:
    """Readings that say where they, their past, or what they are compared with were told otherwise: one statement."""
    otherwise = _otherwise(session, kept, found)
    return [_marked(each, otherwise) for each in found] if otherwise else list(found)


def _marked(found: Reading, otherwise: Otherwise) -> Reading:
    key, before = key_of(found), found.previous_period
    is_whole = before is not None and found.previous_until == before.end
    return replace(
        found,
        restated=otherwise.get(key),
        previous_restated=otherwise.get((*key[:3], before.start)) if before and is_whole else None,
        history=tuple(_past(found, point, otherwise) for point in found.history),
    )


def _past(found: Reading, point: HistoryPoint, otherwise: Otherwise) -> HistoryPoint:
    """Reports tell the figure of the KPI's own window, which may be longer than the period that is drawn."""
    window = PERIOD if found.definition.window_days is None else TRAILING
    restated = otherwise.get((found.key, found.scope, window, point.period.start))
    return replace(point, restated=restated) if restated else point


def _otherwise(session: Session, kept: Shelf, found: Sequence[Reading]) -> Otherwise:
    periods = sorted({each.period for each in found})
    if not periods or periods[0].grain is None:
        return {}
    grain, zone = periods[0].grain, ZoneInfo(periods[0].zone)
    definitions, scopes = {each.key: each.definition for each in found}, {each.scope for each in found}
    changed: dict[Key, Restated] = {}
    first, last = periods[0].previous(SHOWN - 1).start, periods[-1].start
    asked = {"keys": list(definitions), "grain": grain.value, "first": first, "last": last}
    for row in session.connection().execute(_differing(), asked):
        key = (row.kpi, Scope(ScopeKind(row.scope_kind), row.scope_key), row.window, row.starts_at)
        period = containing(row.starts_at, grain, zone)
        if key[1] in scopes and (restated := _restated(row, _today(kept, definitions[row.kpi], key, period, row))):
            changed[key] = restated
    return changed


@lru_cache(maxsize=1)  # put together once: it is asked by every page
def _differing() -> Select[Any]:
    """The newest of what was told of each figure, beside the figure as it is, where one is not the other."""
    grain: BindParameter[str] = bindparam("grain")
    first, last = bindparam("first", type_=Instant()), bindparam("last", type_=Instant())
    told = _newest(
        col(SentFigure.kpi).in_(bindparam("keys", expanding=True)),
        col(SentFigure.grain) == grain,
        col(SentFigure.starts_at) >= first,
        col(SentFigure.starts_at) <= last,
    )
    kept = ScorecardPoint.__table__.columns  # type: ignore[attr-defined]  # a table's class has one
    same = and_(kept.grain == grain, *(kept[name] == told[name] for name in KEY))
    whole: Iterable[Any] = (col(column).label(f"now_{column.key}") for column in WHOLE)
    return (
        select(*(told[name] for name in (*KEY, *TOLD)), told.sent_at, kept.id.label("now_id"), *whole)
        .outerjoin(ScorecardPoint, same)
        .where(told.place == 1, or_(*(kept[name].is_distinct_from(told[name]) for name in NUMBERS)))
    )


def _newest(*wanted: ColumnElement[bool]) -> Any:
    """The columns of sent figures; those of the run that arrived last stand in first `place`."""
    figures, run = SentFigure.__table__.columns, col(Delivery.run_id)  # type: ignore[attr-defined]
    arrived = (
        select(run.label("run_id"), func.min(col(Delivery.settled_at)).label("sent_at"))
        .where(col(Delivery.state) == ARRIVED)
        .group_by(run)
        .subquery()
    )
    place = func.row_number().over(
        partition_by=[figures[name] for name in KEY], order_by=[arrived.c.sent_at.desc(), figures.id.desc()]
    )
    ranked = select(*(figures[name] for name in (*KEY, *TOLD)), arrived.c.sent_at, place.label("place"))
    return ranked.join(arrived, arrived.c.run_id == figures.run_id).where(*wanted).subquery().c


def _today(kept: Shelf, definition: Definition, key: Key, period: Period, row: Row[Any]) -> Reading:
    """The figure as a page of its own period would show it."""
    point = point_of(*(getattr(row, f"now_{column.key}") for column in WHOLE)) if row.now_id else None
    span = stretch(period, point.days) if point else requests_for(definition, [period], key[2])[0].spans[0]
    return judged(Case(definition, key[1], period, point, span, (), None, kept.coverage(definition), kept.now))


def _restated(row: Row[Any], today: Reading) -> Restated | None:
    """None where a reader would see no difference, or nothing can be said today."""
    if not tells(today) or _is_same(row, today) or row.figure == bare(today):
        return None
    return Restated(row.value, row.said, value(today), row.run_id, row.sent_at)


def _is_same(row: Row[Any], today: Reading) -> bool:
    if (row.k, row.n) != (today.k, today.n):
        return False
    if row.value is None or today.value is None:
        return row.value is today.value
    return isclose(row.value, today.value)

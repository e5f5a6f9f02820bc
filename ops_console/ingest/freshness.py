"""Whether the facts can be trusted today: which sources bring which kinds, and how recently, told from the imports.

A source that the console asks by itself also says how often, how far it got and what is wrong. The import rows are
summed up in the database, two statements in all, so that a hundred thousand API batches cost no more than ten files.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, case, func, select
from sqlmodel import Session

from ops_console.contracts.facts import KINDS
from ops_console.core.clock import EPOCH
from ops_console.core.columns import instant
from ops_console.ingest.sources import NEEDS_A_PERSON
from ops_console.ingest.tables import imports
from ops_console.ingest.tables import sources as asked

NOT_CONNECTED, WORKING, FAILED, STALE = "not_connected", "working", "failed", "stale"
FIRST_SYNC = "first_sync"
GOOD, UNDER_WAY = "done", "running"
"""States of an import row; every other one (failed, interrupted) means that it did not end well."""
FILE_INTERVAL = timedelta(days=31)
API_INTERVAL = timedelta(days=1)
"""How often a source is expected that does not say so itself."""
PATIENCE = 2
"""After so many intervals without a good import, figures are shown as stale."""

P, S = imports.c, asked.c
ASKED = (
    S.minutes,
    S.state.label("asked_state"),
    S.error,
    S.remedy,
    S.paused,
    S.last_good_at,
    S.since,
    S.covers_until.label("asked_until"),
)


@dataclass(frozen=True)
class SourceHealth:
    """One source of one kind of fact. `reason` says what is wrong, what still holds, and what to do. `rows` are those
    that were brought; a connected tool repeats itself, so of one those that were new.
    """

    source: str
    kind: str
    state: str
    reason: str
    last_good: datetime | None
    last_failed: datetime | None
    covers_from: datetime | None
    covers_until: datetime | None
    imports: int
    rows: int
    refused: int
    origin: str
    is_synced: bool = False


@dataclass(frozen=True)
class Freshness:
    """One kind of fact over all its sources: failed when one of them is; stale when one that is asked fell silent, or
    when all of them are.
    """

    kind: str
    sources: tuple[str, ...]
    state: str
    reason: str
    last_good: datetime | None
    covers_from: datetime | None
    covers_until: datetime | None
    behind: tuple[str, ...] = ()
    """The sources that failed or fell silent, where others did not."""


def freshness(session: Session, now: datetime) -> dict[str, Freshness]:
    """Every kind of fact, connected or not."""
    by_kind: dict[str, list[SourceHealth]] = defaultdict(list)
    for health in sources(session, now):
        by_kind[health.kind].append(health)
    return {kind: _of_kind(kind, by_kind[kind]) for kind in KINDS}


def _of_kind(kind: str, found: list[SourceHealth]) -> Freshness:
    if not found:
        return Freshness(kind, (), NOT_CONNECTED, f"No {kind} have arrived yet. Import a file.", None, None, None)
    telling = _telling(found)
    return Freshness(
        kind,
        tuple(health.source for health in found),
        telling.state,
        f"{telling.source}: {telling.reason}" if telling.reason and len(found) > 1 else telling.reason,
        _heard(found),
        min((health.covers_from for health in found if health.covers_from), default=None),
        _complete_until(found),
        tuple(health.source for health in found if health.state == FAILED or _fell_behind(health)),
    )


def _telling(found: Sequence[SourceHealth]) -> SourceHealth:
    """The source that says how the kind is: one that failed, one that is asked and silent longest, or the newest."""
    failed = [health for health in found if health.state == FAILED]
    silent = sorted((each for each in found if _fell_behind(each)), key=lambda each: each.last_good or EPOCH)
    newest = max(found, key=lambda health: (health.state == WORKING, health.last_good or EPOCH, health.source))
    return (*failed, *silent, newest)[0]


def _heard(found: Sequence[SourceHealth]) -> datetime | None:
    """When the newest source was heard last; where one that is asked fell behind, when that was."""
    behind = [each.last_good for each in found if _fell_behind(each) and each.last_good]
    return min(behind) if behind else _last(health.last_good for health in found)


def _complete_until(found: Sequence[SourceHealth]) -> datetime | None:
    """As far as the newest source says; one that is asked and fell behind holds the others back."""
    behind = [each.covers_until for each in found if _fell_behind(each) and each.covers_until]
    return min(behind) if behind else _last(health.covers_until for health in found)


def _fell_behind(health: SourceHealth) -> bool:
    return health.is_synced and health.state in (FAILED, STALE)


def _last(instants: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def sources(session: Session, now: datetime) -> list[SourceHealth]:
    """Every source of every kind, in order of kind and name."""
    summed = session.execute(_summed()).all()
    ended = [row.last_id for row in summed if row.last_id is not None]
    latest = {row.id: row for row in session.execute(_latest(ended))} if ended else {}
    order = list(KINDS)
    found = [_health(row, latest.get(row.last_id), now) for row in summed if row.kind in KINDS]
    return sorted(found, key=lambda health: (order.index(health.kind), health.source))


@cache  # every page asks it
def _summed() -> Select[Any]:
    """One row per source and kind. A kind with imports under way for the first time has no ended one yet."""
    good, ended = P.state == GOOD, P.state != UNDER_WAY
    told = (
        P.source,
        P.kind,
        func.max(case((ended, P.id), else_=None)).label("last_id"),
        func.count().label("imports"),
        func.sum(case((S.minutes.is_not(None), P.new), else_=P.rows)).label("rows"),
        func.sum(P.refused).label("refused"),
        func.max(case((good, P.finished_at))).label("last_good"),
        func.max(case((ended & ~good, P.finished_at))).label("last_failed"),
        func.min(P.first_at).label("covers_from"),
        func.max(case((good, func.coalesce(P.covers_until, P.last_at)))).label("covers_until"),
        *ASKED,
    )
    return select(*told).select_from(imports).outerjoin(asked, S.name == P.source).group_by(P.source, P.kind, *ASKED)


def _latest(ids: Iterable[int]) -> Select[Any]:
    return select(P.id, P.state, P.error, P.origin, P.finished_at).where(P.id.in_(ids))


def _health(row: Row[Any], last: Row[Any] | None, now: datetime) -> SourceHealth:
    is_synced = bool(row.minutes)  # one that is only told has brought what it brought, as files do
    last_good = _at(row.last_good_at if is_synced else row.last_good)
    state, reason = _asked_state(row, last_good, now) if is_synced else _state(row.kind, last, last_good, now)
    return SourceHealth(
        source=row.source,
        kind=row.kind,
        state=state,
        reason=reason,
        last_good=last_good,
        last_failed=_at(row.last_failed),
        covers_from=_covered_from(row),
        covers_until=_covered_until(row),
        imports=row.imports,
        rows=row.rows,
        refused=row.refused,
        origin=last.origin if last else "",
        is_synced=is_synced,
    )


def _covered_from(row: Row[Any]) -> datetime | None:
    """Since the oldest fact; of a source that was asked for everything since a day, since that day."""
    known = [_at(stored) for stored in (row.covers_from, row.since if _tells_all(row) else None)]
    return min((each for each in known if each), default=None)


def _covered_until(row: Row[Any]) -> datetime | None:
    """Up to the newest fact, or as far as its sender said; of a source that was asked for everything, up to then."""
    return _last((_at(row.covers_until), _at(row.asked_until) if _tells_all(row) else None))


def _tells_all(row: Row[Any]) -> bool:
    """Whether what the source was asked for is all there was at the time."""
    return bool(row.asked_until) and not KINDS[row.kind].told_late


def _state(kind: str, last: Row[Any] | None, last_good: datetime | None, now: datetime) -> tuple[str, str]:
    if last is None:
        return NOT_CONNECTED, "The first import is under way."
    if last.state != GOOD:
        holds = f"Facts of {_day(last_good)} and before still hold." if last_good else f"No {kind} have arrived yet."
        why = (last.error or "no reason is known").rstrip(".")
        return FAILED, f"The import of {_day(_at(last.finished_at))} failed: {why}. {holds} Import it again."
    interval = API_INTERVAL if last.origin.casefold().startswith("api") else FILE_INTERVAL
    if last_good is not None and now - last_good > PATIENCE * interval:
        return STALE, f"Nothing has arrived since {_day(last_good)}. Import the newest {kind}."
    return WORKING, ""


def _asked_state(row: Row[Any], last_good: datetime | None, now: datetime) -> tuple[str, str]:
    """Of a source that is asked each so many minutes."""
    holds = f" Facts of {_day(last_good)} and before still hold." if last_good else ""
    told = f"{row.error} {row.remedy}".strip() if row.error else ""
    if row.asked_state in NEEDS_A_PERSON:
        return FAILED, f"{told}{holds}"
    if last_good is None:
        return FIRST_SYNC, "The first sync is under way."
    if now - last_good > PATIENCE * timedelta(minutes=row.minutes):
        why = "It is paused." if row.paused else told
        return STALE, f"Nothing was heard since {_day(last_good)}, {last_good:%H:%M} UTC. {why}".strip()
    return WORKING, ""


def _at(stored: int | None) -> datetime | None:
    return None if stored is None else instant(stored)


def _day(at: datetime | None) -> str:
    return f"{at.day} {at:%b %Y}" if at else "an unknown day"

"""Points written and read: figures as rows of the scorecard.

A point exists where something happened in its span; an absent one is an empty one. Whether that means zero or unknown
is decided when it is read, by how far the sources reach. No point depends on the clock.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, SQLModel, col

from ops_console.core.clock import milliseconds
from ops_console.core.columns import exact_text
from ops_console.core.db import json_text
from ops_console.core.periods import Grain, Period
from ops_console.ingest.bulk import Stored
from ops_console.measures.aggregates import AnySelect
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Figure
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.compute import PERIOD, TRAILING, Computed, Request
from ops_console.scorecard.wanted import of_scope

P = ScorecardPoint
POINTS = SQLModel.metadata.tables[str(P.__tablename__)]
WHOLE: tuple[Any, ...] = (
    *(P.window_days, P.value, P.k, P.n, P.spread, P.detail, P.excluded),
    *(P.coverage_known, P.coverage_expected, P.definition_version),
)
"""Everything that is kept of a figure besides its key."""
PLACE = (P.kpi, P.scope_kind, P.scope_key, P.starts_at)
POINT: AnySelect = select(*map(col, (*PLACE, P.window, *WHOLE)))
_PAST = (P.definition_version, P.value, P.k, P.n, P.spread)
PAST: AnySelect = select(*map(col, (*PLACE, *_PAST))).where(col(P.window) == PERIOD)
VALUES = PAST.with_only_columns(*map(col, (*PLACE, *_PAST[:2])))
COLUMNS = [column.name for column in POINTS.columns if column.name not in ("id", "fingerprint")]
KINDS = {kind: kind.value for kind in ScopeKind}
Key = tuple[str, Scope, str, datetime]
"""KPI, scope, window, start of the period."""


@dataclass(frozen=True, slots=True)
class Point:
    """`days` is the length of its window, where that is not the period itself."""

    figure: Figure
    days: int | None
    definition_version: int


class Past(NamedTuple):
    """A point as a history shows it."""

    definition_version: int | None
    value: float | None
    k: Decimal | None = None
    n: Decimal | None = None
    spread: dict[str, float] | None = None


Histories = Mapping[tuple[str, Scope], Mapping[datetime, Past]]
"""By KPI and scope, then by the start of the period."""


def stored_points(definition: Definition, computed: Computed) -> Stored:
    """Figures as rows of the scorecard, each value as a driver takes it: half a million of them make a scorecard. They
    come in the order of their keys, in which an index takes them for a third less.
    """
    rows: list[tuple[Any, ...]] = []
    key, version = definition.key, definition.version
    for request in sorted(computed, key=_order):
        period, label, window = request.period, request.period.label, request.window
        start, end, grain = milliseconds(period.start), milliseconds(period.end), period.grain and period.grain.value
        rows += [
            (key, KINDS[scope.kind], scope.key, grain, start, *_told(figure), version, label, window, span.days, end)
            for scope, (span, figure) in computed[request].items()
        ]
    rows.sort(key=itemgetter(COLUMNS.index("scope_kind"), COLUMNS.index("scope_key")))
    return Stored(COLUMNS, rows)


def _order(request: Request) -> tuple[Any, ...]:
    return request.period.grain, request.window, request.period.start


def _told(figure: Figure) -> tuple[Any, ...]:
    return (
        None if figure.value is None else float(figure.value),
        None if figure.k is None else exact_text(figure.k),
        None if figure.n is None else exact_text(figure.n),
        None if figure.spread is None else json_text(figure.spread),
        json_text(figure.detail) if figure.detail else None,
        json_text(figure.excluded) if figure.excluded else None,
        figure.coverage_known,
        figure.coverage_expected,
    )


def measured(definition: Definition, scope: Scope, period: Period, figure: Figure) -> dict[str, Any]:
    """The columns of `Measured`."""
    return {
        "kpi": definition.key,
        "scope_kind": scope.kind.value,
        "scope_key": scope.key,
        "grain": period.grain and period.grain.value,
        "starts_at": period.start,
        "value": figure.value,
        "k": figure.k,
        "n": figure.n,
        "spread": figure.spread,
        "detail": figure.detail or None,
        "excluded": figure.excluded or None,
        "coverage_known": figure.coverage_known,
        "coverage_expected": figure.coverage_expected,
        "definition_version": definition.version,
    }


def load(session: Session, wanted: ColumnElement[bool]) -> dict[Key, Point]:
    """Points by key, with everything that is kept of them."""
    found: dict[Key, Point] = {}
    for kpi, kind, name, starts_at, window, *kept in _rows(session, POINT.where(wanted)):
        key = kpi, Scope(ScopeKind(kind), name), window, starts_at
        found[key] = point_of(*kept)
    return found


def load_past(session: Session, wanted: ColumnElement[bool], *, whole: bool = True) -> Histories:
    """What histories show of periods themselves, of which they need hundreds; not `whole`, their values alone."""
    found: defaultdict[tuple[str, str, str], dict[datetime, Past]] = defaultdict(dict)
    for kpi, kind, name, starts_at, *kept in _rows(session, (PAST if whole else VALUES).where(wanted)):
        found[kpi, kind, name][starts_at] = Past(*kept)
    return {(kpi, Scope(ScopeKind(kind), name)): past for (kpi, kind, name), past in found.items()}


def _rows(session: Session, statement: AnySelect) -> Sequence[Any]:
    # Past the ORM, which would look at each of a thousand rows once more.
    return session.connection().execute(statement).all()


def point_of(*kept: Any) -> Point:
    """From the columns of `WHOLE`."""
    days, value, k, n, spread, detail, excluded, known, expected, version = kept
    return Point(Figure(value, k, n, spread, detail or {}, excluded or {}, known, expected), days, version)


def windows(definition: Definition) -> tuple[str, ...]:
    return (PERIOD,) if definition.window_days is None else (PERIOD, TRAILING)


def first_start(session: Session, key: str, scope: Scope, grain: Grain) -> datetime | None:
    """Where the points of a KPI and scope begin."""
    wanted = (col(P.kpi) == key) & of_scope(scope) & (col(P.grain) == grain) & (col(P.window) == PERIOD)
    return session.scalar(select(col(P.starts_at)).where(wanted).order_by(col(P.starts_at)).limit(1))

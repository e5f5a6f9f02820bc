"""The rows behind a number: from the very selects the number came from, left-out ones with their reason."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Label,
    Select,
    case,
    func,
    literal,
    select,
    text,
    tuple_,
    type_coerce,
)
from sqlmodel import Session, col

from ops_console.core.errors import NotFound
from ops_console.kpis import CATALOGUE
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.definition import Better, Definition, Unit
from ops_console.measures.figures import Figure, Span
from ops_console.measures.scopes import Scope
from ops_console.records.catalog import CatalogEntry
from ops_console.scorecard.candidates import candidates, standing
from ops_console.scorecard.parts import listed, parts
from ops_console.scorecard.placed import place
from ops_console.scorecard.record import Mark, Record, RecordPage, url_of


def records(
    session: Session,
    key: str,
    scope: Scope,
    start: datetime,
    end: datetime,
    *,
    figure: Figure | None = None,
    limit: int = 50,
    offset: int = 0,
    after: Mark | None = None,
) -> RecordPage:
    """Newest first, those left out behind. Answers to surveys are listed per question and objectives as a whole, never
    slice by slice. A page begins behind `offset` rows, or behind the row that `after` marks. The figure they stand
    behind, where it is at hand, saves counting them again.
    """
    if key not in CATALOGUE:
        raise NotFound(f"{key!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    definition = CATALOGUE[key]
    aggregate = definition.aggregate
    if aggregate.parts(Figure()) is not None:
        return listed(parts(session, aggregate, scope, Span(start, end), figure), definition, limit, offset, after)
    found = candidates(session, aggregate, [Span(start, end)])
    placed, within = place(session, found, scope)
    excluded = _excluded(aggregate, found, scope)
    counts = _told_by(aggregate, figure) or _counted(session, excluded, placed, within)
    order = _order(definition, found)
    statement = _page(aggregate, found, placed, excluded, order).where(within)
    slices = _slices(statement, excluded, order, after) if after else _from(statement, excluded, offset, counts[None])
    rows: list[Any] = []
    for counts_or_not, part in slices:
        more = session.execute(part.limit(limit + 1 - len(rows))).all() if len(rows) <= limit else ()
        rows += [(counts_or_not, row) for row in more]
    shown = [_record(definition, aggregate, row) for _, row in rows[:limit]]
    last = (rows[limit - 1][0], *rows[limit - 1][1][-len(order) :]) if len(rows) > limit else None
    left_out = {reason: counts[reason] for reason in sorted(filter(None, counts))}
    return RecordPage(shown, sum(counts.values()), counts[None], left_out, definition.unit.value, last)


Slices = Sequence[tuple[int, Select[*tuple[Any, ...]]]]
"""First the rows that count (1), then those that do not (0): each is read as far as the page goes, by its index."""


def _from(statement: Select[*tuple[Any, ...]], excluded: Label[Any], offset: int, counted: int) -> Slices:
    count = statement.where(excluded.element.is_(None)).offset(offset)
    do_not = statement.where(excluded.element.is_not(None)).offset(max(0, offset - counted))
    return [(1, count), (0, do_not)] if offset < counted else [(0, do_not)]


def _slices(
    statement: Select[*tuple[Any, ...]], excluded: Label[Any], order: Sequence[ColumnElement[Any]], after: Mark
) -> Slices:
    counted, *mark = after
    behind = tuple_(*order) < tuple_(*mark)
    do_not = statement.where(excluded.element.is_not(None))
    if not counted:
        return [(0, do_not.where(behind))]
    return [(1, statement.where(excluded.element.is_(None), behind)), (0, do_not)]


def _told_by(aggregate: Aggregate, figure: Figure | None) -> Counter[str | None] | None:
    if figure is None or figure.n is None or not aggregate.counts_rows:
        return None
    counts: Counter[str | None] = Counter(figure.excluded)
    counts[None] = int(figure.n)
    return counts


def _counted(
    session: Session, excluded: Label[Any], placed: FromClause, within: ColumnElement[bool]
) -> Counter[str | None]:
    counted = select(excluded, func.count().label("rows")).select_from(placed).where(within).group_by(text("1"))
    return Counter({row.excluded: row.rows for row in session.execute(counted)})


def _excluded(aggregate: Aggregate, found: FromClause, scope: Scope) -> Label[Any]:
    """Why a candidate does not count in this scope."""
    reason, tier = aggregate.other_tiers(scope), standing(found)[2]
    own: ColumnElement[Any] = aggregate.left_out(found)
    return (case((tier.in_(aggregate.tiers), own), else_=literal(reason)) if reason else own).label("excluded")


def _page(
    aggregate: Aggregate,
    found: FromClause,
    placed: FromClause,
    excluded: Label[Any],
    order: Sequence[ColumnElement[Any]],
) -> Select[*tuple[Any, ...]]:
    measure = [found.c[aggregate.measured].label("measure")] if aggregate.measured else []
    told = [found.c[name] for name in ("currency", "note") if name in found.c]
    named = placed.outerjoin(CatalogEntry, col(CatalogEntry.id) == found.c.entry_id)
    columns = (found.c.record_id, found.c.anchor, found.c.label, excluded, col(CatalogEntry.slug))
    marks = (column.label(f"mark_{place}") for place, column in enumerate(order))
    statement = select(*columns, *measure, *told, *marks).select_from(named)
    return statement.order_by(*(column.desc() for column in order))


def _order(definition: Definition, found: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Descending: the newest, what hurts, and so on until no two rows are alike."""
    return (
        type_coerce(found.c.anchor, BigInteger),
        *_what_hurts(definition, found),
        func.coalesce(found.c.record_id, 0),
        func.coalesce(found.c.label, ""),
    )


def _what_hurts(definition: Definition, found: FromClause) -> Sequence[ColumnElement[Any]]:
    """Of things that stood at one moment, those that need somebody come first."""
    if not definition.snapshot or "hit" not in found.c:
        return ()
    hit = func.coalesce(found.c.hit, 0)
    return (hit if definition.better is Better.LOWER else 1 - hit,)


def _record(definition: Definition, aggregate: Aggregate, row: Any) -> Record:
    measure = getattr(row, "measure", None)
    if definition.unit is Unit.SECONDS and measure is not None:
        measure = measure / 1000
    subject = row.slug or ""
    return Record(
        record=aggregate.record,
        id=row.record_id,
        subject=subject,
        anchor=row.anchor,
        label=row.label or "",
        measure=measure,
        excluded=row.excluded,
        url=url_of(aggregate.record, row.record_id, subject),
        currency=getattr(row, "currency", None),
        note=getattr(row, "note", None) or "",
    )

"""The rows behind a number: from the very selects the number came from, left-out ones with their reason."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, FromClause, Label, Select, case, func, literal, select, text, true
from sqlmodel import Session, col

from ops_console.core.errors import NotFound
from ops_console.kpis import CATALOGUE
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.definition import Better, Definition, Unit
from ops_console.measures.figures import Figure, Span
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry
from ops_console.scorecard.compute import candidates, reduced, setting_of, standing

OF_MODEL = "/models/{subject}"
"""Where rows without a page of their own lead to."""
ADDRESSES = {
    "deployment": "/deployments/{id}",
    "incident": "/incidents/{id}",
    "slo": OF_MODEL,
    "model": OF_MODEL,
    "step": OF_MODEL,
    "finding": OF_MODEL,
}


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `excluded` says in words why it does not count, `note` how it stands; `measure` is seconds, money, a
    score, or 1 for a hit.
    """

    record: str
    id: int | None
    subject: str
    anchor: datetime | None
    label: str
    measure: float | Decimal | None
    excluded: str | None
    url: str
    n: int | None = None
    currency: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`total` rows in all: those that count and, by reason, those left out."""

    rows: Sequence[Record]
    total: int
    counted: int
    excluded: dict[str, int]
    measured: str


def records(
    session: Session,
    key: str,
    scope: Scope,
    start: datetime,
    end: datetime,
    *,
    limit: int = 50,
    offset: int = 0,
) -> RecordPage:
    """Newest first. Answers to surveys are listed per question and objectives as a whole, never slice by slice."""
    if key not in CATALOGUE:
        raise NotFound(f"{key!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    definition = CATALOGUE[key]
    aggregate = definition.compute()
    parts = _parts(session, aggregate, scope, Span(start, end))
    if parts is not None:
        return _listed(parts, definition, limit, offset)
    found = candidates(session, aggregate, [Span(start, end)])
    placed, within = place(session, found, scope)
    excluded = _excluded(aggregate, found, scope)
    counted = select(excluded, func.count().label("rows")).select_from(placed).where(within).group_by(text("1"))
    counts = {row.excluded: row.rows for row in session.execute(counted)}
    statement = _page(definition, aggregate, found, placed, excluded).where(within).limit(limit).offset(offset)
    rows = [_record(definition, aggregate, row) for row in session.execute(statement)]
    left_out = {reason: counts[reason] for reason in sorted(filter(None, counts))}
    return RecordPage(rows, sum(counts.values()), counts.get(None, 0), left_out, definition.unit.value)


def place(session: Session, found: FromClause, scope: Scope) -> tuple[FromClause, ColumnElement[bool]]:
    """The candidates with how their entries stood, and the condition that keeps those of one scope."""
    entry, team, tier, placed = standing(found)
    if scope.kind is ScopeKind.MODEL:
        mine = session.scalar(select(col(CatalogEntry.id)).where(col(CatalogEntry.slug) == scope.key))
        return placed, entry == mine
    if scope.kind is ScopeKind.TEAM:
        return placed, team == scope.key
    if scope.kind is ScopeKind.TIER:
        return placed, tier == int(scope.key)
    return placed, true()


def _excluded(aggregate: Aggregate, found: FromClause, scope: Scope) -> Label[Any]:
    """Why a candidate does not count in this scope."""
    reason, tier = aggregate.other_tiers(scope), standing(found)[2]
    own: ColumnElement[Any] = found.c.excluded
    return (case((tier.in_(aggregate.tiers), own), else_=literal(reason)) if reason else own).label("excluded")


def _page(
    definition: Definition, aggregate: Aggregate, found: FromClause, placed: FromClause, excluded: Label[Any]
) -> Select[*tuple[Any, ...]]:
    measure = [found.c[aggregate.measured].label("measure")] if aggregate.measured else []
    told = [found.c[name] for name in ("currency", "note") if name in found.c]
    named = placed.outerjoin(CatalogEntry, col(CatalogEntry.id) == found.c.entry_id)
    columns = (found.c.record_id, found.c.anchor, found.c.label, excluded, col(CatalogEntry.slug))
    first_counted = case((excluded.element.is_(None), 0), else_=1)
    return (
        select(*columns, *measure, *told)
        .select_from(named)
        .order_by(first_counted, found.c.anchor.desc(), *_what_hurts(definition, found), found.c.record_id.desc())
    )


def _what_hurts(definition: Definition, found: FromClause) -> Sequence[ColumnElement[Any]]:
    """Of things that stood at one moment, those that need somebody come first."""
    if not definition.snapshot or "hit" not in found.c:
        return ()
    return (found.c.hit.desc() if definition.better is Better.LOWER else found.c.hit.asc(),)


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
        url=_url(aggregate.record, row.record_id, subject),
        currency=getattr(row, "currency", None),
        note=getattr(row, "note", None) or "",
    )


def _url(record: str, number: int | None, subject: str) -> str:
    address = ADDRESSES.get(record, "")
    if number is None or (address == OF_MODEL and not subject):
        return ""
    return address.format(id=number, subject=quote(subject))


def _parts(session: Session, aggregate: Aggregate, scope: Scope, span: Span) -> list[Record] | None:
    if aggregate.parts(Figure()) is None:
        return None
    found = reduced(session, aggregate, [span], setting_of(session))
    figure = found.figure(scope, span) if scope in found.scopes() else None
    return [
        Record(
            record=aggregate.record,
            id=part.id,
            subject=part.subject,
            anchor=None,
            label=part.label,
            measure=part.measure,
            excluded=part.excluded,
            url=_url(aggregate.record, part.id, part.subject),
            n=part.n,
        )
        for part in aggregate.parts(figure or Figure()) or ()
    ]


def _listed(rows: Sequence[Record], definition: Definition, limit: int, offset: int) -> RecordPage:
    left_out = Counter(row.excluded for row in rows if row.excluded)
    counted = len(rows) - left_out.total()
    shown = rows[offset : offset + limit]
    return RecordPage(shown, len(rows), counted, dict(sorted(left_out.items())), definition.unit.value)

"""Audit exceptions: what is open past the day it was promised for."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal, null, or_, select
from sqlmodel import col

from ops_console.contracts.vocabulary import FindingKind
from ops_console.core.columns import milliseconds_between
from ops_console.measures.aggregates import AnySelect, Rows, Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.snapshots import Ages, Snapshot
from ops_console.records.findings import Finding, Waiver

F = Finding
EXCEPTIONS = (FindingKind.EXCEPTION.value, FindingKind.POLICY.value, FindingKind.ACCESS_REVIEW.value)
VULNERABILITIES = (FindingKind.VULNERABILITY.value,)
DISMISSED = (col(F.dismissed_reason).is_not(None), literal("dismissed"))


def audit_exceptions() -> Snapshot:
    """Exceptions to a rule, policy violations and open points of access reviews that were open at the end of the
    period and past their due day; beside it, how many were open at all, by severity. A waiver defers the due day and
    closes nothing: while it holds the exception is open and not overdue, once it has run out it is overdue again. It
    holds from when it was given, and excuses nothing of the time before. An
    exception without a due day is never overdue and is counted apart; one that was dismissed as none is left out. A
    finding that its source deleted was open until then. Beside it stand the share of those closed in the period that
    were closed on time, and vulnerabilities past their limit, which are not in the number.
    """
    return Snapshot(
        rows=(_seen(EXCEPTIONS),),
        record="finding",
        at=lambda moments: (_open(moments, EXCEPTIONS),),
        counts=True,
        beside=("waived", "without_due_date"),
        split=("severity",),
        besides={
            "closed_on_time": Share(rows=(_closed(EXCEPTIONS),)),
            "vulnerabilities": Snapshot(
                rows=(_seen(VULNERABILITIES),),
                at=lambda moments: (_open(moments, VULNERABILITIES),),
                counts=True,
                split=("severity",),
            ),
            "vulnerability_age": Ages(rows=(_seen(VULNERABILITIES),), at=_ages),
            "vulnerabilities_closed_on_time": Share(rows=(_closed(VULNERABILITIES),)),
        },
    )


def _seen(kinds: Collection[str]) -> AnySelect:
    return select(col(F.first_seen_at).label("anchor")).where(col(F.kind).in_(kinds))


def _named() -> tuple[Any, ...]:
    label = func.coalesce(col(F.rule) + literal(": ") + col(F.asset), F.rule)
    return col(F.entry_id).label("entry_id"), col(F.id).label("record_id"), label.label("label")


def _open(moments: FromClause, kinds: Collection[str]) -> AnySelect:
    at = moments.c.at
    is_waived = _waived(at)
    is_overdue = and_(col(F.due_at) <= at, ~is_waived)
    has_no_due_date = col(F.due_at).is_(None)
    note = case((is_overdue, "overdue"), (is_waived, "waived"), (has_no_due_date, "no due date"), else_="not due yet")
    columns = (
        at.label("anchor"),
        moments.c.since,
        moments.c.until,
        *_named(),
        case(DISMISSED, else_=null()).label("excluded"),
        case((is_overdue, 1), else_=0).label("hit"),
        case((is_waived, 1), else_=0).label("waived"),
        case((has_no_due_date, 1), else_=0).label("without_due_date"),
        col(F.severity).label("severity"),
        note.label("note"),
    )
    return select(*columns).select_from(moments).join(F, _is_open(at, kinds))


def _waived(at: Any) -> ColumnElement[bool]:
    """Whether what was last said by an instant waives the finding beyond it."""
    said = select(col(Waiver.until_at)).where(col(Waiver.finding_id) == col(F.id), col(Waiver.stated_at) <= at)
    last = said.order_by(col(Waiver.stated_at).desc()).limit(1)
    return func.coalesce(last.correlate_except(Waiver).scalar_subquery() > at, False)


def _ages(moments: FromClause) -> Rows:
    at = moments.c.at
    columns = (
        at.label("anchor"),
        moments.c.since,
        moments.c.until,
        *_named(),
        case(DISMISSED, else_=null()).label("excluded"),
        milliseconds_between(F.first_seen_at, at).label("ms"),
    )
    return (select(*columns).select_from(moments).join(F, _is_open(at, VULNERABILITIES)),)


def _is_open(at: Any, kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(
        col(F.kind).in_(kinds),
        col(F.first_seen_at) <= at,
        or_(col(F.fixed_at).is_(None), col(F.fixed_at) > at),
        or_(col(F.deleted_at).is_(None), col(F.deleted_at) > at),
    )


def _closed(kinds: Collection[str]) -> AnySelect:
    in_time = or_(col(F.fixed_at) < col(F.due_at), _waived(col(F.fixed_at)))
    return select(
        col(F.fixed_at).label("anchor"),
        *_named(),
        case(DISMISSED, (col(F.due_at).is_(None), literal("no due date")), else_=null()).label("excluded"),
        case((in_time, 1), else_=0).label("hit"),
    ).where(col(F.kind).in_(kinds), col(F.deleted_at).is_(None))


DEFINITION = Definition(
    key="audit_exceptions",
    number=22,
    title="Audit exceptions",
    question="Which exceptions are open past their day?",
    formula="Open exceptions, policy violations and review points past their due day, at the end of the period",
    unit=Unit.COUNT,
    better=Better.LOWER,
    compute=audit_exceptions,
    targets={None: Bounds(high=0, strict=False)},
    facts=("findings",),
    also=("models",),
    statistic="overdue of open",
    best=0,
    snapshot=True,
    nothing="No open exceptions",
    version=2,
    changes=("A waiver holds from when it was given.",),
)

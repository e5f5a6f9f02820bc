"""Annotations that people write and withdraw."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlmodel import Session, col

from ops_console.core.clock import now as the_time
from ops_console.core.errors import BadInput, NotFound
from ops_console.kpis import CATALOGUE
from ops_console.measures.annotations import WRITTEN, Annotation, AnnotationKind
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records import audit
from ops_console.records.annotations import Annotation as Row
from ops_console.records.audit import Decision

SUBJECT = "annotation"
TOLD = ("kpi", "scope_kind", "scope_key", "kind", "text", "from_at", "until_at")
LONGEST = 300
"""Letters of a text."""
MOST_READ = 200


def annotate(
    session: Session,
    *,
    kind: AnnotationKind,
    text: str,
    scope: Scope,
    kpi: str | None,
    from_at: datetime,
    until_at: datetime | None,
    by: str,
) -> Row:
    """Write one down; `kpi` None means every KPI."""
    if kpi is not None and kpi not in CATALOGUE:
        raise BadInput(f"{kpi!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    if kind not in WRITTEN:
        raise BadInput(f"{kind!r} is nothing a person writes.", remedy=f"Choose one of {', '.join(WRITTEN)}.")
    if not 0 < len(text.strip()) <= LONGEST:
        raise BadInput(f"An annotation has 1 to {LONGEST} letters.", remedy="Say in one sentence what happened.")
    if until_at is not None and until_at <= from_at:
        raise BadInput("It ends before it begins.", remedy="Swap the two days.")
    row = Row(
        kind=kind.value,
        text=text.strip(),
        scope_kind=scope.kind.value,
        scope_key=scope.key,
        kpi=kpi,
        from_at=from_at,
        until_at=until_at,
        made_by=by,
        made_at=the_time(),
    )
    session.add(row)
    session.flush()
    audit.record(session, Decision("annotated", SUBJECT, audit.number(row), by, after=audit.some(row, TOLD)))
    return row


def withdraw(session: Session, number: int, by: str, reason: str, replaced_by: int | None = None) -> None:
    """It is drawn nowhere from now on; the row stays, with who and why."""
    mine = update(Row).where(col(Row.id) == number, col(Row.withdrawn_at).is_(None)).returning(Row)
    words = {"withdrawn_reason": reason, "replaced_by": replaced_by}
    row = session.scalars(mine.values(withdrawn_by=by, withdrawn_at=the_time(), **words)).first()
    if row is None:
        raise NotFound(f"There is no annotation {number} in force.", remedy="Somebody may have withdrawn it: reload.")
    said = audit.some(row, TOLD)
    audit.record(session, Decision("annotation withdrawn", SUBJECT, number, by, before=said, reason=reason))


def within(start: datetime, end: datetime, keys: Iterable[str]) -> ColumnElement[bool]:
    """Those in force about these KPIs that touch a stretch of time."""
    about = or_(col(Row.kpi).is_(None), col(Row.kpi).in_(list(keys)))
    last = func.coalesce(Row.until_at, Row.from_at)
    return col(Row.withdrawn_at).is_(None) & about & (col(Row.from_at) < end) & (last >= start)


def written(session: Session, wanted: ColumnElement[bool]) -> Sequence[Row]:
    """Rows, the oldest first."""
    return session.scalars(select(Row).where(wanted).order_by(col(Row.from_at), col(Row.id))).all()


def scope_of(row: Row) -> Scope:
    return Scope(ScopeKind(row.scope_kind), row.scope_key)


def told(row: Row) -> Annotation:
    """A row as readings carry it."""
    return Annotation(
        at=row.from_at,
        kind=AnnotationKind(row.kind),
        text=row.text,
        until=row.until_at,
        scope=scope_of(row),
        by=row.made_by,
        made_at=row.made_at,
        number=row.id,
    )


def about(session: Session, key: str, scope: Scope) -> Sequence[Row]:
    """Everything ever written for a KPI and scope, or for all of them, the newest first; withdrawn ones too."""
    of_kpi = or_(col(Row.kpi).is_(None), col(Row.kpi) == key)
    of_scope = or_(
        col(Row.scope_kind) == ScopeKind.WORKSPACE.value,
        and_(col(Row.scope_kind) == scope.kind.value, col(Row.scope_key) == scope.key),
    )
    newest = (col(Row.from_at).desc(), col(Row.id).desc())
    return session.scalars(select(Row).where(of_kpi, of_scope).order_by(*newest).limit(MOST_READ)).all()

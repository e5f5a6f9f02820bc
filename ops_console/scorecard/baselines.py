"""Baselines: a person says from where on a process is another one, so that its usual range is found anew."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from ops_console.core.clock import now as the_time
from ops_console.core.errors import BadInput, NotFound
from ops_console.core.periods import Grain, Period, containing
from ops_console.kpis import CATALOGUE
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records import audit, workspace
from ops_console.records.audit import Decision
from ops_console.records.baselines import Baseline

SUBJECT = "baseline"
TOLD = ("kpi", "scope_kind", "scope_key", "from_at", "reason")
NEWEST = (col(Baseline.from_at).desc(), col(Baseline.set_at).desc(), col(Baseline.id).desc())
IN_FORCE = col(Baseline.withdrawn_at).is_(None)


def start(session: Session, key: str, scope: Scope, from_at: datetime, by: str, reason: str) -> Baseline:
    """From a period's start on; the limits of earlier periods stay what they were."""
    if key not in CATALOGUE:
        raise BadInput(f"{key!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    if not reason.strip():
        raise BadInput("A baseline needs a reason.", remedy="Say what made it another process.")
    zone = workspace.current(session).zone
    if from_at not in {containing(from_at, grain, zone).start for grain in Grain}:
        raise BadInput("A baseline begins with a period.", remedy="Choose the start of a week, month or quarter.")
    row = Baseline(
        kpi=key,
        scope_kind=scope.kind.value,
        scope_key=scope.key,
        from_at=from_at,
        reason=reason.strip(),
        set_by=by,
        set_at=the_time(),
    )
    session.add(row)
    session.flush()
    said = audit.some(row, TOLD)
    audit.record(session, Decision("baseline begun", SUBJECT, audit.number(row), by, after=said, reason=row.reason))
    return row


def withdraw(session: Session, number: int, by: str, reason: str) -> None:
    """As if it had never been started, except that the row stays, with who and why."""
    mine = update(Baseline).where(col(Baseline.id) == number, IN_FORCE).returning(Baseline)
    gone = mine.values(withdrawn_by=by, withdrawn_at=the_time(), withdrawn_reason=reason)
    row = session.scalars(gone).first()
    if row is None:
        raise NotFound(f"There is no baseline {number} in force.", remedy="Somebody may have withdrawn it: reload.")
    said = audit.some(row, TOLD)
    audit.record(session, Decision("baseline withdrawn", SUBJECT, number, by, before=said, reason=reason))


def in_force(session: Session, keys: Iterable[str]) -> Sequence[Baseline]:
    """Those of some KPIs, the newest first."""
    return session.scalars(select(Baseline).where(col(Baseline.kpi).in_(list(keys)), IN_FORCE).order_by(*NEWEST)).all()


def about(session: Session, key: str, scope: Scope) -> Sequence[Baseline]:
    """Every one of a KPI and scope, withdrawn ones too, the newest first."""
    return session.scalars(select(Baseline).where(col(Baseline.kpi) == key, _of(scope)).order_by(*NEWEST)).all()


def told(row: Baseline) -> Annotation:
    """A row as readings carry it."""
    return Annotation(
        at=row.from_at,
        kind=AnnotationKind.BASELINE,
        text=row.reason,
        scope=Scope(ScopeKind(row.scope_kind), row.scope_key),
        by=row.set_by,
        made_at=row.set_at,
        number=row.id,
    )


def applying(newest_first: Iterable[Baseline], period: Period) -> Baseline | None:
    """The one that a period belongs to: the newest that had begun when the period did."""
    return next((each for each in newest_first if each.from_at <= period.start), None)


def _of(scope: Scope) -> ColumnElement[bool]:
    return (col(Baseline.scope_kind) == scope.kind.value) & (col(Baseline.scope_key) == scope.key)

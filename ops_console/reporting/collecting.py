"""Takes a snapshot: readings from the scorecard, and the records that stand beside them. One session, one view."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from ops_console.core.clock import MILLISECOND
from ops_console.core.periods import Grain, Period, containing
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink, is_real
from ops_console.records.targets import Target
from ops_console.reporting import words
from ops_console.reporting.asked import asked
from ops_console.reporting.evidence import Evidence, IncidentRow, Incidents, Mover, TargetChange
from ops_console.reporting.failed_pipelines import failed_pipelines
from ops_console.reporting.governed import governed
from ops_console.reporting.hazards import FailedPipelines, Risky
from ops_console.reporting.initiatives import initiatives
from ops_console.reporting.promised import actions, reviews
from ops_console.reporting.risky import risky
from ops_console.reporting.snapshot import Facts, Snapshot
from ops_console.scorecard.read import readings, readings_by_scope

INCIDENTS, MOVERS = 40, 8
COST, MTTR, TOP = "cost_vs_budget", "mttr", "1"


def take(session: Session, facts: Facts, period: Period) -> Snapshot:
    """Everything a report about this period can say."""
    figures = readings(session, WORKSPACE, period, now=facts.taken_at)
    top = readings(session, Scope(ScopeKind.TIER, TOP), period, keys=[MTTR], now=facts.taken_at)
    known = {figure.key for figure in figures if (figure.previous_k, figure.previous_n) != (None, None)}
    evidence = _evidence(session, period, facts.taken_at, known)
    if period.grain is Grain.QUARTER:
        evidence = replace(evidence, governed=governed(session, figures))
    return Snapshot(facts, tuple(figures), tuple(top), evidence, _month(session, period, facts.taken_at))


def _month(session: Session, period: Period, now: datetime) -> tuple[Reading, ...]:
    """The cost of the month that has most of a week's days: budgets are those of months."""
    if period.grain is not Grain.WEEK:
        return ()
    month = containing(period.start + (period.end - period.start) / 2, Grain.MONTH, ZoneInfo(period.zone))
    return tuple(readings(session, WORKSPACE, month, keys=[COST], now=now))


def _evidence(session: Session, period: Period, now: datetime, known: Collection[str]) -> Evidence:
    """The lists beside the figures; compared where it is `known` what was before, which is no zero elsewhere."""
    models, tier_1 = _models(session, period)
    return Evidence(
        models=models,
        tier_1_models=tier_1,
        incidents=_incidents(session, period, is_compared=MTTR in known),
        reviews=reviews(session, period, now),
        actions=actions(session, period, now),
        initiatives=initiatives(session, period),
        asked=asked(session, period, now),
        movers=_movers(session, period, now) if COST in known else (),
        target_changes=_target_changes(session, period),
        risky=risky(session, period, now) if period.grain is Grain.WEEK else Risky(),
        failed=failed_pipelines(session, period) if period.grain is Grain.WEEK else FailedPipelines(),
    )


def _models(session: Session, period: Period) -> tuple[int, int]:
    """Models as they stood when the period ended: all, and tier 1."""
    last = period.end - MILLISECOND
    standing = and_(
        col(CatalogInterval.entry_id) == col(CatalogEntry.id),
        col(CatalogInterval.valid_from) <= last,
        col(CatalogInterval.valid_to) > last,
    )
    counted = (
        select(func.count(), func.count().filter(col(CatalogInterval.tier) == 1))
        .select_from(CatalogEntry)
        .join(CatalogInterval, standing)
        .where(
            col(CatalogEntry.provisional).is_(False),
            col(CatalogEntry.kind).is_distinct_from("service"),
            col(CatalogInterval.lifecycle).is_distinct_from("retired"),
            or_(col(CatalogEntry.deleted_at).is_(None), col(CatalogEntry.deleted_at) > last),
        )
    )
    models, tier_1 = session.execute(counted).one()
    return models, tier_1


def _incidents(session: Session, period: Period, *, is_compared: bool) -> Incidents:
    counts = select(col(Incident.severity), func.count()).where(_began_in(period)).group_by(col(Incident.severity))
    by_severity = sorted(((severity or "", count) for severity, count in session.execute(counts)), key=_gravest)
    suggested = (
        select(func.count())
        .select_from(Incident)
        .join(IncidentLink, _link())
        .where(_began_in(period), col(IncidentLink.confirmed).is_(False), col(IncidentLink.method) == "suggestion")
    )
    before = select(func.count()).select_from(Incident).where(_began_in(period.previous()))
    return Incidents(
        rows=tuple(_row(*found) for found in session.execute(_listed(period))),
        by_severity=tuple(by_severity),
        total=sum(count for _, count in by_severity),
        before=session.scalar(before) or 0 if is_compared else None,
        suggestions=session.scalar(suggested) or 0,
    )


def _began_in(period: Period) -> ColumnElement[bool]:
    return and_(
        col(Incident.began_at) >= period.start,
        col(Incident.began_at) < period.end,
        is_real(),
    )


def _link() -> ColumnElement[bool]:
    return col(IncidentLink.incident_id) == col(Incident.id)


def _listed(period: Period) -> Select[Incident, str, IncidentLink, Release]:
    """The gravest first, then in the order in which they began."""
    return (
        select(Incident, col(CatalogEntry.slug), IncidentLink, Release)
        .join(CatalogEntry, col(CatalogEntry.id) == col(Incident.entry_id))
        .outerjoin(IncidentLink, and_(_link(), col(IncidentLink.confirmed)))
        .outerjoin(Release, col(Release.id) == col(IncidentLink.release_id))
        .where(_began_in(period))
        .order_by(func.coalesce(Incident.severity, "SEV9"), col(Incident.began_at), col(Incident.id))
        .limit(INCIDENTS)
    )


def _row(incident: Incident, slug: str, link: IncidentLink | None, release: Release | None) -> IncidentRow:
    if incident.id is None or incident.began_at is None:
        raise ValueError("a listed incident has a number and a beginning")
    return IncidentRow(
        id=incident.id,
        reference=incident.external_id,
        title=incident.title,
        severity=incident.severity,
        subject=slug,
        began_at=incident.began_at,
        restored_at=incident.restored_at,
        cause=f"release {release.version}" if release else "",
        cause_told_by=link.method if link and release else "",
        broken_again_ms=incident.reopened_ms,
        is_open_again=incident.reopened_at is not None,
    )


def _movers(session: Session, period: Period, now: datetime) -> tuple[Mover, ...]:
    """Models by how much they moved the cost, largest first; of the currency that counts."""
    kind = ScopeKind.MODEL
    current = readings_by_scope(session, COST, kind, period, now=now)
    before = readings_by_scope(session, COST, kind, period.previous(), now=now)
    spent, earlier = _spent(current), _spent(before)
    moved = [
        Mover(scope.key, spent.get(scope, Decimal(0)), earlier.get(scope, Decimal(0))) for scope in {*spent, *earlier}
    ]
    moved = [mover for mover in moved if mover.delta]
    return tuple(sorted(moved, key=lambda mover: (-abs(mover.delta), mover.subject))[:MOVERS])


def _spent(found: list[Reading]) -> dict[Scope, Decimal]:
    return {reading.scope: reading.k for reading in found if reading.k is not None}


def _target_changes(session: Session, period: Period) -> tuple[TargetChange, ...]:
    """Targets that began to hold in the period; grey context, not news."""
    began = (
        select(Target)
        .where(col(Target.from_at) >= period.start, col(Target.from_at) < period.end)
        .order_by(col(Target.from_at), col(Target.id))
    )
    return tuple(_target_change(target) for target in session.scalars(began) if target.kpi in CATALOGUE)


def _target_change(target: Target) -> TargetChange:
    definition = CATALOGUE[target.kpi]
    bounds = None if target.withdrawn else Bounds(target.low, target.high)
    return TargetChange(
        kpi=definition.title,
        scope=Scope(ScopeKind(target.scope_kind), target.scope_key).title,
        from_at=target.from_at,
        target=words.bounds(definition.unit, bounds),
        set_by=target.set_by,
        reason=target.reason,
    )


def _gravest(counted: tuple[str, int]) -> tuple[bool, str]:
    return not counted[0], counted[0]

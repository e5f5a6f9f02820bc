"""Report runs: one frozen snapshot per report, period and revision, made once and never changed."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.periods import Period
from ops_console.core.settings import Settings
from ops_console.measures.scopes import WORKSPACE
from ops_console.records import workspace
from ops_console.records.reports import ReportRun
from ops_console.reporting import told, words
from ops_console.reporting.collecting import take
from ops_console.reporting.evidence import Change
from ops_console.reporting.freezing import digest
from ops_console.reporting.report import Report
from ops_console.reporting.snapshot import Facts, Snapshot, of_run
from ops_console.scorecard.read import readings

SKIPPED = "skipped"


def latest(session: Session, report: str, period: str) -> ReportRun | None:
    """The newest revision of a report for a period."""
    found = select(ReportRun).where(ReportRun.report == report, ReportRun.period == period)
    return session.exec(found.order_by(col(ReportRun.revision).desc())).first()


def draft(session: Session, report: Report, period: Period, settings: Settings, *, note: str = "") -> Snapshot:
    """What the report would say now; nothing is kept."""
    return take(session, _facts(session, report, period, settings, note=note, is_draft=True), period)


def freeze(
    engine: Engine,
    report: Report,
    period: Period,
    settings: Settings,
    *,
    made_by: str,
    note: str = "",
    due_at: datetime | None = None,
    is_late: bool = False,
) -> ReportRun:
    """The run of this report and period: made now, or the one that is there already."""
    with reading(engine) as session:
        known = latest(session, report.key, period.label)
        if known is not None and known.state != SKIPPED:
            return known
        facts = _facts(session, report, period, settings, note=note, due_at=due_at, is_late=is_late)
        run = _run(take(session, facts, period), made_by)
    return _stored(engine, run) if known is None else _renewed(engine, known, run)


def revise(
    engine: Engine, report: Report, run: ReportRun, settings: Settings, *, made_by: str, reason: str
) -> ReportRun:
    """A new revision with today's figures; it lists what changed since the one before, and why."""
    with reading(engine) as session:
        changes = changed_since(session, run)
        old, number = of_run(run), run.revision + 1
        facts = _facts(session, report, old.period, settings, revision=number, reason=reason)
        snapshot = take(session, facts, old.period)
    listed = replace(snapshot, evidence=replace(snapshot.evidence, changes=changes))
    return _stored(engine, _run(listed, made_by))


def changed_since(session: Session, run: ReportRun) -> tuple[Change, ...]:
    """Figures that read otherwise today than when they were sent, in catalogue order."""
    old = of_run(run)
    live = {found.key: found for found in readings(session, WORKSPACE, old.period)}
    pairs = ((sent, live[sent.key]) for sent in old.readings if sent.key in live)
    return tuple(
        Change(
            kpi=sent.key,
            title=sent.definition.title,
            was=words.value(sent),
            now=words.value(today),
            was_status=words.status(sent),
            now_status=words.status(today),
        )
        for sent, today in pairs
        if (words.value(sent), words.status(sent)) != (words.value(today), words.status(today))
    )


def _facts(session: Session, report: Report, period: Period, settings: Settings, **more: Any) -> Facts:
    home = workspace.current(session)
    number = "draft" if more.get("is_draft") else more.get("revision", 1)
    return Facts(
        run=f"r-{period.label}-{number}",
        report=report.key,
        title=report.title,
        workspace=home.name,
        zone=home.time_zone,
        currency=home.currency,
        period=period.label,
        taken_at=now(),
        base_url=settings.base_url,
        **more,
    )


def _run(snapshot: Snapshot, made_by: str) -> ReportRun:
    facts, data = snapshot.facts, snapshot.as_data()
    return ReportRun(
        report=facts.report,
        period=facts.period,
        revision=facts.revision,
        state="queued",
        due_at=facts.due_at,
        is_late=facts.is_late,
        made_at=facts.taken_at,
        made_by=made_by,
        snapshot=data,
        snapshot_hash=digest(data),
    )


def _renewed(engine: Engine, known: ReportRun, run: ReportRun) -> ReportRun:
    """A run that was skipped reached nobody: it may say today's figures."""
    with transaction(engine) as session:
        kept = session.get_one(ReportRun, known.id, with_for_update=True)
        if kept.state == SKIPPED:
            for name in ("state", "due_at", "is_late", "made_at", "made_by", "snapshot", "snapshot_hash"):
                setattr(kept, name, getattr(run, name))
            kept.reason = ""
            told.replace(session, kept)
        return kept


def _stored(engine: Engine, run: ReportRun) -> ReportRun:
    """Whoever comes second takes the run of the first."""
    try:
        with transaction(engine) as session:
            session.add(run)
            told.replace(session, run)
        return run
    except IntegrityError:
        with reading(engine) as session:
            known = latest(session, run.report, run.period)
        if known is None:
            raise
        return known

"""Makes a report and sends it: to everyone once, to nobody from a demo workspace, and never blank."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.core.periods import Period
from ops_console.core.settings import Settings
from ops_console.records import audit, workspace
from ops_console.records.audit import Decision
from ops_console.records.reports import Delivery, ReportRun
from ops_console.reporting import ledger, pieces, runs
from ops_console.reporting.delivery import Post, deliver
from ops_console.reporting.packing import packer
from ops_console.reporting.readers import Readers, addressed
from ops_console.reporting.report import Report
from ops_console.reporting.snapshot import of_run

log = structlog.get_logger()

SUBJECT = "report run"
LATE_AFTER = timedelta(minutes=10)
DEMO = "A demo workspace sends nothing."
NOBODY = "Nobody receives reports yet."
NOBODY_OF_THE_TEAM = "Nobody of the team receives this report yet."
BLANK = "No source is connected, so the report has nothing to say."
REMEDIES = {
    DEMO: "Connect sources in a workspace of your own.",
    NOBODY: "Set OPS_CONSOLE_MAIL_TO with a mail server, or OPS_CONSOLE_SLACK_CHANNEL with a token.",
    NOBODY_OF_THE_TEAM: (
        "Set OPS_CONSOLE_TEAM_MAIL_TO with a mail server, or OPS_CONSOLE_TEAM_SLACK_CHANNEL with a token."
    ),
    BLANK: "Connect a source, or import facts.",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What became of it. `was_done`: every delivery had been made before."""

    run: ReportRun
    deliveries: list[Delivery]
    was_done: bool = False

    @property
    def arrived(self) -> bool:
        return bool(self.deliveries) and all(row.state == ledger.State.DELIVERED for row in self.deliveries)


def publish(
    engine: Engine,
    parts: Parts,
    settings: Settings,
    report: Report,
    period: Period,
    *,
    made_by: str,
    due_at: datetime | None = None,
    note: str = "",
    asked: bool = False,
) -> Published:
    """Freeze the report unless it is frozen, and send it to everyone who has not got it.

    `asked`: a person wants it now, so what failed is tried again, and what cannot be sent is refused, not recorded.
    """
    post = Post(parts.channels, addressed(report.readers, settings))
    if asked and (refused := _never(engine, report, post)):
        raise refuse(refused)
    is_late = due_at is not None and now() - due_at > LATE_AFTER
    run = runs.freeze(engine, report, period, settings, made_by=made_by, note=note, due_at=due_at, is_late=is_late)
    if reason := _never(engine, report, post) or _blank(run):
        return Published(_skipped(engine, run, reason), [])
    run_id = ledger.key_of(run)
    with transaction(engine) as session:
        before = ledger.rows(session, run)
        ledger.plan(session, run, post.recipients())
        if asked:
            ledger.reopen(session, run, now())
            audit.record(session, _decision(run, made_by))
    deliver(engine, run_id, post, packer(parts))
    with reading(engine) as session:
        sent = session.get_one(ReportRun, run_id)
        rows = ledger.rows(session, sent)
    done = len(before) == len(rows) and all(row.state == ledger.State.DELIVERED for row in before)
    return Published(sent, rows, was_done=bool(rows) and done)


def _decision(run: ReportRun, by: str) -> Decision:
    said = {"report": run.report, "period": run.period, "revision": run.revision}
    return Decision("report sent", SUBJECT, ledger.key_of(run), by, after=said)


def _never(engine: Engine, report: Report, post: Post) -> str:
    """Why nothing can be sent from here; empty if it can."""
    with reading(engine) as session:
        if workspace.current(session).is_demo:
            return DEMO
    return "" if post.recipients() else nobody(report)


def nobody(report: Report) -> str:
    """What is said where nobody receives it."""
    return NOBODY if report.readers is Readers.LEADERS else NOBODY_OF_THE_TEAM


def _blank(run: ReportRun) -> str:
    return "" if any(pieces.is_connected(found) for found in of_run(run).readings) else BLANK


def refuse(reason: str) -> BadInput:
    """The reason as an error for the person who asked."""
    return BadInput(reason, remedy=REMEDIES.get(reason, ""))


def _skipped(engine: Engine, run: ReportRun, reason: str) -> ReportRun:
    """A run that is not sent says why, and keeps its figures."""
    log.info("report skipped", report=run.report, period=run.period, reason=reason)
    with transaction(engine) as session:
        stored = session.get_one(ReportRun, ledger.key_of(run))
        if stored.state in {"queued", runs.SKIPPED}:
            stored.state, stored.reason = runs.SKIPPED, reason
        return stored

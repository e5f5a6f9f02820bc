"""The owner hears of every delivery that failed, by another channel than the one that failed."""

from collections import defaultdict
from collections.abc import Sequence

import structlog
from sqlalchemy import Engine, or_, update
from sqlmodel import Session, col, select

from ops_console.contracts.document import Document, Heading, Line, Lines, Section, Tone
from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.settings import Settings
from ops_console.records.reports import Delivery, ReportRun
from ops_console.reporting import ledger
from ops_console.reporting.delivery import Post
from ops_console.reporting.ledger import State

log = structlog.get_logger()


def tell_owner(engine: Engine, post: Post) -> int:
    """One notice per run; a failure is told once. Returns how many notices left."""
    with transaction(engine) as session:
        taken = _untold(session)
    return sum(_tell(run, rows, post) for run, rows in taken)


def notice(run: ReportRun, rows: Sequence[Delivery], settings: Settings) -> Document:
    """What failed, why, and where to look."""
    address, label = settings.base_url.rstrip("/"), ledger.run_label(run)
    lines = tuple(Line(f"{row.channel} to {row.recipient}: {_said(row)}", "■", Tone.BAD) for row in rows)
    title = f"Report not delivered to {len(rows)} {'recipient' if len(rows) == 1 else 'recipients'}"
    return Document(
        report=run.report,
        title=title,
        subject=f"{title}: {run.report.replace('_', ' ')} {run.period}",
        context=f"{run.report.replace('_', ' ')} {run.period}, run {label}",
        period_label=run.period,
        run_id=label,
        as_of=run.made_at,
        as_of_text=f"Run {label}. Nothing is sent again until you say so.",
        summary=(),
        sections=(Section("failed", "What failed", (Heading("What failed"), Lines(lines))),),
        link=f"{address}/reports/runs/{run.id}",
        definitions_link=f"{address}/data-health",
        link_says="Open the report and its deliveries",
        definitions_say="Data health",
    )


def _said(row: Delivery) -> str:
    lead = "it is unknown whether it arrived. " if row.state == State.UNKNOWN else ""
    return f"{lead}{row.error or 'no reason given'}"


def _untold(session: Session) -> list[tuple[ReportRun, list[Delivery]]]:
    """Final failures nobody heard of; told from here on, so that two schedulers do not tell twice."""
    final = or_(
        col(Delivery.state) == State.FAILED,
        (col(Delivery.state) == State.UNKNOWN) & col(Delivery.settled_at).is_not(None),
    )
    rows = session.exec(select(Delivery).where(final, col(Delivery.told_at).is_(None)).order_by(col(Delivery.id)))
    grouped: defaultdict[int, list[Delivery]] = defaultdict(list)
    for row in rows:
        claimed = session.execute(
            update(Delivery).where(col(Delivery.id) == row.id, col(Delivery.told_at).is_(None)).values(told_at=now())
        )
        if claimed.rowcount == 1:  # type: ignore[attr-defined]  # an update yields a cursor result
            grouped[row.run_id].append(row)
    return [(session.get_one(ReportRun, run_id), found) for run_id, found in grouped.items()]


def _tell(run: ReportRun, rows: Sequence[Delivery], post: Post) -> int:
    """By a channel that did not fail; if all did, by any whose owner is not among those who got nothing."""
    failed, missed = {row.channel for row in rows}, {(row.channel, row.recipient) for row in rows}
    owners = {key: channel.owner(post.settings) for key, channel in post.channels.items()}
    others = [key for key, owner in owners.items() if owner and key not in failed]
    same = [key for key, owner in owners.items() if owner and key in failed and (key, owner) not in missed]
    document = notice(run, rows, post.settings)
    for key in others + same:
        try:
            post.channels[key].send(
                document, owners[key], post.settings, images={}, delivery_id=f"{ledger.run_label(run)}.failed"
            )
            return 1
        except (Unavailable, Rejected, Unclear) as error:
            log.warning("owner not told", channel=key, reason=str(error))
    log.error("delivery failed and nobody could be told", run=ledger.run_label(run), rows=len(rows))
    return 0

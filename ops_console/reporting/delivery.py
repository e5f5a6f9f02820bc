"""Sending what the ledger says is due: claim, send with no transaction open, settle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from ops_console.contracts.document import Document
from ops_console.contracts.integration import Attachment, Channel, Receipt, Rejected, Unavailable, Unclear
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import NotFound
from ops_console.core.settings import Settings
from ops_console.records.reports import Delivery, OptOut, ReportRun
from ops_console.reporting import ledger
from ops_console.reporting.ledger import Claim, State

log = structlog.get_logger()
ATTENTION = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Package:
    """What every recipient of a run gets."""

    document: Document
    images: Mapping[str, bytes] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """The channels of this installation and their settings."""

    channels: Mapping[str, Channel]
    settings: Settings

    def recipients(self) -> dict[str, list[str]]:
        """Who receives reports, by channel."""
        found = {key: channel.recipients(self.settings) for key, channel in self.channels.items()}
        return {key: names for key, names in found.items() if names}


Pack = Callable[[ReportRun], Package]


def deliver(engine: Engine, run_id: int, post: Post, pack: Pack) -> str:
    """Send every due row of a run once; returns the run's state afterwards."""
    with reading(engine) as session:
        due = ledger.due(session, now(), run_id)
        run = session.get_one(ReportRun, run_id)
    package = pack(run) if due else None
    for row_id in due:
        with transaction(engine) as session:
            claimed = ledger.claim(session, row_id, now())
        if claimed and package:
            written = _attempt(claimed, post, package)
            with transaction(engine) as session:
                written(session)
    return settle_run(engine, run_id)


def settle_run(engine: Engine, run_id: int) -> str:
    """Write what the rows together say about the run."""
    with transaction(engine) as session:
        run = session.get_one(ReportRun, run_id)
        run.state = ledger.run_state(ledger.rows(session, run))
        if run.state in {"sent", "partly_sent"} and run.sent_at is None:
            run.sent_at = now()
        return run.state


def deliver_due(engine: Engine, post: Post, pack: Pack) -> list[int]:
    """Send whatever is due in any run: first attempts that never happened, and retries."""
    with reading(engine) as session:
        ids = select(Delivery.run_id).where(col(Delivery.id).in_(ledger.due(session, now()))).distinct()
        runs = list(session.exec(ids))
    for run_id in runs:
        deliver(engine, run_id, post, pack)
    return runs


def reconcile(engine: Engine, post: Post) -> int:
    """Free what the dead have claimed, and ask each vendor what became of it. Returns how many rows were settled."""
    with transaction(engine) as session:
        ledger.release_stuck(session, now())
    with reading(engine) as session:
        lost = [(row, session.get_one(ReportRun, row.run_id)) for row in ledger.unknown(session, now())]
    for row, run in lost:
        _ask(engine, row, run, post)
        settle_run(engine, row.run_id)
    return len(lost)


def send_test(post: Post, channel: str, to: str, package: Package) -> Receipt:
    """To the person who asked and nobody else; the ledger is not touched."""
    found = post.channels.get(channel)
    if found is None:
        raise NotFound(f"There is no channel {channel!r}.", remedy=f"Use one of: {', '.join(post.channels)}.")
    return found.send(
        package.document,
        to,
        post.settings,
        images=package.images,
        attachments=package.attachments,
        delivery_id=f"{package.document.run_id}.test",
    )


def opt_out(session: Session, delivery_id: str) -> str:
    """Stop reports to the recipient of this delivery; returns the address. Asking twice changes nothing."""
    token = delivery_id.rpartition(".")[2]
    row = session.exec(select(Delivery).where(Delivery.token == token)).first()
    if row is None:
        raise NotFound("This link names no report we sent.", remedy="Ask the owner of the report to remove you.")
    known = select(OptOut).where(OptOut.channel == row.channel, OptOut.recipient == row.recipient)
    if session.exec(known).first() is None:
        session.add(OptOut(channel=row.channel, recipient=row.recipient, asked_at=now()))
    return row.recipient


def _attempt(claimed: Claim, post: Post, package: Package) -> Callable[[Session], None]:
    """Send, and return how to write down what came of it."""
    channel = post.channels.get(claimed.channel)
    try:
        if channel is None:
            raise Rejected(f"The channel {claimed.channel} is not installed.")
        receipt = channel.send(
            package.document,
            claimed.recipient,
            post.settings,
            images=package.images,
            attachments=package.attachments,
            delivery_id=claimed.delivery_id,
        )
    except Unavailable as error:
        return partial(ledger.postponed, claimed=claimed, now=now(), reason=str(error), retry_after=error.retry_after)
    except Rejected as error:
        return partial(ledger.failed, claimed=claimed, now=now(), reason=str(error))
    except Unclear as error:
        return partial(ledger.unclear, claimed=claimed, now=now(), reason=str(error))
    log.info("delivered", delivery=claimed.delivery_id, channel=claimed.channel)
    return partial(ledger.delivered, claimed=claimed, now=now(), receipt=receipt.reference, note=receipt.note)


def _ask(engine: Engine, row: Delivery, run: ReportRun, post: Post) -> None:
    """Found: delivered. Certainly not there: send again. Nobody can tell: a person must look."""
    channel, since = post.channels.get(row.channel), (row.claimed_at or run.made_at) - ATTENTION
    try:
        if channel is None:
            raise Unclear(f"The channel {row.channel} is not installed.")
        found = channel.find(ledger.delivery_id(run, row), row.recipient, post.settings, since=since)
    except Unavailable:
        changes: dict[str, object] = {"next_attempt_at": now() + ledger.BACKOFF[1]}
    except (Unclear, Rejected) as error:
        changes = {"settled_at": now(), "error": f"{row.error or ''} {error}".strip()}
    else:
        changes = (
            {"state": State.DELIVERED, "settled_at": now(), "receipt": found.reference, "error": found.note or None}
            if found
            else {"state": State.PENDING, "next_attempt_at": now()}
        )
    with transaction(engine) as session:
        ledger.resolve(session, row, changes)

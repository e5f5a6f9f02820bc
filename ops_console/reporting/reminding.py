"""Reminders as messages: one a day to a person, through whichever channel reaches people."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from ops_console.contracts.document import Document
from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.practices import digests
from ops_console.practices.owed import SUBJECTS, silence
from ops_console.practices.reminder_audit import findings
from ops_console.records.reminders import Digest
from ops_console.records.reports import OptOut
from ops_console.records.workspace import current
from ops_console.reporting.delivery import ATTENTION, Post
from ops_console.reporting.reminder_message import message

log = structlog.get_logger()


def remind(engine: Engine, post: Post) -> int:
    """Settle what a dead sender left behind, plan what is due, send it. Returns how many messages were delivered."""
    with transaction(engine) as session:
        if current(session).is_demo:
            return 0
        lost = digests.lost(session, now())
    for digest in lost:
        _look_for(engine, digest, post)
    with transaction(engine) as session:
        digests.plan(session, now(), reaching(session, post))
    with reading(engine) as session:
        waiting = digests.due(session, now())
    return sum(_send(engine, number, post) for number in waiting)


def check(engine: Engine, post: Post) -> list[str]:
    """What the audit of reminders finds wrong."""
    with reading(engine) as session:
        return findings(session, now(), reaching(session, post))


def reaching(session: Session, post: Post) -> digests.Reach:
    """The first channel that reaches a person who has not asked for silence."""
    ways = _ways(session, post)
    return lambda address: next(iter(ways(address)), None)


def _ways(session: Session, post: Post) -> Callable[[str], list[tuple[str, str]]]:
    """Every channel that reaches a person who has not asked it for silence, the preferred first."""
    stopped = {(row[0], row[1]) for row in session.execute(select(col(OptOut.channel), col(OptOut.recipient)))}
    wanted = [key.strip() for key in post.settings.reminders_by.split(",")]
    channels = [(key, post.channels[key]) for key in wanted if key in post.channels]

    def ways(address: str) -> list[tuple[str, str]]:
        named = [(key, channel.person(address, post.settings)) for key, channel in channels]
        return [(key, name) for key, name in named if name and (stop_word(key), address) not in stopped]

    return ways


def stop_word(channel: str) -> str:
    """How the ledger of those who want no more messages calls reminders, apart from reports."""
    return f"{channel} reminders"


def _send(engine: Engine, number: int, post: Post) -> bool:
    with transaction(engine) as session:
        claimed = digests.claim(session, number, now())
        document = message(session, claimed, post.settings.base_url.rstrip("/")) if claimed else None
    if claimed is None or document is None:
        return False
    values = _attempt(claimed, document, post)
    with transaction(engine) as session:
        if values["state"] == digests.FAILED:
            values |= _otherwise(session, claimed, post)
        digests.settle(session, claimed, **values)
    return values["state"] == digests.DELIVERED


def _attempt(claimed: Digest, document: Document, post: Post) -> dict[str, object]:
    channel, at = post.channels.get(claimed.channel), now()
    try:
        if channel is None:
            raise Rejected(f"The channel {claimed.channel} is not installed.")
        receipt = channel.send(document, claimed.address, post.settings, images={}, delivery_id=_delivery_id(claimed))
    except Unavailable as error:
        return digests.later(claimed, at, str(error), error.retry_after)
    except Rejected as error:
        return {"state": digests.FAILED, "settled_at": at, "error": str(error)}
    except Unclear as error:
        return {"state": digests.UNKNOWN, "next_attempt_at": at + digests.PAUSES[0], "error": str(error)}
    log.info("reminded", digest=claimed.id, channel=claimed.channel)
    return {"state": digests.DELIVERED, "settled_at": now(), "receipt": receipt.reference, "error": None}


def _otherwise(session: Session, claimed: Digest, post: Post) -> dict[str, object]:
    """A channel that refused for good took nothing: the next way that reaches the person has its turn."""
    ways = _ways(session, post)(claimed.recipient)
    keys = [key for key, _ in ways]
    following = ways[keys.index(claimed.channel) + 1 :] if claimed.channel in keys else []
    if not following:
        return {}
    channel, address = following[0]
    fresh = {"attempts": 0, "next_attempt_at": None, "settled_at": None}
    return {"state": digests.PENDING, "channel": channel, "address": address, **fresh}


def _look_for(engine: Engine, digest: Digest, post: Post) -> None:
    """Found: delivered. Certainly not there: send again. Nobody can tell: it stays unknown, and the audit says so."""
    channel, since = post.channels.get(digest.channel), (digest.claimed_at or digest.made_at) - ATTENTION
    try:
        if channel is None:
            raise Unclear(f"The channel {digest.channel} is not installed.")
        found = channel.find(_delivery_id(digest), digest.address, post.settings, since=since)
    except Unavailable:
        values: dict[str, object] = {"next_attempt_at": now() + digests.PAUSES[0]}
    except (Unclear, Rejected) as error:
        values = {"settled_at": now(), "error": f"{digest.error or ''} {error}".strip()}
    else:
        values = (
            {"state": digests.DELIVERED, "settled_at": now(), "receipt": found.reference}
            if found
            else {"state": digests.PENDING, "next_attempt_at": now()}
        )
    with transaction(engine) as session:
        digests.settle(session, digest, **values)


def _delivery_id(digest: Digest) -> str:
    return f"reminder-{digest.day.isoformat()}.{digest.token}"


def opt_out_of_reminders(session: Session, delivery_id: str, at: datetime, subject: str = "") -> str | None:
    """Stop reminders to whoever got this message, or (with a subject) those of one kind by whatever way; the address,
    or None where it names no reminder.
    """
    token = delivery_id.rpartition(".")[2]
    digest = session.scalars(select(Digest).where(col(Digest.token) == token)).first()
    if digest is None:
        return None
    word = silence(subject) if subject in SUBJECTS else stop_word(digest.channel)
    known = select(OptOut).where(col(OptOut.channel) == word, col(OptOut.recipient) == digest.recipient)
    if session.scalars(known).first() is None:
        session.add(OptOut(channel=word, recipient=digest.recipient, asked_at=at))
    return digest.recipient

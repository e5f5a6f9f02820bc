"""What vendors send unasked: kept as it came, read afterwards, and read again when the reading was mended.

A delivery that nobody can read stays, is listed with its reason, and stands in nobody's way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from ops_console.contracts.integration import Rejected
from ops_console.contracts.office import Office
from ops_console.contracts.sources import Arrival, Hint, Ignored, Note, Told, Webhook
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.errors import BadInput
from ops_console.ingest.intake import Intake
from ops_console.ingest.sources import ask_at_once, every, lock
from ops_console.records.sources import InboxDelivery, Source

WAITING, AGAIN, READ, IGNORED, UNREADABLE = "waiting", "again", "read", "ignored", "unreadable"
"""To be read; to be read once more; read; said nothing to us; nobody can read it."""
UNREAD = (AGAIN, WAITING)
"""In the order in which they are read: what is read again came before."""
BATCH = 200
PER_MINUTE = 600
"""Deliveries of one source in a minute; beyond them it is asked to wait."""
MINUTE = timedelta(minutes=1)

D = InboxDelivery
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a delivery says, and what is to be said of it: why it says nothing, or not all. `asks` where the source
    knows more.
    """

    state: str
    told: Sequence[Told] = ()
    reason: str | None = None
    asks: bool = False


def has_room(session: Session, source: Source, at: datetime) -> bool:
    """Whether the source may deliver more in this minute."""
    lately = (col(D.source_id) == source.id, col(D.received_at) > at - MINUTE)
    return (session.scalar(select(func.count()).where(*lately)) or 0) < PER_MINUTE


def receive(session: Session, source: Source, arrival: Arrival, body: bytes, at: datetime) -> bool:
    """Keep a delivery as it came; whether it is new. A repetition carries the same id."""
    insert = insert_postgres if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    row = {
        "source_id": source.id,
        "delivery_id": arrival.delivery_id[:300],
        "event": arrival.event[:100],
        "received_at": at,
        "body": body,
        "state": WAITING,
        "facts": 0,
    }
    unless_there = insert(D).values(row).on_conflict_do_nothing(index_elements=["source_id", "delivery_id"])
    return session.execute(unless_there.returning(col(D.id))).first() is not None


def process(office: Office) -> int:
    """Read everything that waits, source by source; how many deliveries were read."""
    with transaction(office.engine) as session:
        sources = [source for source in every(session) if source.integration in office.parts.webhooks]
    return sum(_process_source(office, source) for source in sources)


def replay(office: Office, source: Source, since: datetime | None = None) -> int:
    """Read again what a source sent, oldest first; how many deliveries. The new reading replaces the old one."""
    if source.integration not in office.parts.webhooks:
        raise BadInput(f"{source.name} takes no deliveries.", remedy="Use ops-console sync, with --since.")
    with transaction(office.engine) as session:
        count = ask_again(session, source, since=since)
    _process_source(office, source)
    return count


def ask_again(session: Session, source: Source, *, since: datetime | None = None, only: int | None = None) -> int:
    """Let what a source sent be read again, all of it, since a time, or one delivery; how many. Whoever reads next
    does it, also where a replay was cut short.
    """
    lock(session, source.id or 0)
    wanted = [col(D.source_id) == source.id]
    if since is not None:
        wanted.append(col(D.received_at) >= since)
    if only is not None:
        wanted.append(col(D.id) == only)
    asked: int = session.execute(update(D).where(*wanted).values(state=AGAIN)).rowcount  # type: ignore[attr-defined]  # an update
    return asked


def tidy(session: Session, before: datetime) -> None:
    """Forget bodies that are too old to be read again, but for those nobody has read."""
    session.execute(delete(D).where(col(D.received_at) < before, col(D.state).not_in(UNREAD)))


def _process_source(office: Office, source: Source) -> int:
    count = 0
    for state in UNREAD:
        intake = Intake(source.name, f"webhook of {source.name}", "webhook", is_reread=state == AGAIN)
        while read := _process_batch(office, source, intake, state):
            count += read
    return count


def _process_batch(office: Office, source: Source, intake: Intake, state: str) -> int:
    """Facts and the word on their deliveries in one transaction; it waits for a sync that is keeping a page."""
    webhook = office.parts.webhooks[source.integration]
    with transaction(office.engine) as session:
        lock(session, source.id or 0)
        waiting = select(D).where(col(D.source_id) == source.id, col(D.state) == state)
        rows = list(session.scalars(waiting.order_by(col(D.id)).limit(BATCH)))
        readings = [_read(webhook, row, source.settings) for row in rows]
        owners = [place for place, reading in enumerate(readings) for _ in reading.told]
        kept = intake.keep(session, [told for reading in readings for told in reading.told])
        refused, unfinished = _by_owner(owners, kept.refused), _by_owner(owners, kept.waiting)
        for place, (row, reading) in enumerate(zip(rows, readings, strict=True)):
            row.state = UNREADABLE if place in refused else reading.state
            row.reason = refused.get(place) or unfinished.get(place) or reading.reason
            row.facts, row.processed_at = len(reading.told), now()
        if any(reading.asks for reading in readings):
            ask_at_once(session, source.id or 0, now())
    return len(rows)


def _by_owner(owners: Sequence[int], reasons: Mapping[int, str]) -> dict[int, str]:
    """The first reason of each delivery; `owners` tells by its place whose each fact is."""
    found: dict[int, str] = {}
    for number, reason in sorted(reasons.items()):
        found.setdefault(owners[number], reason)
    return found


def _read(webhook: Webhook, row: InboxDelivery, settings: Mapping[str, object]) -> _Reading:
    try:
        said = webhook.facts(row.event, row.body, settings)
        notes = [each for each in said if isinstance(each, Note)]
        state = UNREADABLE if any(each.is_trouble for each in notes) else READ
        told = [each for each in said if isinstance(each, Told)]
        return _Reading(state, told, " ".join(each.words for each in notes) or None)
    except Ignored as error:
        return _Reading(IGNORED, reason=str(error), asks=isinstance(error, Hint))
    except Rejected as error:
        return _Reading(UNREADABLE, reason=str(error))
    except Exception as error:  # a reading that breaks must not hold up what follows; it is replayed once mended
        log.exception("delivery cannot be read", delivery=row.id)
        return _Reading(UNREADABLE, reason=f"{type(error).__name__} in our own code; report it, then replay.")

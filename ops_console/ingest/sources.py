"""Sources: set up, paused, claimed by whoever syncs them, and told apart by how they are."""

import secrets as randomness
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update
from sqlmodel import Session, col

from ops_console.contracts.integration import Manifest
from ops_console.contracts.sources import HISTORY, Setup
from ops_console.core import processes, units
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.errors import BadInput, Misconfigured, NotFound, OpsConsoleError
from ops_console.core.secrets import check_place, secret_in
from ops_console.core.settings import Settings, networks
from ops_console.ingest import pieces
from ops_console.records import audit, workspace
from ops_console.records.audit import Decision
from ops_console.records.sources import InboxDelivery, Source, SyncRun

Told = dict[str, Any] | None
SUBJECT = "source"
TOLD = ("integration", "name", "settings", "secrets", "since", "paused")
NEW, WORKING, UNAVAILABLE, REJECTED, BROKEN = "new", "working", "unavailable", "rejected", "broken"
"""Never synced; synced; to be tried again; a person must act; our own fault."""
NEEDS_A_PERSON = (REJECTED, BROKEN)
LEASE = timedelta(minutes=3)
"""How long a claim holds without a page being kept. A killed sync is taken over at once on its own machine, elsewhere
when this is over.
"""
ENDS_BY_ITSELF = "Wait for it. If it was killed, its hold ends by itself then: sync again, nothing is lost."
MAY_BE_STOPPED = "It is alive: wait for it, or stop it and sync again, which goes on where it was."
MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


class Busy(OpsConsoleError):
    """Somebody else syncs this source just now."""


def every(session: Session) -> list[Source]:
    """All sources by name."""
    return list(session.scalars(select(Source).order_by(col(Source.name))))


def named(session: Session, name: str) -> Source:
    found = session.scalars(select(Source).where(col(Source.name) == name)).one_or_none()
    if found is None:
        raise NotFound(f"There is no source {name[:100]!r}.", remedy="Look for it among the integrations.")
    return found


def add(
    session: Session,
    manifest: Manifest,
    name: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    since: datetime,
    made_by: str,
) -> Source:
    """A source, due at once."""
    if session.scalars(select(col(Source.id)).where(col(Source.name) == name)).first() is not None:
        raise BadInput(f"There is a source {name!r} already.", remedy="Choose another name.")
    source = Source(
        integration=manifest.key,
        name=name,
        settings=dict(settings),
        secrets=dict(secrets),
        minutes=manifest.minutes,
        since=since,
        due_at=now(),
        made_by=made_by,
        made_at=now(),
    )
    session.add(source)
    session.flush()
    _trace(session, "source added", source, made_by, None, audit.some(source, TOLD))
    return source


def change(
    session: Session,
    source: Source,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    since: datetime,
    by: str,
) -> None:
    """Other settings: everything is read again, for they may mean something else. A sync under way loses its claim."""
    before = audit.some(source, TOLD)
    source.settings, source.secrets = dict(settings), dict(secrets)
    read_again(source, since)
    source.due_at, source.failures = now(), 0
    source.claim, source.claimed_until, source.claimed_by = None, None, None
    session.add(source)
    _trace(session, "source changed", source, by, *audit.changes(before, audit.some(source, TOLD)))


def read_again(source: Source, since: datetime) -> None:
    """Begin anew, from then on. What the vendor itself has forgotten by now stays known."""
    kept = {name: held for name, held in source.cursor.items() if name == HISTORY}
    source.since, source.cursor, source.is_reread = since, kept, True


def remove(session: Session, source: Source, by: str) -> None:
    """Forget a source, its runs and its inbox. The facts it brought stay."""
    _trace(session, "source removed", source, by, audit.some(source, TOLD), None)
    for table in (SyncRun, InboxDelivery):
        session.execute(delete(table).where(col(table.source_id) == source.id))
    pieces.forget(session, source.name)
    session.delete(source)


def pause(session: Session, source: Source, by: str, *, paused: bool) -> None:
    before, source.paused = source.paused, paused
    source.due_at = source.due_at if paused else now()
    session.add(source)
    did = "source paused" if paused else "source let go on"
    _trace(session, did, source, by, {"paused": before}, {"paused": paused})


def _trace(session: Session, did: str, source: Source, by: str, before: Told, after: Told) -> None:
    """Where a secret lies is among the settings; the secret itself never is."""
    was, is_now = (each if each is None else {"source": source.name} | each for each in (before, after))
    audit.record(session, Decision(did, SUBJECT, audit.number(source), by, was, is_now))


def due(session: Session, at: datetime) -> list[Source]:
    """Sources to be synced now, the one that waits longest first; those in trouble last, as they may fail slowly."""
    waiting = (col(Source.minutes) > 0, col(Source.due_at) <= at, ~col(Source.paused))
    found = session.scalars(
        select(Source).where(*waiting).order_by(col(Source.failures), col(Source.due_at), col(Source.id))
    )
    return [source for source in found if not _is_held(source, at)]


def ask_at_once(session: Session, source_id: int, at: datetime) -> None:
    """Something changed there; one that is being asked is asked once more. A source in trouble keeps its distance, and
    one that is due keeps its place.
    """
    mine = (col(Source.id) == source_id, col(Source.failures) == 0, or_(col(Source.due_at) > at, ~_is_free(at)))
    session.execute(update(Source).where(*mine).values(due_at=at))


def _is_free(at: datetime) -> Any:
    return or_(col(Source.claimed_until).is_(None), col(Source.claimed_until) <= at)


def _is_held(source: Source, at: datetime) -> bool:
    """Whether somebody syncs it just now, as far as can be known from here."""
    is_over = source.claimed_until is None or source.claimed_until <= at
    return not is_over and not (source.claimed_by and processes.is_gone(source.claimed_by))


@contextmanager
def claimed(engine: Engine, source_id: int) -> Iterator[str]:
    """Hold a source, so that nobody else syncs it; the key is asked for with every page that is kept."""
    key = randomness.token_hex(16)
    with transaction(engine) as session:
        _take(session, session.get_one(Source, source_id), key)
    try:
        yield key
    finally:
        with transaction(engine) as session:
            mine = update(Source).where(col(Source.id) == source_id, col(Source.claim) == key)
            session.execute(mine.values(claim=None, claimed_until=None, claimed_by=None))


def _take(session: Session, source: Source, key: str) -> None:
    """Claim a source as it was seen; `Busy` where somebody else has it, or was quicker."""
    at = now()
    if _is_held(source, at):
        raise _busy(session, source)
    as_seen = (getattr(Source, name).is_not_distinct_from(getattr(source, name)) for name in ("claim", "claimed_until"))
    taken = update(Source).where(col(Source.id) == source.id, *as_seen)
    values = {"claim": key, "claimed_until": at + LEASE, "claimed_by": processes.this_process()}
    if session.execute(taken.values(values)).rowcount != 1:  # type: ignore[attr-defined]  # an update
        raise Busy("Another process has just begun to sync this source.", remedy="Wait for it.")


def _busy(session: Session, source: Source) -> Busy:
    by = source.claimed_by
    who = processes.told(by) if by else "another process"
    until = units.instant((source.claimed_until or now()) + MINUTE, workspace.current(session).zone)
    remedy = ENDS_BY_ITSELF if by is None or not processes.is_here(by) else MAY_BE_STOPPED
    return Busy(f"{who.capitalize()} syncs it and holds it until {until}, or longer.", remedy=remedy)


def hold(session: Session, source_id: int, key: str) -> None:
    """Keep the claim for a further lease; `Busy` if it was lost, and with it this transaction."""
    mine = update(Source).where(col(Source.id) == source_id, col(Source.claim) == key)
    if session.execute(mine.values(claimed_until=now() + LEASE)).rowcount != 1:  # type: ignore[attr-defined]  # an update
        raise Busy("Another process has taken this source over.")


def lock(session: Session, source_id: int) -> None:
    """Let no other transaction write facts of this source meanwhile."""
    session.execute(select(col(Source.id)).where(col(Source.id) == source_id).with_for_update())


def setup_of(source: Source, settings: Settings) -> Setup:
    """A source as its integration sees it, with its secrets read."""
    found = {name: secret_in(place, settings.secrets_folder) for name, place in source.secrets.items() if place}
    folder = Path(settings.files_folder) if settings.files_folder else None
    return Setup(source.name, source.settings, found, networks(settings.private_addresses), folder)


def secrets_in_use(source: Source, name: str, settings: Settings) -> list[str]:
    """The values of one secret: two, one a line, while one replaces the other."""
    place = source.secrets.get(name, "")
    if not place:
        raise Misconfigured(f"No {name.replace('_', ' ')} is set for {source.name}.", remedy="Name it in its set-up.")
    return secret_in(place, settings.secrets_folder).split()


def check_secrets(manifest: Manifest, secrets: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """What is wrong with the places given for secrets, by the name of the secret."""
    wrong = {}
    for secret in manifest.secrets:
        place = secrets.get(secret.name, "")
        if not place and secret.required:
            wrong[secret.name] = "Name the variable or the file that holds it."
        elif place:
            try:
                check_place(place, settings.secrets_folder)
            except BadInput as error:
                wrong[secret.name] = str(error)
    return wrong


def wait(failures: int, asked: float | None) -> timedelta:
    """How long to leave a source alone after so many failures: what it asked for, or ever longer."""
    usual = min(timedelta(minutes=2 ** min(failures, 6)), LONGEST_WAIT)
    return max(usual, timedelta(seconds=asked or 0))

"""Asking a source for what is new: page by page, each kept in one transaction with the place to go on from.

A run that was killed, or whose time was up, stays open; whoever syncs next goes on with it. Nothing is lost, for the
cursor never runs ahead of its facts, and nothing counts twice, for facts are kept by their external ids.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from time import monotonic

import structlog
from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.office import Office
from ops_console.contracts.sources import Page, Setup, Told
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, Misconfigured, OpsConsoleError
from ops_console.core.garbage import rarely_collected
from ops_console.core.secrets import redacted
from ops_console.ingest.bills import Bill
from ops_console.ingest.intake import Intake
from ops_console.ingest.sources import (
    BROKEN,
    REJECTED,
    UNAVAILABLE,
    WORKING,
    Busy,
    claimed,
    due,
    hold,
    read_again,
    setup_of,
    wait,
)
from ops_console.records.sources import Source, SyncRun

RUNNING, DONE = "running", "done"
BATCH, SECONDS = 8_000, 20.0
"""A transaction keeps the pages of so many facts, or of so many seconds."""

Progress = Callable[[SyncRun], None]
log = structlog.get_logger()


def sync(
    office: Office,
    source_id: int,
    made_by: str,
    *,
    since: datetime | None = None,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> SyncRun:
    """Bring one source up to date; the run says how it went. `since` reads everything from then on again. When the
    `seconds` are up, the run stays open and is gone on with next time. `Busy` where somebody else is at it.
    """
    with claimed(office.engine, source_id) as key:
        run = _Run(office, source_id, key, made_by, since)
        try:
            is_over = run.pull(None if seconds is None else monotonic() + seconds, progress)
        except Unavailable as error:
            return run.fail(UNAVAILABLE, error, error.retry_after)
        except (Rejected, Misconfigured, BadInput) as error:
            return run.fail(REJECTED, error)
        except OpsConsoleError:
            raise
        except Exception as error:  # an integration that breaks must not stop the others; the log has the trace
            log.exception("sync failed", source=run.name)
            return run.fail(
                BROKEN, Rejected(f"{type(error).__name__} in our own code.", remedy="Report it; see the log.")
            )
        return run.succeed() if is_over else run.row


def sync_due(office: Office, made_by: str, seconds: float) -> None:
    """Sync what is due within so many seconds, of which each source has its share. What others do is left to them."""
    with reading(office.engine) as session:
        waiting = due(session, now())
    deadline = monotonic() + seconds
    for place, source in enumerate(waiting):
        share = (deadline - monotonic()) / (len(waiting) - place)
        if share > 0:
            with suppress(Busy):
                sync(office, source.id or 0, made_by, seconds=share)


def tidy_runs(session: Session, before: datetime) -> None:
    """Forget runs that ended long ago."""
    session.execute(delete(SyncRun).where(col(SyncRun.ended_at) < before))


class _Run:
    """One sync under way."""

    def __init__(self, office: Office, source_id: int, key: str, made_by: str, since: datetime | None) -> None:
        self._office, self._source_id, self._key = office, source_id, key
        with transaction(office.engine) as session:
            hold(session, source_id, key)
            source = session.get_one(Source, source_id)
            if since is not None:
                read_again(source, since)
            self.row = _open_run(session, source_id, made_by)
            session.flush()
        self.name, self._integration, self._since = source.name, source.integration, source.since
        self._source = source
        self._secrets: dict[str, str] = {}
        self._intake = Intake(source.name, f"sync of {source.name}", made_by, is_reread=source.is_reread)

    def pull(self, deadline: float | None, progress: Progress | None) -> bool:
        """Keep page after page; whether it came to the end."""
        if self._integration not in self._office.parts.collectors:
            raise Rejected(f"The integration {self._integration} is not installed.", remedy="Install it again.")
        setup = setup_of(self._source, self._office.settings)
        self._secrets = dict(setup.secrets)
        with closing(self._pages(setup)) as pages, rarely_collected():
            for told, page in _gathered(pages):
                self._keep(told, page)
                if progress:
                    progress(self.row)
                if deadline is not None and monotonic() > deadline:
                    return False
        return True

    def _pages(self, setup: Setup) -> Generator[Page]:
        return self._office.parts.collectors[self._integration].pull(setup, self._source.cursor, self._since)

    def _keep(self, told: list[Told], page: Page) -> None:
        if page.charges is None:
            self._keep_with(None, told, page)
            return
        with Bill(self._office.engine, self.name, page.charges) as bill:
            bill.read(self._hold_on)
            self._keep_with(bill, told, page)

    def _keep_with(self, bill: Bill | None, told: list[Told], page: Page) -> None:
        with transaction(self._office.engine) as session:
            hold(session, self._source_id, self._key)
            kept = self._intake.keep(session, told)
            self._count(len(told), kept.changed, len(kept.refused))
            if bill is not None:
                charged = self._intake.keep_bill(session, bill)
                self._count(charged.rows, charged.new + charged.changed, charged.refused)
            here = update(Source).where(col(Source.id) == self._source_id)
            session.execute(here.values(cursor=dict(page.cursor)))
            self.row.done, self.row.total = page.done, page.total
            session.merge(self.row)

    def _hold_on(self) -> None:
        """A bill may take longer to read than a claim holds."""
        with transaction(self._office.engine) as session:
            hold(session, self._source_id, self._key)

    def _count(self, rows: int, changed: int, refused: int) -> None:
        row = self.row
        row.rows, row.changed, row.refused = row.rows + rows, row.changed + changed, row.refused + refused

    def succeed(self) -> SyncRun:
        """Say how far the facts are complete: to where the vendor was when the run began."""
        at, began = now(), self.row.began_at
        with transaction(self._office.engine) as session:
            hold(session, self._source_id, self._key)
            self._intake.begin_kinds(session, self._office.parts.manifests[self._integration].facts)
            source = session.get_one(Source, self._source_id)
            source.state, source.error, source.remedy, source.failures, source.is_reread = WORKING, None, None, 0, False
            source.last_good_at, source.covers_until = at, began
            was_hinted = began < source.due_at <= at
            source.due_at = at if was_hinted else max(at, began + timedelta(minutes=source.minutes))
            return self._end(session, DONE, at)

    def fail(self, state: str, error: OpsConsoleError, retry_after: float | None = None) -> SyncRun:
        """Say what is wrong and what to do, and leave the source alone for a while."""
        at = now()
        with transaction(self._office.engine) as session:
            hold(session, self._source_id, self._key)
            source = session.get_one(Source, self._source_id)
            source.state, source.failures = state, source.failures + 1
            source.error, source.remedy = redacted(error.message, self._secrets), redacted(error.remedy, self._secrets)
            source.due_at = at + wait(source.failures, retry_after)
            self.row.error, self.row.remedy = source.error, source.remedy
            return self._end(session, state, at)

    def _end(self, session: Session, state: str, at: datetime) -> SyncRun:
        self.row.state, self.row.ended_at = state, at
        session.merge(self.row)
        return self.row


def _open_run(session: Session, source_id: int, made_by: str) -> SyncRun:
    """The run that somebody left open, else a new one."""
    mine = select(SyncRun).where(col(SyncRun.source_id) == source_id, col(SyncRun.state) == RUNNING)
    found = session.scalars(mine.order_by(col(SyncRun.id).desc())).first()
    if found is None:
        found = SyncRun(source_id=source_id, made_by=made_by, state=RUNNING, began_at=now())
        session.add(found)
    return found


def _gathered(pages: Iterator[Page]) -> Iterator[tuple[list[Told], Page]]:
    """Pages together as one transaction keeps them, charges by themselves. What came before a failure is handed on
    before it is raised.
    """
    told: list[Told] = []
    last: Page | None = None
    began, trouble = monotonic(), None
    try:
        for page in pages:
            if page.charges is not None and last is not None:
                yield told, last
                told = []
            told += page.facts
            last = page
            if page.charges is not None or len(told) >= BATCH or monotonic() - began > SECONDS:
                yield told, last
                told, last, began = [], None, monotonic()
    except OpsConsoleError as error:
        trouble = error
    if last is not None:
        yield told, last
    if trouble is not None:
        raise trouble

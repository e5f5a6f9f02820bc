"""The record of an import: begun before the first row, moved on with each batch, ended with a word on how it went."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from types import TracebackType

from sqlalchemy import Engine, insert, select, update
from sqlmodel import Session, col

from ops_console.contracts.rows import Refused
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.errors import OpsConsoleError
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.summary import Summary
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.imports import Import, Refusal

RUNNING, DONE, FAILED, INTERRUPTED = "running", "done", "failed", "interrupted"
MOST_REFUSALS = 10_000
"""Refused rows kept in the database for one import; the file of refused rows holds all."""


class ImportRecord:
    """Keeps one import's row, in transactions that others open."""

    def __init__(self, delivery: Delivery, summary: Summary) -> None:
        self._delivery, self.summary = delivery, summary
        self._refusals = 0

    def begin(self, session: Session, state: str) -> None:
        row = Import(
            kind=self.summary.kind,
            source=self.summary.source,
            origin=self._delivery.origin[-500:],
            state=state,
            started_at=now(),
            made_by=self._delivery.made_by,
            covers_until=self._delivery.covers_until,
        )
        session.add(row)
        session.flush()
        self.summary.import_id = row.id

    def batch(self, session: Session, refused: Sequence[Refused], **changes: str | datetime | None) -> None:
        """Move on, in the transaction of the batch."""
        room = max(0, MOST_REFUSALS - self._refusals)
        rows = [
            {"import_id": self.summary.import_id, **each._replace(column=each.column and each.column[:300])._asdict()}
            for each in refused[:room]
        ]
        if rows:
            session.execute(insert(Refusal), rows)
        self._refusals += len(rows)
        self._update(session, **changes)

    def _update(self, session: Session, **changes: str | datetime | None) -> None:
        summary = self.summary
        values = summary.counts() | {
            "unmapped": len(summary.unmapped),
            "warnings": summary.warnings,
            "first_at": summary.first_at,
            "last_at": summary.last_at,
        }
        session.execute(update(Import).where(col(Import.id) == summary.import_id).values(values | changes))


class Ledger(ImportRecord, AbstractContextManager["Ledger"]):
    """Keeps the row of an import of many transactions. Leaving the block by an error marks the import failed; a killed
    process cannot, so the next import of the same source finds it running and marks it interrupted.
    """

    def __init__(self, engine: Engine, delivery: Delivery, summary: Summary, *, is_file: bool = False) -> None:
        super().__init__(delivery, summary)
        self._engine, self._is_file = engine, is_file

    def __enter__(self) -> "Ledger":
        with transaction(self._engine) as session:
            self._close_interrupted(session)
            self.begin(session, RUNNING)
            if self._is_file:
                audit.record(session, self._decision())
        return self

    def _decision(self) -> Decision:
        """That somebody brought a file; what came of it stands with the import."""
        given, brought = self._delivery, self.summary
        said = {"kind": brought.kind, "source": brought.source, "file": given.origin[-500:]}
        return Decision("file imported", "import", brought.import_id or 0, given.made_by, after=said)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            told = str(error) if isinstance(error, OpsConsoleError) else f"{type(error).__name__} stopped the import"
            with transaction(self._engine) as session:
                self._update(session, state=FAILED, error=told, finished_at=now())

    def _close_interrupted(self, session: Session) -> None:
        of_source = (col(Import.kind) == self.summary.kind, col(Import.source) == self.summary.source)
        for row in session.scalars(select(Import).where(*of_source, col(Import.state) == RUNNING)):
            row.state, row.finished_at = INTERRUPTED, now()
            row.error = f"Interrupted after {row.rows:,} rows; import the file again to finish it."
            self.summary.warnings.append(
                f"Import {row.id} was interrupted after {row.rows:,} rows; what it brought is kept and not taken twice."
            )

    def finish(self, content_hash: str | None) -> None:
        with transaction(self._engine) as session:
            state = FAILED if self.summary.error else DONE
            self._update(session, state=state, error=self.summary.error, finished_at=now(), content_hash=content_hash)


class Rehearsal(AbstractContextManager["Rehearsal"]):
    """Stands in for the ledger where nothing is to be written: every batch runs in one session that is rolled back."""

    def __init__(self, engine: Engine) -> None:
        self.session = Session(engine.execution_options(writes=True), expire_on_commit=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.rollback()
        self.session.close()

    def batch(self, session: Session, refused: Sequence[Refused]) -> None: ...

    def finish(self, content_hash: str | None) -> None: ...


@contextmanager
def session_of(ledger: Ledger | Rehearsal, engine: Engine) -> Iterator[Session]:
    """The session of one batch."""
    if isinstance(ledger, Rehearsal):
        yield ledger.session
    else:
        with transaction(engine) as session:
            yield session

"""A channel that keeps what it is given, and runs to send with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.contracts.document import Document
from ops_console.contracts.integration import Attachment, Receipt, Unclear
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.records.reports import Delivery, ReportRun
from ops_console.reporting import ledger
from ops_console.reporting.delivery import Package, Post
from tests.reporting import documents

NINE = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


@dataclass
class Pigeons:
    """`answers` are raised or returned in turn, then every message arrives."""

    readers: list[str] = field(default_factory=lambda: ["ann@example.com", "bob@example.com"])
    answers: list[Exception | None] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    history: Callable[[str], Receipt | None] | None = None

    def recipients(self, settings: Settings) -> list[str]:
        return self.readers

    def owner(self, settings: Settings) -> str:
        return "owner"

    def person(self, address: str, settings: Settings) -> str:
        return address

    def send(self, document: Document, to: str, settings: Settings, *, delivery_id: str, **rest: Any) -> Receipt:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.sent.append((to, delivery_id))
        self.documents.append(document)
        return Receipt(f"receipt {len(self.sent)}")

    def find(self, delivery_id: str, to: str, settings: Settings, *, since: datetime) -> Receipt | None:
        if self.history is None:
            raise Unclear("Pigeons keep no history.")
        return self.history(delivery_id)

    def rendered(
        self,
        document: Document,
        settings: Settings,
        *,
        images: Mapping[str, bytes],
        attachments: tuple[Attachment, ...] = (),
    ) -> tuple[Attachment, ...]:
        return (Attachment("coo", "text/plain", document.title.encode()),)

    @property
    def addressees(self) -> list[str]:
        return [to for to, _ in self.sent]


def post(**channels: Any) -> Post:
    return Post(channels, Settings(reminders_by=",".join(channels)))


def pack(run: ReportRun) -> Package:
    return Package(documents.document(run_id=ledger.run_label(run)))


def run(**changes: Any) -> ReportRun:
    fixed = {"report": "monthly_operations", "period": "2026-10", "state": "queued", "made_at": NINE}
    return ReportRun(**(fixed | {"made_by": "test", "snapshot_hash": ""} | changes))


def planned(engine: Engine, pigeons: Pigeons, **changes: Any) -> int:
    """A stored run with a pending row for each of the pigeons' readers."""
    with transaction(engine) as session:
        stored = run(**changes)
        session.add(stored)
        session.flush()
        ledger.plan(session, stored, {"pigeons": pigeons.readers})
        return ledger.key_of(stored)


def deliveries(engine: Engine, run_id: int) -> list[Delivery]:
    with reading(engine) as session:
        return ledger.rows(session, session.get_one(ReportRun, run_id))


def stored(session: Session, run_id: int) -> ReportRun:
    return session.get_one(ReportRun, run_id)

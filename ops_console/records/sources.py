"""Sources that bring facts by themselves, each run of asking them, and what they sent unasked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class Source(Keyed, table=True):
    """One account of one vendor, as somebody set it up. `name` is what its facts name as their source.

    `secrets` says where each secret lies, never what it is. `cursor` is how far facts are kept; `is_reread` says that
    facts from before were read in another way. One with 0 `minutes` is only told,
    never asked. Whoever syncs holds `claim` until `claimed_until`; `claimed_by` is its process. `covers_until` is when
    the last good sync began: what the vendor had by then is here.
    """

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("name"),)

    integration: str = Field(max_length=50)
    name: str = Field(max_length=100)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    secrets: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    minutes: int
    since: datetime = Field(sa_type=Instant)
    cursor: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    is_reread: bool = False
    state: str = Field(default="new", max_length=20)
    error: str | None = None
    remedy: str | None = None
    failures: int = 0
    paused: bool = False
    due_at: datetime = Field(sa_type=Instant)
    claim: str | None = Field(default=None, max_length=32)
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    claimed_by: str | None = Field(default=None, max_length=300)
    last_good_at: datetime | None = Field(default=None, sa_type=Instant)
    covers_until: datetime | None = Field(default=None, sa_type=Instant)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)


class SyncRun(Keyed, table=True):
    """One run of asking a source. Counts grow as pages are kept, so a killed run shows how far it came."""

    __tablename__ = "sync_run"
    __table_args__ = (Index("ix_sync_run_source", "source_id", "began_at"),)

    source_id: int = Field(foreign_key="source.id", sa_type=BigId)
    made_by: str = Field(max_length=300)
    state: str = Field(max_length=20)
    began_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    rows: int = 0
    changed: int = 0
    refused: int = 0
    done: int = 0
    total: int | None = None
    error: str | None = None
    remedy: str | None = None


class InboxDelivery(Keyed, table=True):
    """One body that a vendor sent, as it came, and what became of it."""

    __tablename__ = "inbox_delivery"
    __table_args__ = (
        UniqueConstraint("source_id", "delivery_id"),
        Index("ix_inbox_delivery_received", "source_id", "received_at"),
        Index("ix_inbox_delivery_state", "source_id", "state", "id"),
    )

    source_id: int = Field(foreign_key="source.id", sa_type=BigId)
    delivery_id: str = Field(max_length=300)
    event: str = Field(max_length=100)
    received_at: datetime = Field(sa_type=Instant)
    body: bytes = Field(sa_type=LargeBinary)
    state: str = Field(max_length=20)
    reason: str | None = None
    facts: int = 0
    processed_at: datetime | None = Field(default=None, sa_type=Instant)


class FactPiece(Keyed, table=True):
    """What one word of a source says of a fact told in pieces; `begins` holds what only the earliest may say."""

    __tablename__ = "fact_piece"
    __table_args__ = (UniqueConstraint("source", "kind", "external_id", "piece"),)

    source: str = Field(max_length=100)
    kind: str = Field(max_length=50)
    external_id: str = Field(max_length=300)
    piece: str = Field(max_length=300)
    at: datetime = Field(sa_type=Instant)
    begins: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    says: dict[str, Any] = Field(default_factory=dict, sa_type=Json)

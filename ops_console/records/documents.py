"""Model cards, dataset sheets and runbooks."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope, Json, Keyed


class Document(Envelope, table=True):
    """`complete_for_tier` is the strictest tier whose required fields are all present; null where none is met."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_document_subject", "entry_id", "kind", "reviewed_at"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    kind: str = Field(max_length=20)
    version: str | None = Field(default=None, max_length=300)
    fields_present: list[str] = Field(default_factory=list, sa_type=Json)
    reviewed_at: datetime | None = Field(default=None, sa_type=Instant)
    complete_for_tier: int | None = None


class Review(Keyed, table=True):
    """What a document said when it was reviewed. The document itself holds what it says today."""

    __tablename__ = "document_review"
    __table_args__ = (UniqueConstraint("document_id", "reviewed_at"),)

    document_id: int = Field(foreign_key="document.id", sa_type=BigId)
    reviewed_at: datetime = Field(sa_type=Instant)
    version: str | None = Field(default=None, max_length=300)
    fields_present: list[str] = Field(default_factory=list, sa_type=Json)
    complete_for_tier: int | None = None
    updated_at: datetime | None = Field(default=None, sa_type=Instant)

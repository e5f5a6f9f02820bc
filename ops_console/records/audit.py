"""Who decided what, and how it was before: rows are added and never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class AuditEntry(Keyed, table=True):
    """One decision. `entry_hash` covers the row and `previous_hash`: none can be changed or taken out unseen."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("previous_hash"), Index("ix_audit_entry_subject", "subject", "number"))

    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=300)
    did: str = Field(max_length=50)
    subject: str = Field(max_length=50)
    number: int = Field(sa_type=BigId)
    reason: str = ""
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)
    previous_hash: str = Field(max_length=64)
    entry_hash: str = Field(max_length=64)

"""What teams asked for, and when they had it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import AutoString, Field

from ops_console.core.columns import Exact, Instant
from ops_console.records.envelope import Envelope


class Request(Envelope, table=True):
    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_request_usable", "first_usable_at"),
        Index("ix_request_submitted", "submitted_at"),
    )

    title: str
    kind: str | None = Field(default=None, max_length=300)
    class_: str | None = Field(default=None, sa_column=Column("class", AutoString(20)))
    team: str | None = Field(default=None, max_length=300)
    submitted_at: datetime = Field(sa_type=Instant)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    first_usable_at: datetime | None = Field(default=None, sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    waiting_seconds: Decimal | None = Field(default=None, sa_type=Exact)

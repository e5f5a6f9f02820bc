"""Improvement work and what it moved."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import Exact, Instant
from ops_console.records.envelope import Envelope


class Initiative(Envelope, table=True):
    __tablename__ = "initiative"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index("ix_initiative_delivered", "delivered_at"))

    title: str
    category: str = Field(max_length=300)
    status: str = Field(max_length=20)
    owner: str | None = Field(default=None, max_length=300)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    metric: str | None = Field(default=None, max_length=300)
    before: Decimal | None = Field(default=None, sa_type=Exact)
    after: Decimal | None = Field(default=None, sa_type=Exact)
    measured_at: datetime | None = Field(default=None, sa_type=Instant)

"""How much models are used."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Date, Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Envelope


class Usage(Envelope, table=True):
    """`anchored_at` is the beginning of the day in the workspace's zone."""

    __tablename__ = "usage"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_usage_anchor", "unit", "anchored_at", "entry_id"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    day: date = Field(sa_column=Column("date", Date, nullable=False))
    unit: str = Field(max_length=30)
    quantity: Decimal = Field(sa_type=Exact)
    anchored_at: datetime = Field(sa_type=Instant)

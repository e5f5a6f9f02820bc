"""Manual work by person and day, and the hours there are. Pages show sums, never a person."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Date, Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import Exact, Instant
from ops_console.records.envelope import Envelope


class Toil(Envelope, table=True):
    """`anchored_at` is the beginning of the day in the workspace's zone."""

    __tablename__ = "toil"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index("ix_toil_anchor", "anchored_at", "person"))

    person: str = Field(max_length=300)
    day: date = Field(sa_column=Column("date", Date, nullable=False))
    minutes: int
    category: str = Field(max_length=300)
    flow: str | None = Field(default=None, max_length=300)
    anchored_at: datetime = Field(sa_type=Instant)


class Capacity(Envelope, table=True):
    """Hours a person can work in `[starts_at, ends_at)`."""

    __tablename__ = "capacity"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index("ix_capacity_starts", "starts_at", "ends_at"))

    person: str = Field(max_length=300)
    starts_on: date
    ends_on: date
    hours: Decimal = Field(sa_type=Exact)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)

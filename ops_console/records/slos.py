"""Service level objectives and the slices of time in which they were met or not."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Envelope, Keyed


class Slo(Envelope, table=True):
    """`objective_ppm` is the objective in parts per million: 99.95% is 999,500. Compared as integers."""

    __tablename__ = "slo"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index("ix_slo_subject", "entry_id"))

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    name: str = Field(max_length=300)
    objective_percent: Decimal = Field(sa_type=Exact)
    objective_ppm: int
    window: str | None = None
    calendar: bool | None = None
    sli: str | None = None
    budgeting: str = Field(max_length=20)


class SloVersion(Keyed, table=True):
    """The objective an SLO had in `[valid_from, valid_to)`: the past keeps the objective it had."""

    __tablename__ = "slo_version"
    __table_args__ = (UniqueConstraint("slo_id", "valid_from"),)

    slo_id: int = Field(foreign_key="slo.id", sa_type=BigId)
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime = Field(sa_type=Instant)
    objective_ppm: int


class SliSlice(Envelope, table=True):
    """Good and valid in micro-units, so that sums and comparisons stay whole numbers."""

    __tablename__ = "sli_slice"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        UniqueConstraint("slo_id", "started_at", "seconds"),
        Index("ix_sli_slice_started", "started_at", "slo_id"),
    )

    slo_id: int = Field(foreign_key="slo.id", sa_type=BigId)
    started_at: datetime = Field(sa_type=Instant)
    seconds: int
    good_micro: int = Field(sa_type=BigInteger)
    total_micro: int = Field(sa_type=BigInteger)
    covered_seconds: int

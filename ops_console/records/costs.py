"""Cloud cost by day, replaced per (source, billing period), and the budgets it is held against."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Envelope, Json, Keyed


class CostPartition(Keyed, table=True):
    """One (source, billing period, part) as it was last loaded; an import replaces it whole.

    `content_hash` recognises a file that brings nothing new. `quality` holds the warnings the reader gave.
    """

    __tablename__ = "cost_partition"
    __table_args__ = (UniqueConstraint("source", "billing_period", "part"),)

    source: str = Field(max_length=100)
    billing_period: str = Field(max_length=10)
    part: str = Field(default="", max_length=300)
    content_hash: str = Field(max_length=64)
    rows: int
    billed: Decimal = Field(sa_type=Exact)
    effective: Decimal | None = Field(default=None, sa_type=Exact)
    previous_billed: Decimal | None = Field(default=None, sa_type=Exact)
    currency: str = Field(max_length=3)
    quality: list[str] = Field(default_factory=list, sa_type=Json)
    imported_at: datetime = Field(sa_type=Instant)


class Cost(Keyed, table=True):
    """FOCUS charges of one day, summed over everything not named here. Credits and corrections keep their sign."""

    __tablename__ = "cost"
    __table_args__ = (
        Index("ix_cost_charged", "charged_at", "entry_id"),
        Index("ix_cost_entry", "entry_id", "charge_day"),
        Index("ix_cost_partition", "partition_id"),
    )

    partition_id: int = Field(foreign_key="cost_partition.id", sa_type=BigId)
    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    charged_at: datetime = Field(sa_type=Instant)
    charge_day: date
    billing_period: str = Field(max_length=10)
    provider: str = Field(max_length=300)
    service_name: str | None = Field(default=None, max_length=300)
    service_category: str | None = Field(default=None, max_length=300)
    sub_account: str | None = Field(default=None, max_length=300)
    charge_category: str = Field(max_length=100)
    is_correction: bool = False
    purpose: str | None = Field(default=None, max_length=30)
    team: str | None = Field(default=None, max_length=300)
    currency: str = Field(max_length=3)
    rows: int
    billed: Decimal = Field(sa_type=Exact)
    effective: Decimal | None = Field(default=None, sa_type=Exact)
    listed: Decimal | None = Field(default=None, sa_type=Exact)


class Budget(Envelope, table=True):
    """`scope` as written; `starts_at` and `ends_at` are the period's instants in the workspace's zone."""

    __tablename__ = "budget"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_budget_period", "starts_at", "ends_at"),
    )

    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    scope: str = Field(max_length=300)
    period: str = Field(max_length=10)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    amount: Decimal = Field(sa_type=Exact)
    currency: str = Field(max_length=3)

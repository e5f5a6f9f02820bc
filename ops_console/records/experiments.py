"""Business questions tried out, and what models changed in the business."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Envelope


class Experiment(Envelope, table=True):
    __tablename__ = "experiment"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_experiment_started", "started_at", "entry_id"),
        Index("ix_experiment_subject", "entry_id", "version"),
    )

    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    name: str = Field(max_length=300)
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str | None = None
    version: str | None = Field(default=None, max_length=300)


class Outcome(Envelope, table=True):
    """`ends_at` is the last moment of `period_end` in the workspace's zone: the outcome belongs to that period."""

    __tablename__ = "outcome"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_outcome_ends", "ends_at", "entry_id"),
        Index("ix_outcome_subject", "entry_id", "ends_at"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    metric: str = Field(max_length=300)
    unit: str | None = Field(default=None, max_length=300)
    baseline: Decimal | None = Field(default=None, sa_type=Exact)
    observed: Decimal | None = Field(default=None, sa_type=Exact)
    ci_low: Decimal | None = Field(default=None, sa_type=Exact)
    ci_high: Decimal | None = Field(default=None, sa_type=Exact)
    method: str = Field(max_length=20)
    period_start: date
    period_end: date
    currency: str | None = Field(default=None, max_length=3)
    attribution_share: Decimal | None = Field(default=None, sa_type=Exact)
    evidence: str | None = None
    approved_by: str | None = Field(default=None, max_length=300)
    ends_at: datetime = Field(sa_type=Instant)

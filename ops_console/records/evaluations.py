"""How versions were judged: evaluations, and attempts to build them again."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Envelope


class Evaluation(Envelope, table=True):
    """`regressed` is the source's verdict, else what follows from the figures; null where neither says anything."""

    __tablename__ = "evaluation"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_evaluation_version", "entry_id", "version", "evaluated_at"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    version: str = Field(max_length=300)
    metric: str = Field(max_length=300)
    slice: str | None = Field(default=None, max_length=300)
    value: Decimal | None = Field(default=None, sa_type=Exact)
    baseline: Decimal | None = Field(default=None, sa_type=Exact)
    threshold: Decimal | None = Field(default=None, sa_type=Exact)
    direction: str | None = Field(default=None, max_length=10)
    ci_low: Decimal | None = Field(default=None, sa_type=Exact)
    ci_high: Decimal | None = Field(default=None, sa_type=Exact)
    guardrail: bool = False
    verdict: str | None = Field(default=None, max_length=20)
    kind: str | None = Field(default=None, max_length=20)
    evaluated_at: datetime = Field(sa_type=Instant)
    regressed: bool | None = None


class Reproduction(Envelope, table=True):
    __tablename__ = "reproduction"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_reproduction_checked", "checked_at", "entry_id"),
        Index("ix_reproduction_version", "entry_id", "version", "checked_at"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    version: str = Field(max_length=300)
    method: str | None = Field(default=None, max_length=20)
    succeeded: bool
    expected: str | None = None
    actual: str | None = None
    tolerance: str | None = None
    checked_at: datetime = Field(sa_type=Instant)

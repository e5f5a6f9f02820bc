"""Exceptions, policy violations, vulnerabilities and open points of reviews."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope, Keyed


class Finding(Envelope, table=True):
    """`due_at` and `waived_at` are the ends of `due_on` and `waived_until` in the workspace's zone."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_finding_seen", "first_seen_at", "fixed_at"),
        Index("ix_finding_subject", "entry_id", "first_seen_at"),
    )

    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    tool: str = Field(max_length=300)
    rule: str = Field(max_length=300)
    kind: str = Field(max_length=20)
    severity: str | None = Field(default=None, max_length=10)
    asset: str | None = Field(default=None, max_length=300)
    first_seen_at: datetime = Field(sa_type=Instant)
    fixed_at: datetime | None = Field(default=None, sa_type=Instant)
    due_on: date | None = None
    dismissed_reason: str | None = None
    waived_until: date | None = None
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    waived_at: datetime | None = Field(default=None, sa_type=Instant)


class Waiver(Keyed, table=True):
    """What was said at an instant: the finding is waived until `until_at`, or not at all. It holds until the next."""

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("finding_id", "stated_at"),)

    finding_id: int = Field(foreign_key="finding.id", sa_type=BigId)
    stated_at: datetime = Field(sa_type=Instant)
    until_at: datetime | None = Field(default=None, sa_type=Instant)

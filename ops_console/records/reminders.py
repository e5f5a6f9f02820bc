"""Reminders of what was promised: which were due, and the one message a day that carried them to a person."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Keyed


class Digest(Keyed, table=True):
    """One message to one person on one day of the person's own. States as of `Delivery`; claimed before it is sent."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("recipient", "day"),
        UniqueConstraint("token"),
        Index("ix_digest_state", "state", "next_attempt_at"),
    )

    recipient: str = Field(max_length=300)
    day: date
    channel: str = Field(max_length=50)
    address: str = Field(max_length=300)
    state: str = Field(max_length=20)
    made_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    receipt: str | None = None
    error: str | None = None
    token: str = Field(max_length=40)


class Reminder(Keyed, table=True):
    """One thing a person had to hear of: `mark` names the occasion, such as `due:2026-11-20`. Each is told once."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("subject", "number", "mark", "recipient"),
        Index("ix_reminder_digest", "digest_id"),
    )

    subject: str = Field(max_length=20)
    number: int = Field(sa_type=BigId)
    mark: str = Field(max_length=40)
    recipient: str = Field(max_length=300)
    day: date
    digest_id: int = Field(foreign_key="digest.id", sa_type=BigId)

"""Alerts that fired, and who was on call."""

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import AutoString, Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope


class Alert(Envelope, table=True):
    """One alert as one source reported it. `firing` is the source's fingerprint: repeats of one firing share it and
    `started_at`. `incident` and `ticket` are the external ids of what it led to.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_alert_started", "started_at", "entry_id"),
        Index("ix_alert_firing", "firing", "started_at", "id"),
        Index("ix_alert_person", "person", "notified_at"),
        Index("ix_alert_class", "class", "started_at"),
        Index("ix_alert_incident", "incident", "source"),
        Index("ix_alert_subject", "entry_id", "started_at"),
    )

    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    name: str = Field(max_length=300)
    firing: str | None = Field(default=None, max_length=300)
    class_: str | None = Field(default=None, sa_column=Column("class", AutoString(10)))
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    actionable: bool | None = None
    incident: str | None = Field(default=None, max_length=300)
    ticket: str | None = Field(default=None, max_length=300)
    person: str | None = Field(default=None, max_length=300)
    notified_at: datetime | None = Field(default=None, sa_type=Instant)
    silenced: bool = False
    test: bool = False


class Shift(Envelope, table=True):
    """One person on call in `[started_at, ended_at)`."""

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_shift_started", "started_at", "ended_at"),
        Index("ix_shift_person", "person", "started_at"),
    )

    schedule: str = Field(max_length=300)
    person: str = Field(max_length=300)
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime = Field(sa_type=Instant)
    override: bool = False

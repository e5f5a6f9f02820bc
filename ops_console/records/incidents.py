"""Incidents, and which release each is attributed to."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope, Keyed


class Incident(Envelope, table=True):
    """`began_at` is what MTTR measures from: impact start, else detection.

    `restored_at` is taken from `resolved_at` where the source knows no better.
    """

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_incident_subject", "entry_id", "began_at"),
        Index("ix_incident_began", "began_at"),
        Index("ix_incident_restored", "restored_at"),
        Index(
            "ix_incident_open",
            "began_at",
            sqlite_where=text("restored_at IS NULL"),
            postgresql_where=text("restored_at IS NULL"),
        ),
        Index("ix_incident_external", "external_id"),
        Index(
            "ix_incident_duplicate_of",
            "source",
            "duplicate_of",
            "began_at",
            sqlite_where=text("duplicate_of IS NOT NULL"),
            postgresql_where=text("duplicate_of IS NOT NULL"),
        ),
        Index("ix_incident_caused_by", "caused_by", "entry_id"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    title: str
    severity: str | None = Field(default=None, max_length=10)
    status: str | None = Field(default=None, max_length=20)
    kind: str | None = Field(default=None, max_length=20)
    impact_started_at: datetime | None = Field(default=None, sa_type=Instant)
    detected_at: datetime | None = Field(default=None, sa_type=Instant)
    acknowledged_at: datetime | None = Field(default=None, sa_type=Instant)
    mitigated_at: datetime | None = Field(default=None, sa_type=Instant)
    restored_at: datetime | None = Field(default=None, sa_type=Instant)
    resolved_at: datetime | None = Field(default=None, sa_type=Instant)
    began_at: datetime | None = Field(default=None, sa_type=Instant)
    caused_by: str | None = Field(default=None, max_length=300)
    duplicate_of: str | None = Field(default=None, max_length=300)
    false_positive: bool = False
    maintenance: bool = False
    mitigation: str | None = Field(default=None, max_length=30)


class IncidentLink(Keyed, table=True):
    """One incident attributed to one release (or, with `no_change`, to none). A person's word survives every sync."""

    __tablename__ = "incident_link"
    __table_args__ = (
        UniqueConstraint("incident_id"),
        Index("ix_incident_link_release", "release_id", "confirmed"),
    )

    incident_id: int = Field(foreign_key="incident.id", sa_type=BigId)
    release_id: int | None = Field(default=None, foreign_key="release.id", sa_type=BigId)
    method: str = Field(max_length=20)
    confirmed: bool
    reason: str = Field(max_length=300)
    made_by: str = Field(default="attribution", max_length=300)
    made_at: datetime = Field(sa_type=Instant)

"""Incidents, and which release each is attributed to."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Index, Text, UniqueConstraint, and_, func
from sqlmodel import Field, col

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope, Json, Keyed, where


class Incident(Envelope, table=True):
    """`began_at` is what MTTR measures from: impact start, else detection.

    `restored_at` is taken from `resolved_at` where the source knows no better. It is the first restoration and stays:
    each stretch of trouble after it stands in `reopenings`. `reopened_ms` is how long those lasted that are over,
    `reopened_at` when the one began that is not. `duplicate_source` is the source of the incident that this one
    repeats, where it is not its own.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_external", "external_id", "source", unique=True),
        Index("ix_incident_subject", "entry_id", "began_at"),
        Index("ix_incident_began", "began_at"),
        Index("ix_incident_restored", "restored_at"),
        Index("ix_incident_open", "began_at", **where("restored_at IS NULL")),
        Index("ix_incident_reopened", "began_at", **where("reopened_at IS NOT NULL")),
        Index("ix_incident_duplicate_of", "source", "duplicate_of", "began_at", **where("duplicate_of IS NOT NULL")),
        Index("ix_incident_caused_by", "caused_by", "entry_id", **where("caused_by IS NOT NULL")),
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
    reopenings: list[str] = Field(default_factory=list, sa_type=Json)
    reopened_ms: int = Field(default=0, sa_type=BigInteger)
    reopened_at: datetime | None = Field(default=None, sa_type=Instant)
    caused_by: str | None = Field(default=None, max_length=300)
    duplicate_of: str | None = Field(default=None, max_length=300)
    duplicate_source: str | None = Field(default=None, max_length=100)
    false_positive: bool = False
    maintenance: bool = False
    drill: bool = False
    mitigation: str | None = Field(default=None, max_length=30)

    @property
    def trouble(self) -> timedelta | None:
        """From the beginning to the restoration, and each time it was broken again; unknown while it is broken, and
        where the two stand in the wrong order.
        """
        began, restored = self.began_at, self.restored_at
        if began is None or restored is None or restored < began or self.reopened_at is not None:
            return None
        return restored - began + timedelta(milliseconds=self.reopened_ms)


def is_real(of: type[Incident] = Incident) -> ColumnElement[bool]:
    """What an incident is, wherever incidents are counted: nothing planned, played, withdrawn or told twice."""
    return and_(
        col(of.deleted_at).is_(None),
        col(of.false_positive).is_(False),
        col(of.maintenance).is_(False),
        col(of.drill).is_(False),
        col(of.duplicate_of).is_(None),
    )


def primary_source(of: type[Incident] = Incident) -> ColumnElement[str]:
    """The source of the incident that this one repeats."""
    return func.coalesce(of.duplicate_source, of.source)


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


class IncidentNote(Keyed, table=True):
    """What somebody noted. `revision` rises with every change; a `removed` one is shown no more."""

    __tablename__ = "incident_note"
    __table_args__ = (Index("ix_incident_note_incident", "incident_id"),)

    incident_id: int = Field(foreign_key="incident.id", sa_type=BigId)
    text: str = Field(sa_type=Text)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    revision: int = 1
    changed_by: str | None = Field(default=None, max_length=300)
    changed_at: datetime | None = Field(default=None, sa_type=Instant)
    removed: bool = False


class IncidentRole(Keyed, table=True):
    """Who had which part in the response, and for how long; open where nobody has said that it ended."""

    __tablename__ = "incident_role"
    __table_args__ = (Index("ix_incident_role_incident", "incident_id"),)

    incident_id: int = Field(foreign_key="incident.id", sa_type=BigId)
    role: str = Field(max_length=30)
    person: str = Field(max_length=300)
    from_at: datetime = Field(sa_type=Instant)
    until_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = 1
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)

"""Runbooks: who keeps each, and what happened with it. Which there are is said by the catalog."""

from datetime import date, datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Keyed


class Runbook(Keyed, table=True):
    """One that somebody said something of. `url` is what the catalog links to."""

    __tablename__ = "runbook"
    __table_args__ = (UniqueConstraint("url"),)

    url: str = Field(max_length=1000)
    owner: str | None = Field(default=None, max_length=300)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)


class RunbookEvent(Keyed, table=True):
    """It was followed: in a drill (`tested`), or when something broke (`used`); `worked` says if it led to an end.
    A drill that is an incident of its own is named too.
    """

    __tablename__ = "runbook_event"
    __table_args__ = (
        Index("ix_runbook_event_runbook", "runbook_id", "happened", "on"),
        Index("ix_runbook_event_incident", "incident_id"),
    )

    runbook_id: int = Field(foreign_key="runbook.id", sa_type=BigId)
    happened: str = Field(max_length=20)
    on: date
    worked: bool
    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigId)
    note: str = Field(default="", sa_type=Text)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)

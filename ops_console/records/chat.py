"""What people asked from where they talk, and the messages they put on the timeline of an incident."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Keyed, OptionalJson


class ChatCall(Keyed, table=True):
    """One call, once. `asked` is forgotten when it is answered; `outcome` is what is to be said of what was done, kept
    with the deed, so that it is said after a crash and nothing is done twice.
    """

    __tablename__ = "chat_call"
    __table_args__ = (UniqueConstraint("integration", "call_id"), Index("ix_chat_call_state", "state", "received_at"))

    integration: str = Field(max_length=100)
    call_id: str = Field(max_length=100)
    what: str = Field(max_length=20)
    received_at: datetime = Field(sa_type=Instant)
    asked: dict[str, Any] | None = Field(default=None, sa_type=OptionalJson)
    state: str = Field(max_length=20)
    taken_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: list[list[str]] | None = Field(default=None, sa_type=OptionalJson)
    reason: str | None = Field(default=None, sa_type=Text)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class IncidentMessage(Keyed, table=True):
    """A message somebody put on the timeline of an incident; `origin` names it, so that it stands there once."""

    __tablename__ = "incident_message"
    __table_args__ = (UniqueConstraint("incident_id", "origin"),)

    incident_id: int = Field(foreign_key="incident.id", sa_type=BigId)
    origin: str = Field(max_length=100)
    at: datetime = Field(sa_type=Instant)
    text: str = Field(sa_type=Text)
    source: str = Field(max_length=100)
    link: str | None = Field(default=None, sa_type=Text)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)

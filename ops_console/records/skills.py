"""Positions and skills of the team."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Envelope


class Position(Envelope, table=True):
    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index("ix_position_planned", "planned_at"))

    title: str = Field(max_length=300)
    team: str | None = Field(default=None, max_length=300)
    planned_at: datetime = Field(sa_type=Instant)
    filled_at: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)


class Skill(Envelope, table=True):
    """One assessment; `assessed_at` is the beginning of `assessed_on` in the workspace's zone."""

    __tablename__ = "skill"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_skill_assessed", "person", "skill", "assessed_at"),
    )

    person: str = Field(max_length=300)
    skill: str = Field(max_length=300)
    team: str | None = Field(default=None, max_length=300)
    level: int
    target: int
    assessed_on: date
    assessed_at: datetime = Field(sa_type=Instant)

"""Actions and their tickets elsewhere, and how keeping both in step goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class ActionLink(Keyed, table=True):
    """The ticket of one action. `number` never changes, `key` is what people call it; `marker` finds a ticket whose
    opening, begun at `asked_at`, was not answered.

    `here` and `there` are the values that both sides had when they were last brought in step, each in its own words;
    `clashes` wait for a person. `action_revision` is up to where the action was looked at, `updated_at` the ticket.
    """

    __tablename__ = "action_link"
    __table_args__ = (
        UniqueConstraint("action_id"),
        UniqueConstraint("marker"),
        Index("ix_action_link_ticket", "source", "number"),
        Index("ix_action_link_seen", "source", "seen_at"),
    )

    action_id: int = Field(foreign_key="action.id", sa_type=BigId)
    source: str = Field(max_length=100)
    marker: str = Field(max_length=100)
    state: str = Field(max_length=20)
    number: str | None = Field(default=None, max_length=100)
    key: str = Field(default="", max_length=300)
    url: str = ""
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    here: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    there: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    clashes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    action_revision: int = 0
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    trouble: str | None = None
    remedy: str | None = None
    revision: int = 1
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)


class TrackerRound(Keyed, table=True):
    """How far the tickets of one source were looked through: changes until `searched_at`, deliveries to `inbox_id`.
    `people` are addresses by the tracker's own names, as they were learnt. Whoever is at it holds `claimed_until`.
    """

    __tablename__ = "tracker_round"
    __table_args__ = (UniqueConstraint("source"),)

    source: str = Field(max_length=100)
    searched_at: datetime | None = Field(default=None, sa_type=Instant)
    inbox_id: int = Field(default=0, sa_type=BigId)
    people: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    failures: int = 0
    due_at: datetime = Field(sa_type=Instant)
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    trouble: str | None = None
    remedy: str | None = None
    last_good_at: datetime | None = Field(default=None, sa_type=Instant)

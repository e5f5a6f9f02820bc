"""What people promised to do after an incident."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Keyed


class Action(Keyed, table=True):
    """It belongs to the incident and not to its review, so that it outlives the review.

    `cause` and `entry_id` name what must not come back, and where. `first_due_on` is what was promised first; `slips`
    counts how often the date moved back since. `done_at` stays when a done action is edited. `revision` rises with
    every change.
    """

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_incident", "incident_id"),
        Index("ix_action_due", "state", "due_on"),
        Index("ix_action_owner", "owner", "state"),
        Index("ix_action_due_on", "due_on"),
        Index("ix_action_subject", "entry_id"),
    )

    incident_id: int | None = Field(default=None, foreign_key="incident.id", sa_type=BigId)
    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    title: str = Field(max_length=300)
    done_when: str = Field(sa_type=Text)
    kind: str = Field(max_length=20)
    priority: str = Field(max_length=20)
    cause: str | None = Field(default=None, max_length=40)
    owner: str = Field(max_length=300)
    due_on: date
    first_due_on: date
    slips: int = 0
    state: str = Field(max_length=20)
    evidence: str = Field(default="", sa_type=Text)
    revision: int = 1
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    dropped_at: datetime | None = Field(default=None, sa_type=Instant)
    dropped_by: str | None = Field(default=None, max_length=300)
    dropped_reason: str = ""

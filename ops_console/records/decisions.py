"""What the team asked somebody else to decide, and what became of it."""

from datetime import date, datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Keyed


class AskedDecision(Keyed, table=True):
    """`owner` decides, and need not be known here. `answer` is what was decided, or why it is asked no more; it came at
    `closed_at`. `revision` rises with every change.
    """

    __tablename__ = "asked_decision"
    __table_args__ = (Index("ix_asked_decision_due", "state", "due_on"), Index("ix_asked_decision_closed", "closed_at"))

    question: str = Field(max_length=300)
    why: str = Field(default="", sa_type=Text)
    owner: str = Field(max_length=300)
    due_on: date
    state: str = Field(max_length=20)
    answer: str = Field(default="", sa_type=Text)
    revision: int = 1
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)

"""Scheduled work: due rows decide, whoever claims the row does the job."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Keyed


class JobRun(Keyed, table=True):
    """One slot of one job: inserted by whoever claims it, so that it happens once across processes."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    job: str = Field(max_length=100)
    slot: str = Field(max_length=100)
    due_at: datetime = Field(sa_type=Instant)
    began_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str | None = Field(default=None, max_length=20)
    error: str | None = None

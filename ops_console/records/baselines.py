"""From where on a process is another one: a person's word, with its reason."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Keyed


class Baseline(Keyed, table=True):
    """For one KPI and exactly one scope. The usual range of a period that begins at `from_at` or later is found from
    points that begin there or later; earlier periods keep theirs. A row is never changed but for its withdrawal.
    """

    __tablename__ = "baseline"
    __table_args__ = (Index("ix_baseline_kpi", "kpi", "from_at"),)

    kpi: str = Field(max_length=50)
    scope_kind: str = Field(max_length=20)
    scope_key: str = Field(default="", max_length=300)
    from_at: datetime = Field(sa_type=Instant)
    reason: str
    set_by: str = Field(max_length=300)
    set_at: datetime = Field(sa_type=Instant)
    withdrawn_by: str | None = Field(default=None, max_length=300)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_reason: str = ""

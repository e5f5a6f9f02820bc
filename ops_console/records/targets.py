"""Targets a person set, with the date they begin; the past keeps the target it had."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Keyed


class Target(Keyed, table=True):
    """For one KPI and scope from `from_at` on. `low` and `high` bound a band; a one-sided target leaves one null.

    Units are those of `ScorecardPoint.value`. `withdrawn` means: from here on no target.
    """

    __tablename__ = "target"
    __table_args__ = (Index("ix_target_kpi", "kpi", "from_at"),)

    kpi: str = Field(max_length=50)
    scope_kind: str = Field(max_length=20)
    scope_key: str = Field(default="", max_length=300)
    from_at: datetime = Field(sa_type=Instant)
    low: float | None = None
    high: float | None = None
    withdrawn: bool = False
    set_by: str = Field(max_length=300)
    set_at: datetime = Field(sa_type=Instant)
    reason: str = ""

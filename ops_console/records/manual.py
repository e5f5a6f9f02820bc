"""What people entered by hand, as they said it: each version of each fact, with who said it, when and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Json, Keyed


class ManualFact(Keyed, table=True):
    """One version of a fact, and the newest of its `external_id` is the one that stands. `said` holds its fields as a
    file would. `person` is whom it is about, `entered_by` who made its first version; a `removed` one is deleted.
    """

    __tablename__ = "manual_fact"
    __table_args__ = (Index("ix_manual_fact_kind", "kind", "external_id"),)

    kind: str = Field(max_length=50)
    external_id: str = Field(max_length=300)
    said: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    person: str | None = Field(default=None, max_length=300)
    entered_by: str = Field(max_length=300)
    entered_at: datetime = Field(sa_type=Instant)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    reason: str = Field(default="", max_length=300)
    removed: bool = False

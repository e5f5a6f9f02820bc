"""What a person changed about a fact; it wins over the source and survives the next sync."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import Instant
from ops_console.records.envelope import Json, Keyed


class Correction(Keyed, table=True):
    """One field of one fact. `original` follows what the source last said, so withdrawing returns to it."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("kind", "source", "external_id", "field"),)

    kind: str = Field(max_length=50)
    source: str = Field(max_length=100)
    external_id: str = Field(max_length=300)
    field: str = Field(max_length=100)
    value: Any = Field(default=None, sa_type=Json)
    original: Any = Field(default=None, sa_type=Json)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    reason: str = ""

"""Every delivery of facts, what came of it, and what was refused."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class Import(Keyed, table=True):
    """One file, upload or API batch. Counts grow as batches commit, so a killed import shows how far it came.

    `first_at` and `last_at` span the facts it brought. `covers_until` is how far its sender says the facts are
    complete; without it they are complete up to the newest fact, and a later month is unknown, not zero.
    """

    __tablename__ = "import"
    __table_args__ = (Index("ix_import_source", "source", "kind", "finished_at"),)

    kind: str = Field(max_length=50)
    source: str = Field(max_length=100)
    origin: str = Field(max_length=500)
    content_hash: str | None = Field(default=None, max_length=64)
    state: str = Field(max_length=20)
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    made_by: str = Field(default="command line", max_length=300)
    first_at: datetime | None = Field(default=None, sa_type=Instant)
    last_at: datetime | None = Field(default=None, sa_type=Instant)
    covers_until: datetime | None = Field(default=None, sa_type=Instant)
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    filtered: int = 0
    older: int = 0
    unmapped: int = 0
    warnings: list[str] = Field(default_factory=list, sa_type=Json)
    error: str | None = None


class Refusal(Keyed, table=True):
    """One row that could not be taken: where it was, why, and what it said, so that nothing is lost."""

    __tablename__ = "refusal"
    __table_args__ = (Index("ix_refusal_import", "import_id"),)

    import_id: int = Field(foreign_key="import.id", sa_type=BigId)
    line: int
    column: str | None = Field(default=None, max_length=300)
    reason: str
    raw: str


class Mapping(Keyed, table=True):
    """How a source's columns become a kind's fields; saved once, used for every later file."""

    __tablename__ = "mapping"
    __table_args__ = (UniqueConstraint("source", "kind"),)

    source: str = Field(max_length=100)
    kind: str = Field(max_length=50)
    document: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    saved_at: datetime = Field(sa_type=Instant)
    saved_by: str = Field(default="command line", max_length=300)

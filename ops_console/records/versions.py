"""Versions of models in a registry."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope

MADE = "coalesce(created_at, ready_at, updated_at, ingested_at)"
"""Since when a version is known to be there; an index serves exactly this expression."""
STAY, LEFT = text("deleted_at IS NULL"), text("deleted_at IS NOT NULL")


class ModelVersion(Envelope, table=True):
    __tablename__ = "model_version"
    __table_args__ = (
        Index("ix_model_version_external", "external_id", "source", unique=True),
        Index("ix_model_version_subject", "entry_id", "version"),
        Index("ix_model_version_made", "entry_id", text(MADE), sqlite_where=STAY, postgresql_where=STAY),
        Index("ix_model_version_left", "entry_id", sqlite_where=LEFT, postgresql_where=LEFT),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    version: str = Field(max_length=300)
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    ready_at: datetime | None = Field(default=None, sa_type=Instant)
    digest: str | None = None
    run_id: str | None = None
    git_sha: str | None = None
    data_version: str | None = None

"""Versions of models in a registry."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope


class ModelVersion(Envelope, table=True):
    __tablename__ = "model_version"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_model_version_subject", "entry_id", "version"),
        Index("ix_model_version_external", "external_id"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    version: str = Field(max_length=300)
    created_at: datetime | None = Field(default=None, sa_type=Instant)
    ready_at: datetime | None = Field(default=None, sa_type=Instant)
    digest: str | None = None
    run_id: str | None = None
    git_sha: str | None = None
    data_version: str | None = None

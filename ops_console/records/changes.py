"""Commits and pull requests, and the release that shipped them first."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope, where


class Change(Envelope, table=True):
    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_external", "external_id", "source", unique=True),
        Index("ix_change_release", "release_id"),
        Index("ix_change_deployment", "deployment", **where("deployment IS NOT NULL")),
        Index("ix_change_git_sha", "git_sha", "entry_id", **where("git_sha IS NOT NULL")),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    release_id: int | None = Field(default=None, foreign_key="release.id", sa_type=BigId)
    repository: str | None = None
    title: str | None = None
    first_commit_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)
    first_review_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    merged_at: datetime | None = Field(default=None, sa_type=Instant)
    deployment: str | None = Field(default=None, max_length=300)
    git_sha: str | None = None
    author: str | None = None
    is_bot: bool | None = None

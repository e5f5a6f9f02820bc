"""Deployments as sources saw them, and the releases we merged them into."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Envelope, Keyed, where

MOMENT = "coalesce(finished_at, started_at, approved_at, requested_at, updated_at)"
"""The instant a roll-out ended, or the latest that is known of it; an index serves exactly this expression."""


AGAIN: dict[str, Any] = {
    "sqlite_where": text("is_first_of_version IS 0"),
    "postgresql_where": text("is_first_of_version IS false"),
}


class Deployment(Envelope, table=True):
    """One witness's view of one roll-out; `release_id` says which release it belongs to."""

    __tablename__ = "deployment"
    __table_args__ = (
        Index("ix_deployment_external", "external_id", "source", unique=True),
        Index("ix_deployment_subject", "entry_id", "version", "environment"),
        Index("ix_deployment_moment", "entry_id", "environment", text(MOMENT)),
        Index("ix_deployment_git_sha", "entry_id", "git_sha"),
        Index("ix_deployment_release", "release_id"),
        Index("ix_deployment_rolls_back", "rolls_back", **where("rolls_back IS NOT NULL")),
        Index("ix_deployment_remediates", "remediates", **where("remediates IS NOT NULL")),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    release_id: int | None = Field(default=None, foreign_key="release.id", sa_type=BigId)
    version: str = Field(max_length=300)
    environment: str = Field(max_length=300)
    status: str = Field(max_length=20)
    kind: str | None = Field(default=None, max_length=20)
    ready_at: datetime | None = Field(default=None, sa_type=Instant)
    requested_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    git_sha: str | None = Field(default=None, max_length=300)
    strategy: str | None = None
    traffic_percent: Decimal | None = Field(default=None, sa_type=Exact)
    actor: str | None = None
    is_bot: bool | None = None
    rolls_back: str | None = Field(default=None, max_length=300)
    remediates: str | None = Field(default=None, max_length=300)


class Release(Keyed, table=True):
    """One version going live in one environment, however many sources saw it.

    `kind` is a `DeploymentKind` told by a source or derived; only `release` and `hotfix` are new versions.
    `live_at` is null while no witness says it succeeded. `live_witness` is the deployment that set `live_at`.
    `told_kind` is the kind its witnesses state; null means that `kind` was derived from what was live before.
    `first_at` and `last_at` span everything the witnesses say of it, failed attempts included.
    """

    __tablename__ = "release"
    __table_args__ = (
        Index("ix_release_live", "environment", "live_at", "entry_id"),
        Index("ix_release_subject", "entry_id", "environment", "live_at", "version"),
        Index("ix_release_version", "entry_id", "environment", "version", "live_at"),
        Index("ix_release_attempts", "entry_id", "environment", "last_at", **where("live_at IS NULL")),
        Index("ix_release_again", "entry_id", "environment", "live_at", **AGAIN),
        Index("ix_release_rolls_back", "rolls_back_id", **where("rolls_back_id IS NOT NULL")),
        Index("ix_release_never_live", "environment", "last_at", **where("live_at IS NULL")),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    environment: str = Field(max_length=300)
    version: str = Field(max_length=300)
    kind: str = Field(max_length=20)
    kind_reason: str = Field(max_length=300)
    told_kind: str | None = Field(default=None, max_length=20)
    status: str = Field(max_length=20)
    ready_at: datetime | None = Field(default=None, sa_type=Instant)
    ready_reason: str | None = Field(default=None, max_length=100)
    requested_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    live_at: datetime | None = Field(default=None, sa_type=Instant)
    first_commit_at: datetime | None = Field(default=None, sa_type=Instant)
    is_first_of_version: bool = True
    rolls_back_id: int | None = Field(default=None, sa_type=BigId)
    remediates: str | None = Field(default=None, max_length=300)
    live_witness: int | None = Field(default=None, sa_type=BigId)
    witnesses: int = 1
    first_at: datetime | None = Field(default=None, sa_type=Instant)
    last_at: datetime | None = Field(default=None, sa_type=Instant)
    url: str | None = None

"""Pipeline runs, the data checks in them, and the steps that flows consist of."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope, Keyed


class PipelineRun(Envelope, table=True):
    """One attempt; `run` is what its attempts share."""

    __tablename__ = "pipeline_run"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_pipeline_run_finished", "finished_at", "entry_id"),
        Index("ix_pipeline_run_subject", "entry_id", "flow", "finished_at"),
        Index("ix_pipeline_run_run", "source", "run"),
    )

    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    pipeline: str = Field(max_length=300)
    run: str | None = Field(default=None, max_length=300)
    flow: str | None = Field(default=None, max_length=20)
    attempt: int | None = None
    trigger: str | None = Field(default=None, max_length=20)
    status: str = Field(max_length=20)
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    nominal_at: datetime | None = Field(default=None, sa_type=Instant)


class QualityCheck(Envelope, table=True):
    """One check; `pipeline_run` is the external id of the attempt it was made in."""

    __tablename__ = "quality_check"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_quality_check_run", "source", "pipeline_run"),
        Index("ix_quality_check_subject", "entry_id", "checked_at"),
    )

    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    pipeline_run: str = Field(max_length=300)
    name: str = Field(max_length=300)
    dataset: str | None = Field(default=None, max_length=300)
    column: str | None = Field(default=None, max_length=300)
    blocking: bool = True
    outcome: str = Field(max_length=20)
    checked_at: datetime = Field(sa_type=Instant)
    ticket: str | None = Field(default=None, max_length=300)


class Gate(Keyed, table=True):
    """What the first evaluation of a run's blocking checks said, over all attempts of the run: a re-run that passes
    hides no failure. `ended_at` is the end of that first evaluation.
    """

    __tablename__ = "gate"
    __table_args__ = (
        UniqueConstraint("source", "run"),
        Index("ix_gate_ended", "ended_at", "entry_id"),
    )

    source: str = Field(max_length=100)
    run: str = Field(max_length=300)
    entry_id: int | None = Field(default=None, foreign_key="catalog_entry.id", sa_type=BigId)
    ended_at: datetime = Field(sa_type=Instant)
    checks: int
    failed: int
    errored: int
    with_ticket: int
    passed: bool


class Step(Envelope, table=True):
    """A step that exists in `[added_at, removed_at)` and runs by itself from `automated_since` on."""

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_step_subject", "entry_id", "added_at"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    name: str = Field(max_length=300)
    flow: str = Field(max_length=20)
    added_at: datetime = Field(sa_type=Instant)
    automated_since: datetime | None = Field(default=None, sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)
    human_approval: bool = False
    evidence: str | None = None
    reviewed_at: datetime | None = Field(default=None, sa_type=Instant)

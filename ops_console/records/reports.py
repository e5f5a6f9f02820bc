"""Reports that were made, frozen, and where each went."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Json, Keyed


class ReportRun(Keyed, table=True):
    """One report for one period, frozen: `snapshot` never changes once made, `snapshot_hash` proves it.

    States: queued, collecting, held, sending, sent, partly_sent, failed, skipped.
    """

    __tablename__ = "report_run"
    __table_args__ = (UniqueConstraint("report", "period", "revision"),)

    report: str = Field(max_length=100)
    period: str = Field(max_length=30)
    revision: int = 1
    state: str = Field(max_length=20)
    reason: str = ""
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    is_late: bool = False
    made_at: datetime = Field(sa_type=Instant)
    made_by: str = Field(max_length=300)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    snapshot: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    snapshot_hash: str = Field(max_length=64)


class SentFigure(Keyed, table=True):
    """One figure of a run, beside the snapshot that holds them all, so that a page can ask what was said of a period.

    Written with the run and never changed; it counts from the run's first delivery that arrived. `window` and the units
    are those of `ScorecardPoint`; `said` is the figure as the report words it, `figure` the same without what the state
    of the data added.
    """

    __tablename__ = "sent_figure"
    __table_args__ = (
        UniqueConstraint("run_id", "kpi", "scope_kind", "scope_key", "window"),
        Index("ix_sent_figure_period", "kpi", "scope_kind", "scope_key", "starts_at"),
    )

    run_id: int = Field(foreign_key="report_run.id", sa_type=BigId)
    kpi: str = Field(max_length=50)
    scope_kind: str = Field(max_length=20)
    scope_key: str = Field(default="", max_length=300)
    grain: str = Field(max_length=10)
    starts_at: datetime = Field(sa_type=Instant)
    window: str = Field(max_length=10)
    value: float | None = None
    k: Decimal | None = Field(default=None, sa_type=Exact)
    n: Decimal | None = Field(default=None, sa_type=Exact)
    said: str
    figure: str


class Delivery(Keyed, table=True):
    """One run × channel × recipient. Claimed by compare-and-swap before the send, settled after it.

    States: pending, sending, delivered, failed, unknown (a crash between claim and settlement). `token` names the
    delivery to vendors and in the link that stops further reports. `told_at`: when the owner heard that it failed.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("run_id", "channel", "recipient"),
        UniqueConstraint("token"),
        Index("ix_delivery_state", "state", "next_attempt_at"),
    )

    run_id: int = Field(foreign_key="report_run.id", sa_type=BigId)
    channel: str = Field(max_length=50)
    recipient: str = Field(max_length=300)
    state: str = Field(max_length=20)
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=Instant)
    claimed_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    receipt: str | None = None
    error: str | None = None
    token: str = Field(max_length=40)
    told_at: datetime | None = Field(default=None, sa_type=Instant)


class OptOut(Keyed, table=True):
    """A recipient who asked for no more reports, by the link in one of them."""

    __tablename__ = "opt_out"
    __table_args__ = (UniqueConstraint("channel", "recipient"),)

    channel: str = Field(max_length=50)
    recipient: str = Field(max_length=300)
    asked_at: datetime = Field(sa_type=Instant)

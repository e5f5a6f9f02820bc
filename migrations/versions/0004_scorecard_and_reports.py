"""Points, targets, reports, deliveries, jobs.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "job_run",
    "opt_out",
    "outdated",
    "report_run",
    "scorecard_point",
    "target",
    "delivery",
)


def upgrade() -> None:
    job_run()
    opt_out()
    outdated()
    report_run()
    scorecard_point()
    target()
    delivery()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def job_run() -> None:
    op.create_table(
        "job_run",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("job", sa.String(100), nullable=False),
        sa.Column("slot", sa.String(100), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("outcome", sa.String(20)),
        sa.Column("error", sa.String()),
        sa.UniqueConstraint("job", "slot"),
    )


def opt_out() -> None:
    op.create_table(
        "opt_out",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("recipient", sa.String(300), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.UniqueConstraint("channel", "recipient"),
    )


def outdated() -> None:
    op.create_table(
        "outdated",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("to_at", Instant(), nullable=False),
        sa.Column("marked_at", Instant(), nullable=False),
    )


def report_run() -> None:
    op.create_table(
        "report_run",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("report", sa.String(100), nullable=False),
        sa.Column("period", sa.String(30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("due_at", Instant()),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("sent_at", Instant()),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("snapshot_hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("report", "period", "revision"),
    )


def scorecard_point() -> None:
    op.create_table(
        "scorecard_point",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("scope_kind", sa.String(20), nullable=False),
        sa.Column("scope_key", sa.String(300), nullable=False),
        sa.Column("grain", sa.String(10), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("window", sa.String(10), nullable=False),
        sa.Column("window_days", sa.Integer()),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("k", Exact()),
        sa.Column("n", Exact()),
        sa.Column("spread", Json),
        sa.Column("detail", Json),
        sa.Column("excluded", Json),
        sa.Column("coverage_known", sa.Integer()),
        sa.Column("coverage_expected", sa.Integer()),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("kpi", "scope_kind", "scope_key", "grain", "window", "starts_at"),
    )
    op.create_index("ix_scorecard_point_period", "scorecard_point", ["kpi", "grain", "starts_at"])


def target() -> None:
    op.create_table(
        "target",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("scope_kind", sa.String(20), nullable=False),
        sa.Column("scope_key", sa.String(300), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("low", sa.Float()),
        sa.Column("high", sa.Float()),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(300), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("ix_target_kpi", "target", ["kpi", "from_at"])


def delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("run_id", BigId, sa.ForeignKey("report_run.id"), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("recipient", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant()),
        sa.Column("claimed_at", Instant()),
        sa.Column("settled_at", Instant()),
        sa.Column("receipt", sa.String()),
        sa.Column("error", sa.String()),
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("told_at", Instant()),
        sa.UniqueConstraint("run_id", "channel", "recipient"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_delivery_state", "delivery", ["state", "next_attempt_at"])

"""What people write beside charts, baselines they start, and figures that reports said.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Exact, Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "annotation",
    "baseline",
    "sent_figure",
)


def upgrade() -> None:
    annotation()
    baseline()
    sent_figure()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def annotation() -> None:
    op.create_table(
        "annotation",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("scope_kind", sa.String(20), nullable=False),
        sa.Column("scope_key", sa.String(300), nullable=False),
        sa.Column("kpi", sa.String(50)),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant()),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("withdrawn_by", sa.String(300)),
        sa.Column("withdrawn_at", Instant()),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.Column("replaced_by", BigId),
    )
    op.create_index("ix_annotation_from", "annotation", ["from_at"])


def baseline() -> None:
    op.create_table(
        "baseline",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("scope_kind", sa.String(20), nullable=False),
        sa.Column("scope_key", sa.String(300), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(300), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("withdrawn_by", sa.String(300)),
        sa.Column("withdrawn_at", Instant()),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
    )
    op.create_index("ix_baseline_kpi", "baseline", ["kpi", "from_at"])


def sent_figure() -> None:
    op.create_table(
        "sent_figure",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("run_id", BigId, sa.ForeignKey("report_run.id"), nullable=False),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("scope_kind", sa.String(20), nullable=False),
        sa.Column("scope_key", sa.String(300), nullable=False),
        sa.Column("grain", sa.String(10), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("window", sa.String(10), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("k", Exact()),
        sa.Column("n", Exact()),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.UniqueConstraint("run_id", "kpi", "scope_kind", "scope_key", "window"),
    )
    op.create_index("ix_sent_figure_period", "sent_figure", ["kpi", "scope_kind", "scope_key", "starts_at"])

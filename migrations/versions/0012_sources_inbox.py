"""Sources that bring facts by themselves, runs of asking them, and the inbox of what they send.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from ops_console.core.columns import BigId, Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")
TABLES = ("source", "sync_run", "inbox_delivery")


def upgrade() -> None:
    source()
    sync_run()
    inbox_delivery()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def source() -> None:
    op.create_table(
        "source",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("integration", sa.String(50), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("secrets", Json, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("cursor", Json, nullable=False),
        sa.Column("is_reread", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("error", sa.String()),
        sa.Column("remedy", sa.String()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("claim", sa.String(32)),
        sa.Column("claimed_until", Instant()),
        sa.Column("last_good_at", Instant()),
        sa.Column("covers_until", Instant()),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("name"),
    )


def sync_run() -> None:
    op.create_table(
        "sync_run",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source_id", BigId, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("error", sa.String()),
        sa.Column("remedy", sa.String()),
    )
    op.create_index("ix_sync_run_source", "sync_run", ["source_id", "began_at"])


def inbox_delivery() -> None:
    op.create_table(
        "inbox_delivery",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source_id", BigId, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("delivery_id", sa.String(300), nullable=False),
        sa.Column("event", sa.String(100), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("processed_at", Instant()),
        sa.UniqueConstraint("source_id", "delivery_id"),
    )
    op.create_index("ix_inbox_delivery_received", "inbox_delivery", ["source_id", "received_at"])
    op.create_index("ix_inbox_delivery_state", "inbox_delivery", ["source_id", "state", "id"])

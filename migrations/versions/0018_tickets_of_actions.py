"""Tickets of actions, and how keeping both in step goes.

Revision 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    action_link()
    tracker_round()


def downgrade() -> None:
    op.drop_table("tracker_round")
    op.drop_table("action_link")


def action_link() -> None:
    op.create_table(
        "action_link",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("action_id", BigId, sa.ForeignKey("action.id"), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("marker", sa.String(100), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("asked_at", Instant()),
        sa.Column("here", Json, nullable=False),
        sa.Column("there", Json, nullable=False),
        sa.Column("clashes", Json, nullable=False),
        sa.Column("action_revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant()),
        sa.Column("seen_at", Instant()),
        sa.Column("due_at", Instant()),
        sa.Column("trouble", sa.String()),
        sa.Column("remedy", sa.String()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("action_id"),
        sa.UniqueConstraint("marker"),
    )
    op.create_index("ix_action_link_ticket", "action_link", ["source", "number"])
    op.create_index("ix_action_link_seen", "action_link", ["source", "seen_at"])


def tracker_round() -> None:
    op.create_table(
        "tracker_round",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("searched_at", Instant()),
        sa.Column("inbox_id", BigId, nullable=False),
        sa.Column("people", Json, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("claimed_until", Instant()),
        sa.Column("trouble", sa.String()),
        sa.Column("remedy", sa.String()),
        sa.Column("last_good_at", Instant()),
        sa.UniqueConstraint("source"),
    )

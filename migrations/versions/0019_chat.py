"""What people ask from where they talk, and messages on the timelines of incidents.

Revision 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from ops_console.core.columns import BigId, Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "chat_call",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("integration", sa.String(100), nullable=False),
        sa.Column("call_id", sa.String(100), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("asked", Json),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("taken_at", Instant()),
        sa.Column("outcome", Json),
        sa.Column("reason", sa.Text()),
        sa.Column("ended_at", Instant()),
        sa.UniqueConstraint("integration", "call_id"),
    )
    op.create_index("ix_chat_call_state", "chat_call", ["state", "received_at"])
    op.create_table(
        "incident_message",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("origin", sa.String(100), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("incident_id", "origin"),
    )


def downgrade() -> None:
    op.drop_table("incident_message")
    op.drop_index("ix_chat_call_state", table_name="chat_call")
    op.drop_table("chat_call")

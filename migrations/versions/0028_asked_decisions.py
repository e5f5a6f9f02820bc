"""Decisions that the team asks for, with who decides and by when.

Revision 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_decision",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant()),
    )
    op.create_index("ix_asked_decision_due", "asked_decision", ["state", "due_on"])
    op.create_index("ix_asked_decision_closed", "asked_decision", ["closed_at"])


def downgrade() -> None:
    op.drop_table("asked_decision")

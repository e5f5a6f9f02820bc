"""What people entered by hand, version by version.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manual_fact",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.Column("person", sa.String(300)),
        sa.Column("entered_by", sa.String(300), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_manual_fact_kind", "manual_fact", ["kind", "external_id"])


def downgrade() -> None:
    op.drop_table("manual_fact")

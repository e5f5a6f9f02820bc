"""Since when exceptions are waived, so that a waiver given today changes nothing of last month.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiver",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("finding_id", BigId, sa.ForeignKey("finding.id"), nullable=False),
        sa.Column("stated_at", Instant(), nullable=False),
        sa.Column("until_at", Instant()),
        sa.UniqueConstraint("finding_id", "stated_at"),
    )
    # Nobody knows since when these hold: figures of earlier months stay as they were.
    known = "SELECT id, first_seen_at, waived_at FROM finding WHERE waived_at IS NOT NULL"
    op.execute(f"INSERT INTO waiver (finding_id, stated_at, until_at) {known}")


def downgrade() -> None:
    op.drop_table("waiver")

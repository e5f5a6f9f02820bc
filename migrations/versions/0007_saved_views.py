"""Saved views and the page an account sees first.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("account_id", "name"),
    )
    op.create_table(
        "landing_page",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("view_id", BigId, sa.ForeignKey("saved_view.id"), nullable=False),
        sa.UniqueConstraint("account_id"),
    )
    op.create_index("ix_landing_page_view_id", "landing_page", ["view_id"])


def downgrade() -> None:
    op.drop_table("landing_page")
    op.drop_table("saved_view")

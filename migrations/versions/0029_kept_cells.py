"""What figures are made of, in weeks that no fact has touched since.

Revision 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_cells",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.UniqueConstraint("kpi", "source", "starts_at"),
    )


def downgrade() -> None:
    op.drop_table("kept_cells")

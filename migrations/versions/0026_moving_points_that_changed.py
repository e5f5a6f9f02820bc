"""Figures that move with the clock are written again where they differ; the workspace's row alone says when they were
looked at. What was kept is made anew with the next refresh.

Revision 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import Instant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM moving_point")
    with op.batch_alter_table("moving_point") as batch:
        batch.add_column(sa.Column("fingerprint", sa.BigInteger(), nullable=False))
        batch.alter_column("at", existing_type=Instant(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM moving_point")
    with op.batch_alter_table("moving_point") as batch:
        batch.drop_column("fingerprint")
        batch.alter_column("at", existing_type=Instant(), nullable=False)

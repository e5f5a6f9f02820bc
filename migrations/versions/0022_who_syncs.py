"""Which process holds a source.

Revision 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("claimed_by", sa.String(300)))


def downgrade() -> None:
    op.drop_column("source", "claimed_by")

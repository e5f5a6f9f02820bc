"""Pieces of facts that a source tells bit by bit, put together as they come.

Revision 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from ops_console.core.columns import BigId, Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Json = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "fact_piece",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("piece", sa.String(300), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("begins", Json, nullable=False),
        sa.Column("says", Json, nullable=False),
        sa.UniqueConstraint("source", "kind", "external_id", "piece"),
    )


def downgrade() -> None:
    op.drop_table("fact_piece")

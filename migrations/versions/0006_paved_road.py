"""Paved-road criteria and their proofs; what people say of a model; monitors, rollback tests, dependencies.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("catalog_entry", sa.Column("monitors", Json, nullable=False, server_default="[]"))
    op.add_column("catalog_entry", sa.Column("rollback_tested_on", sa.Date()))
    op.add_column("catalog_entry", sa.Column("depends_on", Json, nullable=False, server_default="[]"))
    op.add_column("catalog_statement", sa.Column("made_by", sa.String(300)))
    op.add_column("catalog_statement", sa.Column("reason", sa.String(), nullable=False, server_default=""))
    criterion()
    proof()


def downgrade() -> None:
    op.drop_table("proof")
    op.drop_table("criterion")
    for table, columns in (
        ("catalog_statement", ("reason", "made_by")),
        ("catalog_entry", ("depends_on", "rollback_tested_on", "monitors")),
    ):
        for column in columns:
            op.drop_column(table, column)


def criterion() -> None:
    op.create_table(
        "criterion",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("proof", sa.String(300), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(300), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.UniqueConstraint("key", "from_at", "set_at"),
    )
    op.create_index("ix_criterion_in_force", "criterion", ["from_at", "until_at"])


def proof() -> None:
    op.create_table(
        "proof",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("what", sa.String(110), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_to", Instant(), nullable=False),
        sa.UniqueConstraint("entry_id", "what", "valid_from"),
    )

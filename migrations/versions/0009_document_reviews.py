"""What documents said at each of their reviews, so that a review of today changes nothing of a year ago.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SAID = "reviewed_at, version, fields_present, complete_for_tier, updated_at"


def upgrade() -> None:
    op.create_table(
        "document_review",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("document_id", BigId, sa.ForeignKey("document.id"), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=False),
        sa.Column("version", sa.String(300)),
        sa.Column("fields_present", Json, nullable=False),
        sa.Column("complete_for_tier", sa.Integer()),
        sa.Column("updated_at", Instant()),
        sa.UniqueConstraint("document_id", "reviewed_at"),
    )
    known = f"SELECT id, {SAID} FROM document WHERE reviewed_at IS NOT NULL"  # noqa: S608  (names of ours)
    op.execute(f"INSERT INTO document_review (document_id, {SAID}) {known}")


def downgrade() -> None:
    op.drop_table("document_review")

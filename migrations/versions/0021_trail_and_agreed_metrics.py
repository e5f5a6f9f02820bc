"""The trail of decisions, found by time and by person; the metric a model is judged by, as it was.

Revision 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_by", "audit_entry", ["by", "at"])
    op.add_column("catalog_interval", sa.Column("primary_metric", sa.String()))
    # What was agreed before is in the statements; the next one about a model brings its whole history in.
    op.execute(
        "UPDATE catalog_interval SET primary_metric ="
        " (SELECT primary_metric FROM catalog_entry WHERE catalog_entry.id = catalog_interval.entry_id)"
    )


def downgrade() -> None:
    op.drop_column("catalog_interval", "primary_metric")
    op.drop_index("ix_audit_entry_by", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry")

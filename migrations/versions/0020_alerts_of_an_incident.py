"""Alerts found by the incident they led to.

Revision 0020, after 0019.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_alert_incident", "alert", ["incident", "source"])


def downgrade() -> None:
    op.drop_index("ix_alert_incident", table_name="alert")

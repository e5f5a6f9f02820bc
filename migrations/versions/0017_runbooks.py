"""Runbooks: who keeps each, when it was tested and used.

Revision 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "runbook",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column("owner", sa.String(300)),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("url"),
    )
    op.create_table(
        "runbook_event",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("runbook_id", BigId, sa.ForeignKey("runbook.id"), nullable=False),
        sa.Column("happened", sa.String(20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id")),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_runbook_event_runbook", "runbook_event", ["runbook_id", "happened", "on"])
    op.create_index("ix_runbook_event_incident", "runbook_event", ["incident_id"])


def downgrade() -> None:
    op.drop_table("runbook_event")
    op.drop_table("runbook")

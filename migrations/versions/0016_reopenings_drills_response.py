"""Incidents that broke again, that were played, or that another source told too; notes and roles of the response.

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ADDED = ("reopenings", "reopened_ms", "reopened_at", "duplicate_source", "drill")
OPEN_AGAIN = sa.text("reopened_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("incident", sa.Column("reopenings", Json, nullable=False, server_default="[]"))
    op.add_column("incident", sa.Column("reopened_ms", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("incident", sa.Column("reopened_at", Instant()))
    op.add_column("incident", sa.Column("duplicate_source", sa.String(100)))
    op.add_column("incident", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_incident_reopened", "incident", ["began_at"], sqlite_where=OPEN_AGAIN, postgresql_where=OPEN_AGAIN
    )
    incident_note()
    incident_role()


def downgrade() -> None:
    op.drop_table("incident_role")
    op.drop_table("incident_note")
    op.drop_index("ix_incident_reopened", "incident")
    for column in reversed(ADDED):
        op.drop_column("incident", column)


def incident_note() -> None:
    op.create_table(
        "incident_note",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(300)),
        sa.Column("changed_at", Instant()),
        sa.Column("removed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_incident_note_incident", "incident_note", ["incident_id"])


def incident_role() -> None:
    op.create_table(
        "incident_role",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("person", sa.String(300), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_incident_role_incident", "incident_role", ["incident_id"])

"""Indexes of what changes and incidents name hold those alone that name something.

Revision 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_change_deployment": ("change", ["deployment"]),
    "ix_change_git_sha": ("change", ["git_sha", "entry_id"]),
    "ix_incident_caused_by": ("incident", ["caused_by", "entry_id"]),
}


def upgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        told = sa.text(f"{columns[0]} IS NOT NULL")
        op.drop_index(name, table)
        op.create_index(name, table, columns, sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    for name, (table, columns) in INDEXES.items():
        op.drop_index(name, table)
        op.create_index(name, table, columns)

"""PostgreSQL keeps what figures tell besides their value as text, which it need not take apart.

Revision 0030, after 0029. SQLite has no other way to keep JSON.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = ("scorecard_point", "moving_point")
COLUMNS = ("spread", "detail", "excluded")


def upgrade() -> None:
    _keep_as("text")


def downgrade() -> None:
    _keep_as("jsonb")


def _keep_as(kind: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    changes = ", ".join(f"ALTER COLUMN {name} TYPE {kind} USING {name}::{kind}" for name in COLUMNS)
    for table in TABLES:  # each written anew once, and not for every column
        op.execute(f"ALTER TABLE {table} {changes}")

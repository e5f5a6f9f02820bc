"""One unique index finds a fact by its name alone and by name and source, where two did.

Revision 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("incident", "model_version", "change", "deployment")
KEY = ["source", "external_id"]
NAMING = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}
"""How PostgreSQL named the constraints; SQLite's have no name."""
EXPRESSIONS = {
    "ix_model_version_made": (
        "model_version",
        ["entry_id", "coalesce(created_at, ready_at, updated_at, ingested_at)"],
        "deleted_at IS NULL",
    ),
    "ix_deployment_moment": (
        "deployment",
        ["entry_id", "environment", "coalesce(finished_at, started_at, approved_at, requested_at, updated_at)"],
        None,
    ),
}
"""Indexes that a copied table would lose: SQLite does not tell what they are over."""


def upgrade() -> None:
    _drop_expressions()
    for table in TABLES:
        with op.batch_alter_table(table, naming_convention=NAMING) as batch:
            batch.drop_index(f"ix_{table}_external")
            batch.drop_constraint(f"{table}_source_external_id_key", type_="unique")
            batch.create_index(f"ix_{table}_external", KEY[::-1], unique=True)
    _create_expressions()


def downgrade() -> None:
    _drop_expressions()
    for table in TABLES:
        with op.batch_alter_table(table, naming_convention=NAMING) as batch:
            batch.drop_index(f"ix_{table}_external")
            batch.create_unique_constraint(f"{table}_source_external_id_key", KEY)
            batch.create_index(f"ix_{table}_external", ["external_id"])
    _create_expressions()


def _drop_expressions() -> None:
    for name, (table, _, _) in EXPRESSIONS.items():
        op.drop_index(name, table)


def _create_expressions() -> None:
    for name, (table, columns, condition) in EXPRESSIONS.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, table, [sa.text(each) for each in columns], sqlite_where=where, postgresql_where=where)

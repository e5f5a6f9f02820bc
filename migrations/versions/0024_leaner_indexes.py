"""Indexes hold what is asked of releases and versions, so that there is less to write, and less to read again.

Revision 0024, after 0023.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

GROUP = ["entry_id", "environment"]
MADE = sa.text("coalesce(created_at, ready_at, updated_at, ingested_at)")


def upgrade() -> None:
    op.drop_index("ix_release_span", "release")
    _index("ix_release_attempts", "release", [*GROUP, "last_at"], "live_at IS NULL")
    op.create_index(
        "ix_release_again",
        "release",
        [*GROUP, "live_at"],
        sqlite_where=sa.text("is_first_of_version IS 0"),
        postgresql_where=sa.text("is_first_of_version IS false"),
    )
    _index("ix_model_version_made", "model_version", ["entry_id", MADE], "deleted_at IS NULL")
    _index("ix_model_version_left", "model_version", ["entry_id"], "deleted_at IS NOT NULL")


def _index(name: str, table: str, columns: list[Any], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_model_version_left", "model_version")
    op.drop_index("ix_model_version_made", "model_version")
    op.drop_index("ix_release_again", "release")
    op.drop_index("ix_release_attempts", "release")
    op.create_index("ix_release_span", "release", [*GROUP, "last_at"])

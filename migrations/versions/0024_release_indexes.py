"""Indexes of releases hold what is asked of them, so that there is less to write with each.

Revision 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

GROUP = ["entry_id", "environment"]


def upgrade() -> None:
    op.drop_index("ix_release_span", "release")
    never = sa.text("live_at IS NULL")
    op.create_index("ix_release_attempts", "release", [*GROUP, "last_at"], sqlite_where=never, postgresql_where=never)
    op.create_index(
        "ix_release_again",
        "release",
        [*GROUP, "live_at"],
        sqlite_where=sa.text("is_first_of_version IS 0"),
        postgresql_where=sa.text("is_first_of_version IS false"),
    )


def downgrade() -> None:
    op.drop_index("ix_release_again", "release")
    op.drop_index("ix_release_attempts", "release")
    op.create_index("ix_release_span", "release", [*GROUP, "last_at"])

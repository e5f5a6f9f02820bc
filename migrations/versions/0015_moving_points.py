"""Figures that move with the clock, as they stood a moment ago; pages found without looking at tickets.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from ops_console.core.columns import BigId, Exact, Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "moving_point",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("aspect", sa.String(20), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("scope_kind", sa.String(20), nullable=False),
        sa.Column("scope_key", sa.String(300), nullable=False),
        sa.Column("grain", sa.String(10), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("k", Exact()),
        sa.Column("n", Exact()),
        sa.Column("spread", Json),
        sa.Column("detail", Json),
        sa.Column("excluded", Json),
        sa.Column("coverage_known", sa.Integer()),
        sa.Column("coverage_expected", sa.Integer()),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("kpi", "aspect", "grain", "starts_at", "scope_kind", "scope_key"),
    )
    op.create_index("ix_alert_class", "alert", ["class", "started_at"])


def downgrade() -> None:
    op.drop_index("ix_alert_class", table_name="alert")
    op.drop_table("moving_point")

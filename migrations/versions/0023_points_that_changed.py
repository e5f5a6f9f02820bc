"""Points that come out the same are not written again; that a KPI was computed is known where it has no point.

Revision 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "scorecard_point", sa.Column("fingerprint", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    op.create_table(
        "computed_kpi",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("kpi", sa.String(50), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("kpi"),
    )
    # What has points was computed up to the newest of them; the next refresh follows on from there.
    op.execute(
        "INSERT INTO computed_kpi (kpi, definition_version, at)"
        " SELECT kpi, MAX(definition_version), MAX(starts_at) FROM scorecard_point"
        " WHERE scope_kind = 'workspace' GROUP BY kpi"
    )


def downgrade() -> None:
    op.drop_table("computed_kpi")
    op.drop_column("scorecard_point", "fingerprint")

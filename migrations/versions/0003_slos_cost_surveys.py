"""Service levels, cost, budgets, surveys.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "cost_partition",
    "survey_response",
    "budget",
    "cost",
    "slo",
    "sli_slice",
    "slo_version",
)


def upgrade() -> None:
    cost_partition()
    survey_response()
    budget()
    cost()
    slo()
    sli_slice()
    slo_version()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def cost_partition() -> None:
    op.create_table(
        "cost_partition",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("billing_period", sa.String(10), nullable=False),
        sa.Column("part", sa.String(300), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("billed", Exact(), nullable=False),
        sa.Column("effective", Exact()),
        sa.Column("previous_billed", Exact()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("quality", Json, nullable=False),
        sa.Column("imported_at", Instant(), nullable=False),
        sa.UniqueConstraint("source", "billing_period", "part"),
    )


def survey_response() -> None:
    op.create_table(
        "survey_response",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("survey", sa.String(300), nullable=False),
        sa.Column("wave", sa.String(300), nullable=False),
        sa.Column("group", sa.String(300)),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("score", Exact()),
        sa.Column("scale_min", Exact()),
        sa.Column("scale_max", Exact()),
        sa.Column("comment", sa.String()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("anchored_at", Instant()),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_survey_response_anchor", "survey_response", ["anchored_at"])
    op.create_index("ix_survey_response_wave", "survey_response", ["survey", "wave", "question"])


def budget() -> None:
    op.create_table(
        "budget",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("scope", sa.String(300), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_budget_period", "budget", ["starts_at", "ends_at"])


def cost() -> None:
    op.create_table(
        "cost",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("partition_id", BigId, sa.ForeignKey("cost_partition.id"), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("charged_at", Instant(), nullable=False),
        sa.Column("charge_day", sa.Date(), nullable=False),
        sa.Column("billing_period", sa.String(10), nullable=False),
        sa.Column("provider", sa.String(300), nullable=False),
        sa.Column("service_name", sa.String(300)),
        sa.Column("service_category", sa.String(300)),
        sa.Column("sub_account", sa.String(300)),
        sa.Column("charge_category", sa.String(100), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(30)),
        sa.Column("team", sa.String(300)),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("billed", Exact(), nullable=False),
        sa.Column("effective", Exact()),
        sa.Column("listed", Exact()),
    )
    op.create_index("ix_cost_charged", "cost", ["charged_at", "entry_id"])
    op.create_index("ix_cost_entry", "cost", ["entry_id", "charge_day"])
    op.create_index("ix_cost_partition", "cost", ["partition_id"])


def slo() -> None:
    op.create_table(
        "slo",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("objective_percent", Exact(), nullable=False),
        sa.Column("objective_ppm", sa.Integer(), nullable=False),
        sa.Column("window", sa.String()),
        sa.Column("calendar", sa.Boolean()),
        sa.Column("sli", sa.String()),
        sa.Column("budgeting", sa.String(20), nullable=False),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_slo_subject", "slo", ["entry_id"])


def sli_slice() -> None:
    op.create_table(
        "sli_slice",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("slo_id", BigId, sa.ForeignKey("slo.id"), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("good_micro", sa.BigInteger(), nullable=False),
        sa.Column("total_micro", sa.BigInteger(), nullable=False),
        sa.Column("covered_seconds", sa.Integer(), nullable=False),
        sa.UniqueConstraint("slo_id", "started_at", "seconds"),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_sli_slice_started", "sli_slice", ["started_at", "slo_id"])


def slo_version() -> None:
    op.create_table(
        "slo_version",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("slo_id", BigId, sa.ForeignKey("slo.id"), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_to", Instant(), nullable=False),
        sa.Column("objective_ppm", sa.Integer(), nullable=False),
        sa.UniqueConstraint("slo_id", "valid_from"),
    )

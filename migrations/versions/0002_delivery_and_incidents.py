"""Versions, deployments, releases, changes, incidents.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Exact, Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "incident",
    "model_version",
    "release",
    "change",
    "deployment",
    "incident_link",
)


def upgrade() -> None:
    incident()
    model_version()
    release()
    change()
    deployment()
    incident_link()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("severity", sa.String(10)),
        sa.Column("status", sa.String(20)),
        sa.Column("kind", sa.String(20)),
        sa.Column("impact_started_at", Instant()),
        sa.Column("detected_at", Instant()),
        sa.Column("acknowledged_at", Instant()),
        sa.Column("mitigated_at", Instant()),
        sa.Column("restored_at", Instant()),
        sa.Column("resolved_at", Instant()),
        sa.Column("began_at", Instant()),
        sa.Column("caused_by", sa.String(300)),
        sa.Column("duplicate_of", sa.String(300)),
        sa.Column("false_positive", sa.Boolean(), nullable=False),
        sa.Column("maintenance", sa.Boolean(), nullable=False),
        sa.Column("mitigation", sa.String(30)),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_incident_began", "incident", ["began_at"])
    op.create_index("ix_incident_caused_by", "incident", ["caused_by", "entry_id"])
    op.create_index(
        "ix_incident_duplicate_of",
        "incident",
        ["source", "duplicate_of", "began_at"],
        sqlite_where=sa.text("duplicate_of IS NOT NULL"),
        postgresql_where=sa.text("duplicate_of IS NOT NULL"),
    )
    op.create_index("ix_incident_external", "incident", ["external_id"])
    op.create_index(
        "ix_incident_open",
        "incident",
        ["began_at"],
        sqlite_where=sa.text("restored_at IS NULL"),
        postgresql_where=sa.text("restored_at IS NULL"),
    )
    op.create_index("ix_incident_restored", "incident", ["restored_at"])
    op.create_index("ix_incident_subject", "incident", ["entry_id", "began_at"])


def model_version() -> None:
    op.create_table(
        "model_version",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("version", sa.String(300), nullable=False),
        sa.Column("created_at", Instant()),
        sa.Column("ready_at", Instant()),
        sa.Column("digest", sa.String()),
        sa.Column("run_id", sa.String()),
        sa.Column("git_sha", sa.String()),
        sa.Column("data_version", sa.String()),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_model_version_external", "model_version", ["external_id"])
    op.create_index("ix_model_version_subject", "model_version", ["entry_id", "version"])


def release() -> None:
    op.create_table(
        "release",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("environment", sa.String(300), nullable=False),
        sa.Column("version", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("kind_reason", sa.String(300), nullable=False),
        sa.Column("told_kind", sa.String(20)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("ready_at", Instant()),
        sa.Column("ready_reason", sa.String(100)),
        sa.Column("requested_at", Instant()),
        sa.Column("approved_at", Instant()),
        sa.Column("started_at", Instant()),
        sa.Column("live_at", Instant()),
        sa.Column("first_commit_at", Instant()),
        sa.Column("is_first_of_version", sa.Boolean(), nullable=False),
        sa.Column("rolls_back_id", BigId),
        sa.Column("remediates", sa.String(300)),
        sa.Column("live_witness", BigId),
        sa.Column("witnesses", sa.Integer(), nullable=False),
        sa.Column("first_at", Instant()),
        sa.Column("last_at", Instant()),
        sa.Column("url", sa.String()),
    )
    op.create_index("ix_release_live", "release", ["environment", "live_at", "entry_id"])
    op.create_index(
        "ix_release_never_live",
        "release",
        ["environment", "last_at"],
        sqlite_where=sa.text("live_at IS NULL"),
        postgresql_where=sa.text("live_at IS NULL"),
    )
    op.create_index(
        "ix_release_rolls_back",
        "release",
        ["rolls_back_id"],
        sqlite_where=sa.text("rolls_back_id IS NOT NULL"),
        postgresql_where=sa.text("rolls_back_id IS NOT NULL"),
    )
    op.create_index("ix_release_span", "release", ["entry_id", "environment", "last_at"])
    op.create_index("ix_release_subject", "release", ["entry_id", "environment", "live_at", "version"])
    op.create_index("ix_release_version", "release", ["entry_id", "environment", "version", "live_at"])


def change() -> None:
    op.create_table(
        "change",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("release_id", BigId, sa.ForeignKey("release.id")),
        sa.Column("repository", sa.String()),
        sa.Column("title", sa.String()),
        sa.Column("first_commit_at", Instant()),
        sa.Column("opened_at", Instant()),
        sa.Column("first_review_at", Instant()),
        sa.Column("approved_at", Instant()),
        sa.Column("merged_at", Instant()),
        sa.Column("deployment", sa.String(300)),
        sa.Column("git_sha", sa.String()),
        sa.Column("author", sa.String()),
        sa.Column("is_bot", sa.Boolean()),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_change_deployment", "change", ["deployment"])
    op.create_index("ix_change_external", "change", ["external_id"])
    op.create_index("ix_change_git_sha", "change", ["git_sha", "entry_id"])
    op.create_index("ix_change_release", "change", ["release_id"])


def deployment() -> None:
    op.create_table(
        "deployment",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("release_id", BigId, sa.ForeignKey("release.id")),
        sa.Column("version", sa.String(300), nullable=False),
        sa.Column("environment", sa.String(300), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20)),
        sa.Column("ready_at", Instant()),
        sa.Column("requested_at", Instant()),
        sa.Column("approved_at", Instant()),
        sa.Column("started_at", Instant()),
        sa.Column("finished_at", Instant()),
        sa.Column("git_sha", sa.String(300)),
        sa.Column("strategy", sa.String()),
        sa.Column("traffic_percent", Exact()),
        sa.Column("actor", sa.String()),
        sa.Column("is_bot", sa.Boolean()),
        sa.Column("rolls_back", sa.String(300)),
        sa.Column("remediates", sa.String(300)),
        sa.UniqueConstraint("source", "external_id"),
    )
    op.create_index("ix_deployment_external", "deployment", ["external_id"])
    op.create_index("ix_deployment_git_sha", "deployment", ["entry_id", "git_sha"])
    op.create_index(
        "ix_deployment_moment",
        "deployment",
        [
            "entry_id",
            "environment",
            sa.text("coalesce(finished_at, started_at, approved_at, requested_at, updated_at)"),
        ],
    )
    op.create_index("ix_deployment_release", "deployment", ["release_id"])
    op.create_index(
        "ix_deployment_remediates",
        "deployment",
        ["remediates"],
        sqlite_where=sa.text("remediates IS NOT NULL"),
        postgresql_where=sa.text("remediates IS NOT NULL"),
    )
    op.create_index(
        "ix_deployment_rolls_back",
        "deployment",
        ["rolls_back"],
        sqlite_where=sa.text("rolls_back IS NOT NULL"),
        postgresql_where=sa.text("rolls_back IS NOT NULL"),
    )
    op.create_index("ix_deployment_subject", "deployment", ["entry_id", "version", "environment"])


def incident_link() -> None:
    op.create_table(
        "incident_link",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("release_id", BigId, sa.ForeignKey("release.id")),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("incident_id"),
    )
    op.create_index("ix_incident_link_release", "incident_link", ["release_id", "confirmed"])

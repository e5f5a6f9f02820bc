"""The workspace, who may come in, the catalog and how facts arrive.

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "account",
    "api_token",
    "catalog_entry",
    "correction",
    "import",
    "mapping",
    "person",
    "sign_in_attempt",
    "workspace",
    "alias",
    "catalog_interval",
    "catalog_statement",
    "refusal",
    "sign_in",
    "sign_in_link",
)


def upgrade() -> None:
    account()
    api_token()
    catalog_entry()
    correction()
    import_()
    mapping()
    person()
    sign_in_attempt()
    workspace()
    alias()
    catalog_interval()
    catalog_statement()
    refusal()
    sign_in()
    sign_in_link()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def account() -> None:
    op.create_table(
        "account",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("email", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String()),
        sa.Column("disabled_at", Instant()),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("email"),
    )


def api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.Column("revoked_at", Instant()),
        sa.UniqueConstraint("key_hash"),
    )


def catalog_entry() -> None:
    op.create_table(
        "catalog_entry",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("slug", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(20)),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("tier", sa.Integer()),
        sa.Column("team", sa.String(300)),
        sa.Column("owner", sa.String(300)),
        sa.Column("lifecycle", sa.String(20)),
        sa.Column("service", sa.String(300)),
        sa.Column("on_call", sa.String(300)),
        sa.Column("escalation", sa.String()),
        sa.Column("runbook_url", sa.String()),
        sa.Column("primary_metric", sa.String()),
        sa.Column("primary_metric_direction", sa.String()),
        sa.Column("business_kpi", sa.String()),
        sa.Column("environments", Json, nullable=False),
        sa.Column("guardrails", Json, nullable=False),
        sa.Column("paved_road", Json, nullable=False),
        sa.Column("source", sa.String(100)),
        sa.Column("external_id", sa.String(300)),
        sa.Column("url", sa.String()),
        sa.Column("updated_at", Instant()),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.UniqueConstraint("slug"),
    )


def correction() -> None:
    op.create_table(
        "correction",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("field", sa.String(100), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("original", Json, nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.UniqueConstraint("kind", "source", "external_id", "field"),
    )


def import_() -> None:
    op.create_table(
        "import",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("origin", sa.String(500), nullable=False),
        sa.Column("content_hash", sa.String(64)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant()),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("first_at", Instant()),
        sa.Column("last_at", Instant()),
        sa.Column("covers_until", Instant()),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("filtered", sa.Integer(), nullable=False),
        sa.Column("older", sa.Integer(), nullable=False),
        sa.Column("unmapped", sa.Integer(), nullable=False),
        sa.Column("warnings", Json, nullable=False),
        sa.Column("error", sa.String()),
    )
    op.create_index("ix_import_source", "import", ["source", "kind", "finished_at"])


def mapping() -> None:
    op.create_table(
        "mapping",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("saved_by", sa.String(300), nullable=False),
        sa.UniqueConstraint("source", "kind"),
    )


def person() -> None:
    op.create_table(
        "person",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("email", sa.String()),
        sa.Column("team", sa.String(300)),
        sa.Column("time_zone", sa.String()),
        sa.Column("working_hours", sa.String()),
        sa.Column("active_from", sa.Date()),
        sa.Column("active_to", sa.Date()),
        sa.UniqueConstraint("source", "external_id"),
    )


def sign_in_attempt() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    op.create_index("ix_sign_in_attempt_subject", "sign_in_attempt", ["subject"])


def workspace() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("time_zone", sa.String(100), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("country", sa.String(10), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )


def alias() -> None:
    op.create_table(
        "alias",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_alias_entry_id", "alias", ["entry_id"])


def catalog_interval() -> None:
    op.create_table(
        "catalog_interval",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_to", Instant(), nullable=False),
        sa.Column("tier", sa.Integer()),
        sa.Column("team", sa.String(300)),
        sa.Column("owner", sa.String(300)),
        sa.Column("lifecycle", sa.String(20)),
        sa.UniqueConstraint("entry_id", "valid_from"),
    )
    op.create_index("ix_catalog_interval_as_of", "catalog_interval", ["entry_id", "valid_from", "valid_to"])


def catalog_statement() -> None:
    op.create_table(
        "catalog_statement",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("stated_at", Instant(), nullable=False),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("entry_id", "source", "stated_at"),
    )
    op.create_index("ix_catalog_statement_origin", "catalog_statement", ["source", "external_id"])


def refusal() -> None:
    op.create_table(
        "refusal",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("import_id", BigId, sa.ForeignKey("import.id"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(300)),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("raw", sa.String(), nullable=False),
    )
    op.create_index("ix_refusal_import", "refusal", ["import_id"])


def sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])


def sign_in_link() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("account_id", BigId, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.UniqueConstraint("key_hash"),
    )

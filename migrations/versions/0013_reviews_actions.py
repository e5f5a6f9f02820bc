"""What people decide after an incident: reviews, actions, reminders of them, and the audit trail.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "audit_entry",
    "incident_review",
    "review_section",
    "review_factor",
    "review_line",
    "review_version",
    "review_comment",
    "action",
    "digest",
    "reminder",
)


def upgrade() -> None:
    audit_entry()
    incident_review()
    review_section()
    review_factor()
    review_line()
    review_version()
    review_comment()
    action()
    digest()
    reminder()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.String(300), nullable=False),
        sa.Column("did", sa.String(50), nullable=False),
        sa.Column("subject", sa.String(50), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("before", Json),
        sa.Column("after", Json),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("previous_hash"),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject", "number"])


def incident_review() -> None:
    op.create_table(
        "incident_review",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id"), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("required_because", Json, nullable=False),
        sa.Column("restored_at", Instant()),
        sa.Column("due_at", Instant()),
        sa.Column("late_at", Instant()),
        sa.Column("author", sa.String(300)),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("held_at", Instant()),
        sa.Column("submitted_by", sa.String(300)),
        sa.Column("approved_at", Instant()),
        sa.Column("approved_by", sa.String(300)),
        sa.Column("closed_at", Instant()),
        sa.Column("waived_at", Instant()),
        sa.Column("waived_by", sa.String(300)),
        sa.Column("waived_reason", sa.String(), nullable=False),
        sa.UniqueConstraint("incident_id"),
    )
    op.create_index("ix_incident_review_state", "incident_review", ["state", "due_at"])


def review_section() -> None:
    op.create_table(
        "review_section",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("review_id", BigId, sa.ForeignKey("incident_review.id"), nullable=False),
        sa.Column("key", sa.String(50), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(300), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.UniqueConstraint("review_id", "key"),
    )


def review_factor() -> None:
    op.create_table(
        "review_factor",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("review_id", BigId, sa.ForeignKey("incident_review.id"), nullable=False),
        sa.Column("factor", sa.String(40), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_review_factor_review", "review_factor", ["review_id"])
    op.create_index("ix_review_factor_factor", "review_factor", ["factor"])


def review_line() -> None:
    op.create_table(
        "review_line",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("review_id", BigId, sa.ForeignKey("incident_review.id"), nullable=False),
        sa.Column("origin", sa.String(100), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by", sa.String(300)),
        sa.Column("edited_at", Instant()),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("review_id", "origin"),
    )
    op.create_index("ix_review_line_at", "review_line", ["review_id", "at"])


def review_version() -> None:
    op.create_table(
        "review_version",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("review_id", BigId, sa.ForeignKey("incident_review.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(300), nullable=False),
        sa.Column("approved_at", Instant(), nullable=False),
        sa.UniqueConstraint("review_id", "number"),
    )


def review_comment() -> None:
    op.create_table(
        "review_comment",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("review_id", BigId, sa.ForeignKey("incident_review.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
    )
    op.create_index("ix_review_comment_review", "review_comment", ["review_id"])


def action() -> None:
    op.create_table(
        "action",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("incident_id", BigId, sa.ForeignKey("incident.id")),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("done_when", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("priority", sa.String(20), nullable=False),
        sa.Column("cause", sa.String(40)),
        sa.Column("owner", sa.String(300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(300), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("done_at", Instant()),
        sa.Column("dropped_at", Instant()),
        sa.Column("dropped_by", sa.String(300)),
        sa.Column("dropped_reason", sa.String(), nullable=False),
    )
    op.create_index("ix_action_incident", "action", ["incident_id"])
    op.create_index("ix_action_due", "action", ["state", "due_on"])
    op.create_index("ix_action_owner", "action", ["owner", "state"])
    op.create_index("ix_action_due_on", "action", ["due_on"])
    op.create_index("ix_action_subject", "action", ["entry_id"])


def digest() -> None:
    op.create_table(
        "digest",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("recipient", sa.String(300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant()),
        sa.Column("claimed_at", Instant()),
        sa.Column("settled_at", Instant()),
        sa.Column("receipt", sa.String()),
        sa.Column("error", sa.String()),
        sa.Column("token", sa.String(40), nullable=False),
        sa.UniqueConstraint("recipient", "day"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_digest_state", "digest", ["state", "next_attempt_at"])


def reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("mark", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(300), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest_id", BigId, sa.ForeignKey("digest.id"), nullable=False),
        sa.UniqueConstraint("subject", "number", "mark", "recipient"),
    )
    op.create_index("ix_reminder_digest", "reminder", ["digest_id"])

"""Quality, operations and team: what the other sixteen KPIs are made of.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from ops_console.core.columns import BigId, Exact, Instant
from ops_console.records.envelope import Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAMES = (
    "alert shift pipeline_run quality_check gate step evaluation reproduction degradation experiment outcome"
    " document finding request initiative toil capacity position skill usage"
)
TABLES = NAMES.split()


def upgrade() -> None:
    for table in TABLES:
        globals()[table]()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def envelope() -> tuple[sa.schema.SchemaItem, ...]:
    """What every record of a fact carries."""
    return (
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("updated_at", Instant()),
        sa.Column("ingested_at", Instant(), nullable=False),
        sa.Column("deleted_at", Instant()),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.UniqueConstraint("source", "external_id"),
    )


def instants(*names: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Instants that may be unknown."""
    return tuple(sa.Column(name, Instant()) for name in names)


def alert() -> None:
    op.create_table(
        "alert",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("firing", sa.String(300)),
        sa.Column("class", sa.String(10)),
        sa.Column("started_at", Instant(), nullable=False),
        *instants("ended_at", "acknowledged_at"),
        sa.Column("actionable", sa.Boolean()),
        sa.Column("incident", sa.String(300)),
        sa.Column("ticket", sa.String(300)),
        sa.Column("person", sa.String(300)),
        sa.Column("notified_at", Instant()),
        sa.Column("silenced", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_alert_firing", "alert", ["firing", "started_at", "id"])
    op.create_index("ix_alert_person", "alert", ["person", "notified_at"])
    op.create_index("ix_alert_started", "alert", ["started_at", "entry_id"])
    op.create_index("ix_alert_subject", "alert", ["entry_id", "started_at"])


def shift() -> None:
    op.create_table(
        "shift",
        *envelope(),
        sa.Column("schedule", sa.String(300), nullable=False),
        sa.Column("person", sa.String(300), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_shift_person", "shift", ["person", "started_at"])
    op.create_index("ix_shift_started", "shift", ["started_at", "ended_at"])


def pipeline_run() -> None:
    op.create_table(
        "pipeline_run",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("pipeline", sa.String(300), nullable=False),
        sa.Column("run", sa.String(300)),
        sa.Column("flow", sa.String(20)),
        sa.Column("attempt", sa.Integer()),
        sa.Column("trigger", sa.String(20)),
        sa.Column("status", sa.String(20), nullable=False),
        *instants("started_at", "finished_at", "nominal_at"),
    )
    op.create_index("ix_pipeline_run_finished", "pipeline_run", ["finished_at", "entry_id"])
    op.create_index("ix_pipeline_run_run", "pipeline_run", ["source", "run"])
    op.create_index("ix_pipeline_run_subject", "pipeline_run", ["entry_id", "flow", "finished_at"])


def quality_check() -> None:
    op.create_table(
        "quality_check",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("pipeline_run", sa.String(300), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("dataset", sa.String(300)),
        sa.Column("column", sa.String(300)),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("ticket", sa.String(300)),
    )
    op.create_index("ix_quality_check_run", "quality_check", ["source", "pipeline_run"])
    op.create_index("ix_quality_check_subject", "quality_check", ["entry_id", "checked_at"])


def gate() -> None:
    op.create_table(
        "gate",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("run", sa.String(300), nullable=False),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("errored", sa.Integer(), nullable=False),
        sa.Column("with_ticket", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("source", "run"),
    )
    op.create_index("ix_gate_ended", "gate", ["ended_at", "entry_id"])


def step() -> None:
    op.create_table(
        "step",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("flow", sa.String(20), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        *instants("automated_since", "removed_at"),
        sa.Column("human_approval", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String()),
        sa.Column("reviewed_at", Instant()),
    )
    op.create_index("ix_step_subject", "step", ["entry_id", "added_at"])


def evaluation() -> None:
    op.create_table(
        "evaluation",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("version", sa.String(300), nullable=False),
        sa.Column("metric", sa.String(300), nullable=False),
        sa.Column("slice", sa.String(300)),
        sa.Column("value", Exact()),
        sa.Column("baseline", Exact()),
        sa.Column("threshold", Exact()),
        sa.Column("direction", sa.String(10)),
        sa.Column("ci_low", Exact()),
        sa.Column("ci_high", Exact()),
        sa.Column("guardrail", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(20)),
        sa.Column("kind", sa.String(20)),
        sa.Column("evaluated_at", Instant(), nullable=False),
        sa.Column("regressed", sa.Boolean()),
    )
    op.create_index("ix_evaluation_version", "evaluation", ["entry_id", "version", "evaluated_at"])


def reproduction() -> None:
    op.create_table(
        "reproduction",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("version", sa.String(300), nullable=False),
        sa.Column("method", sa.String(20)),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("expected", sa.String()),
        sa.Column("actual", sa.String()),
        sa.Column("tolerance", sa.String()),
        sa.Column("checked_at", Instant(), nullable=False),
    )
    op.create_index("ix_reproduction_checked", "reproduction", ["checked_at", "entry_id"])
    op.create_index("ix_reproduction_version", "reproduction", ["entry_id", "version", "checked_at"])


def degradation() -> None:
    op.create_table(
        "degradation",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("signal", sa.String(20), nullable=False),
        sa.Column("onset_at", Instant()),
        sa.Column("detected_at", Instant(), nullable=False),
        sa.Column("mitigated_at", Instant()),
        sa.Column("mitigation", sa.String(30)),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("repeat_of", BigId),
        sa.Column("episode_ends_at", Instant()),
    )
    op.create_index("ix_degradation_detected", "degradation", ["detected_at"])
    op.create_index("ix_degradation_mitigated", "degradation", ["mitigated_at"])
    op.create_index("ix_degradation_subject", "degradation", ["entry_id", "signal", "detected_at"])


def experiment() -> None:
    op.create_table(
        "experiment",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("outcome", sa.String()),
        sa.Column("version", sa.String(300)),
    )
    op.create_index("ix_experiment_started", "experiment", ["started_at", "entry_id"])
    op.create_index("ix_experiment_subject", "experiment", ["entry_id", "version"])


def outcome() -> None:
    op.create_table(
        "outcome",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("metric", sa.String(300), nullable=False),
        sa.Column("unit", sa.String(300)),
        sa.Column("baseline", Exact()),
        sa.Column("observed", Exact()),
        sa.Column("ci_low", Exact()),
        sa.Column("ci_high", Exact()),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3)),
        sa.Column("attribution_share", Exact()),
        sa.Column("evidence", sa.String()),
        sa.Column("approved_by", sa.String(300)),
        sa.Column("ends_at", Instant(), nullable=False),
    )
    op.create_index("ix_outcome_ends", "outcome", ["ends_at", "entry_id"])
    op.create_index("ix_outcome_subject", "outcome", ["entry_id", "ends_at"])


def document() -> None:
    op.create_table(
        "document",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("version", sa.String(300)),
        sa.Column("fields_present", Json, nullable=False),
        sa.Column("reviewed_at", Instant()),
        sa.Column("complete_for_tier", sa.Integer()),
    )
    op.create_index("ix_document_subject", "document", ["entry_id", "kind", "reviewed_at"])


def finding() -> None:
    op.create_table(
        "finding",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id")),
        sa.Column("tool", sa.String(300), nullable=False),
        sa.Column("rule", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("severity", sa.String(10)),
        sa.Column("asset", sa.String(300)),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("fixed_at", Instant()),
        sa.Column("due_on", sa.Date()),
        sa.Column("dismissed_reason", sa.String()),
        sa.Column("waived_until", sa.Date()),
        *instants("due_at", "waived_at"),
    )
    op.create_index("ix_finding_seen", "finding", ["first_seen_at", "fixed_at"])
    op.create_index("ix_finding_subject", "finding", ["entry_id", "first_seen_at"])


def request() -> None:
    op.create_table(
        "request",
        *envelope(),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(300)),
        sa.Column("class", sa.String(20)),
        sa.Column("team", sa.String(300)),
        sa.Column("submitted_at", Instant(), nullable=False),
        *instants("accepted_at", "first_usable_at", "done_at", "cancelled_at"),
        sa.Column("waiting_seconds", Exact()),
    )
    op.create_index("ix_request_submitted", "request", ["submitted_at"])
    op.create_index("ix_request_usable", "request", ["first_usable_at"])


def initiative() -> None:
    op.create_table(
        "initiative",
        *envelope(),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(300), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(300)),
        sa.Column("delivered_at", Instant()),
        sa.Column("metric", sa.String(300)),
        sa.Column("before", Exact()),
        sa.Column("after", Exact()),
        sa.Column("measured_at", Instant()),
    )
    op.create_index("ix_initiative_delivered", "initiative", ["delivered_at"])


def toil() -> None:
    op.create_table(
        "toil",
        *envelope(),
        sa.Column("person", sa.String(300), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(300), nullable=False),
        sa.Column("flow", sa.String(300)),
        sa.Column("anchored_at", Instant(), nullable=False),
    )
    op.create_index("ix_toil_anchor", "toil", ["anchored_at", "person"])


def capacity() -> None:
    op.create_table(
        "capacity",
        *envelope(),
        sa.Column("person", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("hours", Exact(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
    )
    op.create_index("ix_capacity_starts", "capacity", ["starts_at", "ends_at"])


def position() -> None:
    op.create_table(
        "position",
        *envelope(),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("team", sa.String(300)),
        sa.Column("planned_at", Instant(), nullable=False),
        *instants("filled_at", "cancelled_at"),
    )
    op.create_index("ix_position_planned", "position", ["planned_at"])


def skill() -> None:
    op.create_table(
        "skill",
        *envelope(),
        sa.Column("person", sa.String(300), nullable=False),
        sa.Column("skill", sa.String(300), nullable=False),
        sa.Column("team", sa.String(300)),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_at", Instant(), nullable=False),
    )
    op.create_index("ix_skill_assessed", "skill", ["person", "skill", "assessed_at"])


def usage() -> None:
    op.create_table(
        "usage",
        *envelope(),
        sa.Column("entry_id", BigId, sa.ForeignKey("catalog_entry.id"), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("unit", sa.String(30), nullable=False),
        sa.Column("quantity", Exact(), nullable=False),
        sa.Column("anchored_at", Instant(), nullable=False),
    )
    op.create_index("ix_usage_anchor", "usage", ["unit", "anchored_at", "entry_id"])

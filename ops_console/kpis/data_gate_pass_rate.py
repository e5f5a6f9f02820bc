"""Data quality gate pass rate: how often data was good enough at the first try."""

from datetime import timedelta

from sqlalchemy import ColumnElement, case, exists, literal, null, or_, select
from sqlmodel import col

from ops_console.contracts.vocabulary import Trigger
from ops_console.core.columns import shifted
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.records.pipelines import Gate, PipelineRun

LATE = timedelta(days=35)
"""The run of a month is meant for the month's beginning by some schedulers: it is a month late and no backfill."""


def data_gate_pass_rate() -> Share:
    """Pipeline runs whose first evaluation passed every blocking check ÷ runs that evaluated at least one, by the end
    of that evaluation. A run counts once over all its attempts: a re-run that passes hides no failure. A check that
    could not be evaluated is not a pass; checks that warn, and checks that were skipped, say nothing. Backfills are
    left out and counted, since one of them may be more runs than a month has: those of which the source says so, and
    runs meant for a time more than 35 days before. Beside it: the failures that have a ticket, and runs with checks
    that could not be evaluated.
    """
    rows = select(
        col(Gate.ended_at).label("anchor"),
        col(Gate.entry_id).label("entry_id"),
        col(Gate.id).label("record_id"),
        col(Gate.run).label("label"),
        case((is_backfill(), literal("backfill")), else_=null()).label("excluded"),
        case((col(Gate.passed), 1), else_=0).label("hit"),
        case((col(Gate.with_ticket) > 0, 1), else_=0).label("has_ticket"),
        case((col(Gate.errored) > 0, 1), else_=0).label("has_errors"),
    )
    return Share(
        rows=(rows,),
        record="gate",
        besides={
            "failures_with_ticket": Share(rows=(rows.where(col(Gate.passed).is_(False)),), hit="has_ticket"),
            "runs_with_errors": Share(rows=(rows,), hit="has_errors"),
        },
    )


def is_backfill() -> ColumnElement[bool]:
    """An attempt of the run says so, by what started it or by the time it was meant for."""
    catches_up = or_(
        col(PipelineRun.trigger) == Trigger.BACKFILL.value,
        col(PipelineRun.nominal_at) < shifted(col(Gate.ended_at), -LATE),
    )
    named = (col(PipelineRun.run), col(PipelineRun.external_id))
    return or_(
        *(
            exists()
            .where(
                col(PipelineRun.source) == col(Gate.source),
                name == col(Gate.run),
                col(PipelineRun.deleted_at).is_(None),
                catches_up,
            )
            .correlate(Gate)
            for name in named
        )
    )


DEFINITION = Definition(
    key="data_gate_pass_rate",
    number=7,
    title="Data quality gate pass rate",
    question="Is data good enough at the first try?",
    formula="Runs whose first evaluation passed all blocking checks ÷ runs that evaluated any",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=data_gate_pass_rate,
    targets={None: Bounds(low=0.95)},
    minimum=30,
    facts=("quality_checks",),
    also=("pipeline_runs", "models"),
    statistic="share",
    best=1,
    nothing="No runs with checks",
    version=2,
    changes=("Backfills are left out.",),
)

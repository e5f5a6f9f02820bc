"""Pipeline automation: how much of the way to production runs by itself."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal, null, or_, select
from sqlmodel import col

from ops_console.contracts.vocabulary import CORE_FLOWS, Flow, RunStatus, Trigger
from ops_console.core.columns import milliseconds_between
from ops_console.measures.aggregates import AnySelect, Rows
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.snapshots import Ages, Snapshot
from ops_console.records.pipelines import PipelineRun, Step
from ops_console.records.production import models_in_production

R = PipelineRun
CORE = tuple(flow.value for flow in CORE_FLOWS)
FIRST = or_(col(R.attempt).is_(None), col(R.attempt) == 1)
"""A run counts once, with what started its first attempt: an attempt repeated by hand is no start by hand. Of the bare
column a planner knows how many rows that keeps: nearly all.
"""


def pipeline_automation() -> Snapshot:
    """Steps that ran by themselves at the end of the period ÷ steps of the core flows (train, validate, promote,
    deploy, rollback) of the models in production then. A step counts from the day it was added until the day it was
    removed, so that taking manual steps off the register does not mend the past. A human approval is a decision and
    no manual step; approvals and steps of other flows are left out and counted. Beside it: the same share weighted by
    the runs of each step's flow in the period, since a step that never runs proves little; automated steps whose flow
    somebody started by hand in the period; automated steps without evidence; and how long ago each model was last
    trained with success.
    """
    added: AnySelect = select(col(Step.added_at).label("anchor"))
    return Snapshot(
        rows=(added,),
        record="step",
        at=_steps,
        beside=("without_evidence",),
        split=("flow",),
        besides={
            "weighted_by_runs": Snapshot(rows=(added,), at=_run_steps, over_span=True, weight="runs"),
            "started_by_hand": Snapshot(rows=(added,), at=_started_by_hand, over_span=True),
            "freshness": Ages(rows=(select(col(R.finished_at).label("anchor")).where(_trained()),), at=_last_trained),
        },
    )


def _models(moments: FromClause) -> FromClause:
    return models_in_production(moments).subquery("production")


def _steps(moments: FromClause) -> Rows:
    models = _models(moments)
    is_automated = _is_automated(models)
    unproven = and_(is_automated, col(Step.evidence).is_(None))
    columns = (
        *_step(models),
        case((is_automated, 1), else_=0).label("hit"),
        case((unproven, 1), else_=0).label("without_evidence"),
        case((unproven, "automated, without evidence"), (is_automated, "automated"), else_="by hand").label("note"),
    )
    return (select(*columns).select_from(models).join(Step, _exists(models)),)


def _run_steps(moments: FromClause) -> Rows:
    """Steps with how often their flow ran in the span of the moment."""
    models, runs = _models(moments), _runs(moments)
    columns = (*_step(models), case((_is_automated(models), 1), else_=0).label("hit"), runs.c.runs)
    return (select(*columns).select_from(models).join(Step, _exists(models)).join(runs, _of_step(runs, models)),)


def _started_by_hand(moments: FromClause) -> Rows:
    """Automated steps whose flow ran in the span of the moment; a hit is one that somebody started."""
    models, runs = _models(moments), _runs(moments)
    columns = (*_step(models), case((runs.c.by_hand > 0, 1), else_=0).label("hit"))
    automated = and_(_exists(models), _is_automated(models))
    return (select(*columns).select_from(models).join(Step, automated).join(runs, _of_step(runs, models)),)


def _step(models: FromClause) -> tuple[Any, ...]:
    excluded = case(
        (col(Step.flow).not_in(CORE), literal("not a core flow")),
        (col(Step.human_approval), literal("human approval")),
        else_=null(),
    )
    return (
        models.c.anchor,
        models.c.since,
        models.c.until,
        models.c.entry_id,
        col(Step.id).label("record_id"),
        (col(Step.flow) + literal(": ") + col(Step.name)).label("label"),
        excluded.label("excluded"),
        col(Step.flow).label("flow"),
    )


def _exists(models: FromClause) -> ColumnElement[bool]:
    return and_(
        col(Step.entry_id) == models.c.entry_id,
        col(Step.added_at) <= models.c.anchor,
        or_(col(Step.removed_at).is_(None), col(Step.removed_at) > models.c.anchor),
        or_(col(Step.deleted_at).is_(None), col(Step.deleted_at) > models.c.anchor),
    )


def _is_automated(models: FromClause) -> ColumnElement[bool]:
    return func.coalesce(col(Step.automated_since) <= models.c.anchor, False)


def _runs(moments: FromClause) -> FromClause:
    """How often each flow of each model ran in the span of each moment, and how often somebody started it."""
    ended = and_(col(R.finished_at) >= moments.c.since, col(R.finished_at) <= moments.c.at)
    by_hand = case((col(R.trigger) == Trigger.MANUAL.value, 1), else_=0)
    keys = (moments.c.since, moments.c.until, col(R.entry_id), col(R.flow))
    return (
        select(*keys, func.count().label("runs"), func.sum(by_hand).label("by_hand"))
        .select_from(moments)
        .join(R, and_(ended, FIRST, col(R.deleted_at).is_(None)))
        .group_by(*keys)
        .subquery("runs")
    )


def _of_step(runs: FromClause, models: FromClause) -> ColumnElement[bool]:
    return and_(
        runs.c.since == models.c.since,
        runs.c.until == models.c.until,
        runs.c.entry_id == models.c.entry_id,
        runs.c.flow == Step.flow,
    )


def _trained() -> ColumnElement[bool]:
    return and_(
        col(R.flow) == Flow.TRAIN.value,
        col(R.status) == RunStatus.SUCCEEDED.value,
        col(R.finished_at).is_not(None),
        col(R.deleted_at).is_(None),
    )


def _last_trained(moments: FromClause) -> Rows:
    models = _models(moments)
    last = (
        select(func.max(col(R.finished_at)))
        .where(col(R.entry_id) == models.c.entry_id, _trained(), col(R.finished_at) <= models.c.anchor)
        .scalar_subquery()
    )
    found = select(models, last.label("trained_at")).subquery("trained")
    excluded = case((found.c.trained_at.is_(None), literal("no successful training run")), else_=null())
    ms = milliseconds_between(found.c.trained_at, found.c.anchor)
    return (select(found, excluded.label("excluded"), ms.label("ms")),)


DEFINITION = Definition(
    key="pipeline_automation",
    number=9,
    title="Pipeline automation",
    question="How much of the way to production runs by itself?",
    formula="Automated steps ÷ steps of the core flows of production models, at the end of the period",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=pipeline_automation,
    targets={None: Bounds(low=0.85)},
    minimum=10,
    facts=("steps", "models"),
    also=("pipeline_runs",),
    statistic="automated of all",
    best=1,
    snapshot=True,
    nothing="No steps of production models",
)

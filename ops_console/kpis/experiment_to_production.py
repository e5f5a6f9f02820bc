"""Experiment to production: which of the questions tried out reach production."""

from datetime import timedelta

from sqlalchemy import ColumnElement, case, exists, literal, null, or_, select
from sqlmodel import col

from ops_console.core.columns import shifted
from ops_console.core.periods import Grain
from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Definition, Unit
from ops_console.records.deployments import Release
from ops_console.records.experiments import Experiment

FOLLOWED_DAYS = 180


def experiment_to_production() -> Share:
    """Experiments started in the period that led to a release in production within 180 days ÷ experiments started.
    An experiment is a business question, not a training run. It led to a release if the version it names went live,
    or, where it names a model alone, the first new version of that model after its start. Experiments younger than
    180 days may still get there: they are counted beside. There is no good direction: a high share may mean that too
    little is tried, so read it with the regression rate and with business uplift.
    """
    rows = select(
        col(Experiment.started_at).label("anchor"),
        col(Experiment.entry_id).label("entry_id"),
        col(Experiment.id).label("record_id"),
        col(Experiment.name).label("label"),
        case((col(Experiment.deleted_at).is_not(None), literal("deleted")), else_=null()).label("excluded"),
        case((_released(), 1), else_=0).label("hit"),
    )
    return Share(rows=(rows,), record="experiment")


def _released() -> ColumnElement[bool]:
    return (
        exists()
        .where(
            new_in_production(),
            col(Release.entry_id) == col(Experiment.entry_id),
            or_(col(Experiment.version).is_(None), col(Release.version) == col(Experiment.version)),
            col(Release.live_at) >= col(Experiment.started_at),
            col(Release.live_at) <= shifted(col(Experiment.started_at), timedelta(days=FOLLOWED_DAYS)),
        )
        .correlate(Experiment)
    )


DEFINITION = Definition(
    key="experiment_to_production",
    number=16,
    title="Experiment to production",
    question="How much of what is tried reaches production?",
    formula="Experiments with a production release within 180 days of their start ÷ experiments started",
    unit=Unit.SHARE,
    better=Better.NEITHER,
    compute=experiment_to_production,
    per=Grain.QUARTER,
    minimum=10,
    facts=("experiments", "deployments"),
    also=("models",),
    read_with=("regression_rate", "business_uplift"),
    statistic="share",
    matures_days=FOLLOWED_DAYS,
    nothing="No experiments",
)

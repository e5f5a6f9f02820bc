"""Experiment to production: which of the questions tried out reach production."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from ops_console.core.clock import MILLISECOND
from ops_console.core.columns import shifted
from ops_console.core.periods import Grain
from ops_console.kpis.model_deployments import new_for_production
from ops_console.measures.aggregates import AnySelect, Edge, Rows, Share
from ops_console.measures.definition import Better, Definition, Unit
from ops_console.records.deployments import Release
from ops_console.records.experiments import Experiment

FOLLOWED_DAYS = 180
FOLLOWED = timedelta(days=FOLLOWED_DAYS)
ANOTHER = "another experiment led to its release"


def experiment_to_production() -> Share:
    """Experiments started in the period that led to a release in production within 180 days ÷ experiments started.
    An experiment is a business question, not a training run. It led to a release if the version it names went live,
    or, where it names a model alone, to the first new version of that model after its start that no experiment names.
    One release proves one experiment: the one that names its version, else the one that started first; the others are
    left out and counted, so that a sweep of many runs over one question is one. Experiments younger than 180 days may
    still get there: they are counted beside. There is no good direction: a high share may mean that too little is
    tried, so read it with the regression rate and with business uplift.
    """
    return _Leading(rows=(_experiments(true()),), record="experiment")


@dataclass(frozen=True, slots=True)
class _Leading(Share):
    """Who led to the release of an experiment is decided among those that can have led to the same one."""

    def arms(self, since: Edge, until: Edge, moments: Callable[[], FromClause]) -> Rows:
        follow, began = FOLLOWED // MILLISECOND, type_coerce(col(Experiment.started_at), BigInteger)
        rivals = began.between(since - follow, until + follow)
        return (_experiments(rivals).where(began >= since, began < until),)


def _experiments(rivals: ColumnElement[bool]) -> AnySelect:
    led = _led(rivals)
    is_second = led.c.turn > 1
    excluded = case(
        (col(Experiment.deleted_at).is_not(None), literal("deleted")), (is_second, literal(ANOTHER)), else_=null()
    )
    return (
        select(
            col(Experiment.started_at).label("anchor"),
            col(Experiment.entry_id).label("entry_id"),
            col(Experiment.id).label("record_id"),
            col(Experiment.name).label("label"),
            excluded.label("excluded"),
            case((led.c.turn == 1, 1), else_=0).label("hit"),
        )
        .select_from(Experiment)
        .outerjoin(led, led.c.id == col(Experiment.id))
    )


def _led(rivals: ColumnElement[bool]) -> FromClause:
    """Experiments that led to a release, and whose turn it is to claim it."""
    # A model's releases of one instant are one. In their order, so that none is looked at after the first that answers.
    live_at = col(Release.live_at)
    first = select(live_at).where(_answers()).order_by(live_at).limit(1).correlate(Experiment).scalar_subquery()
    columns = (col(Experiment.id), col(Experiment.entry_id), col(Experiment.started_at), col(Experiment.version))
    claims = (
        select(*columns, first.label("led_at"))
        .where(col(Experiment.deleted_at).is_(None), rivals)
        .cte("claims")
        .prefix_with("MATERIALIZED")  # else each release is looked for twice
    )
    order = (case((claims.c.version.is_(None), 1), else_=0), claims.c.started_at, claims.c.id)
    turn = func.row_number().over(partition_by=(claims.c.entry_id, claims.c.led_at), order_by=order)
    return select(claims.c.id, turn.label("turn")).where(claims.c.led_at.is_not(None)).subquery("led")


def _answers() -> ColumnElement[bool]:
    """A release that an experiment may have led to."""
    other = aliased(Experiment)
    is_named = exists().where(
        col(other.entry_id) == col(Release.entry_id),
        col(other.version) == col(Release.version),
        col(other.deleted_at).is_(None),
    )
    return and_(
        new_for_production(),
        col(Release.entry_id) == col(Experiment.entry_id),
        or_(
            col(Release.version) == col(Experiment.version),
            and_(col(Experiment.version).is_(None), ~is_named.correlate(Release)),
        ),
        col(Release.live_at) >= col(Experiment.started_at),
        col(Release.live_at) <= shifted(col(Experiment.started_at), FOLLOWED),
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
    cases="experiments",
    may_still="reach production",
    reaches_days=FOLLOWED_DAYS,
    nothing="No experiments",
    version=2,
    changes=("One release proves one experiment.",),
)

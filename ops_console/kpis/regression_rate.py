"""Performance regression rate: the share of evaluated releases that made a model worse."""

from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, literal, null, or_, select
from sqlmodel import col

from ops_console.core.columns import shifted
from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.records.catalog import Agreed, stood
from ops_console.records.deployments import Release
from ops_console.records.evaluations import Evaluation

OBSERVED_DAYS = 14
NOT_EVALUATED = "not evaluated"
NO_WORSE, WORSE = 1, 2
"""Of several evaluations the worst decides."""


def regression_rate() -> Share:
    """Releases with a regression ÷ releases that were evaluated. A release regressed if an evaluation of its
    version, made before it or within 14 days of its going live, found the model's primary metric, over the whole
    of its data, worse than the version it replaces by more than the threshold (or by more than chance, where an
    interval says so), or a guardrail breached; the verdict of the source stands. The primary metric is the one the
    catalog named when the release went live: agreeing on another judges what follows, and leaves the past as it
    was. Other metrics, and slices that guard nothing, say nothing: of many tested some are worse by chance.
    Evaluated means that the primary metric came to a verdict, or a guardrail was breached: a release nobody
    evaluated is not a pass, it lowers the coverage. A rollback for reasons of infrastructure is a failed change,
    not a regression. A release keeps maturing for 14 days.
    """
    verdict = _verdict()
    no_metric = and_(verdict.is_(None), ~_has_primary())
    rows = select(
        col(Release.live_at).label("anchor"),
        col(Release.entry_id).label("entry_id"),
        col(Release.id).label("record_id"),
        col(Release.version).label("label"),
        null().label("excluded"),
        case({WORSE: 1, NO_WORSE: 0}, value=verdict).label("hit"),  # asked once: where it says nothing, nobody judged
        case((no_metric, literal("the catalog names no primary metric")), else_=null()).label("note"),
    )
    agreed = stood(col(Release.entry_id), col(Release.live_at), Agreed)
    rows = rows.outerjoin(Agreed, agreed).where(new_in_production())
    return Share(rows=(rows,), record="deployment", unknown=NOT_EVALUATED)


def _is_primary() -> ColumnElement[bool]:
    """The metric that was agreed for the model, over the whole of its data."""
    return and_(col(Evaluation.slice).is_(None), col(Evaluation.metric) == col(Agreed.primary_metric))


def _has_primary() -> ColumnElement[bool]:
    return col(Agreed.primary_metric).is_not(None)


def _verdict() -> ScalarSelect[int]:
    """What the evaluations of the release's version, made in time, say of it: nothing where none came to a verdict."""
    decides = or_(_is_primary(), col(Evaluation.guardrail).is_(True))
    says = case(
        (and_(col(Evaluation.regressed).is_(True), decides), WORSE),
        (and_(col(Evaluation.regressed).is_(False), _is_primary()), NO_WORSE),
        else_=null(),
    )
    return (
        select(func.max(says))
        .where(
            col(Evaluation.entry_id) == col(Release.entry_id),
            col(Evaluation.version) == col(Release.version),
            col(Evaluation.evaluated_at) <= shifted(col(Release.live_at), timedelta(days=OBSERVED_DAYS)),
            col(Evaluation.deleted_at).is_(None),
        )
        .correlate(Release, Agreed)
        .scalar_subquery()
    )


DEFINITION = Definition(
    key="regression_rate",
    number=6,
    title="Performance regression rate",
    question="How often does a release make a model worse?",
    formula="Releases with a regression ÷ releases evaluated",
    unit=Unit.SHARE,
    better=Better.LOWER,
    compute=regression_rate,
    targets={None: Bounds(high=0.05)},
    window_days=90,
    widens=True,
    minimum=10,
    facts=("deployments", "evaluations"),
    also=("models",),
    read_with=("model_deployments",),
    statistic="share",
    best=0,
    matures_days=OBSERVED_DAYS,
    may_still="turn out worse",
    nothing="No deployments",
    version=3,
    changes=(
        "Only the primary metric over the whole of its data and guardrails decide.",
        "A release is judged by the primary metric that was agreed when it went live.",
    ),
)

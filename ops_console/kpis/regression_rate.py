"""Performance regression rate: the share of evaluated releases that made a model worse."""

from datetime import timedelta

from sqlalchemy import ColumnElement, case, exists, literal, null, select
from sqlmodel import col

from ops_console.core.columns import shifted
from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.records.deployments import Release
from ops_console.records.evaluations import Evaluation

OBSERVED_DAYS = 14
NOT_EVALUATED = "not evaluated"


def regression_rate() -> Share:
    """Releases with a regression ÷ releases that were evaluated. A release regressed if one evaluation of its version,
    made before it or within 14 days of its going live, found the agreed metric worse than the version it replaces by
    more than the threshold (or by more than chance, where an interval says so), or a guardrail breached; the verdict
    of the source stands. Evaluated means that at least one evaluation came to a verdict: a release nobody evaluated is
    not a pass, it lowers the coverage. A rollback for reasons of infrastructure is a failed change, not a regression.
    A release keeps maturing for 14 days.
    """
    rows = select(
        col(Release.live_at).label("anchor"),
        col(Release.entry_id).label("entry_id"),
        col(Release.id).label("record_id"),
        col(Release.version).label("label"),
        case((_found(), null()), else_=literal(NOT_EVALUATED)).label("excluded"),
        case((_found(regressed=True), 1), else_=0).label("hit"),
    ).where(new_in_production())
    return Share(rows=(rows,), record="deployment", unknown=NOT_EVALUATED)


def _found(*, regressed: bool | None = None) -> ColumnElement[bool]:
    """An evaluation of the release's version in time, with any verdict or this one."""
    verdict = col(Evaluation.regressed).is_not(None) if regressed is None else col(Evaluation.regressed).is_(regressed)
    return (
        exists()
        .where(
            col(Evaluation.entry_id) == col(Release.entry_id),
            col(Evaluation.version) == col(Release.version),
            col(Evaluation.evaluated_at) <= shifted(col(Release.live_at), timedelta(days=OBSERVED_DAYS)),
            col(Evaluation.deleted_at).is_(None),
            verdict,
        )
        .correlate(Release)
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
    nothing="No deployments",
)

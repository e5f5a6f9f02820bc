"""Lead time for model changes: from a version being ready to its serving production."""

from sqlalchemy import case, literal, null, select
from sqlmodel import col

from ops_console.contracts import times
from ops_console.core.clock import MILLISECOND
from ops_console.core.columns import milliseconds_between
from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import Rows
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.records.changes import Change
from ops_console.records.deployments import Release

SKEW = times.SKEW // MILLISECOND
"""Clocks differ: a version live up to five minutes before it was ready took no time; beyond that a date is wrong."""
DAY = 86_400


def lead_time() -> Duration:
    """Time from a model version being ready (first approved or validated) to its first serving production, by the
    month in which it went live. The headline is the median; p75, p90 and mean stand beside it. Versions without a
    ready time lower the coverage; versions live more than five minutes before they were ready are left out and
    counted. Later roll-outs of the same version add nothing. The breakdown shows the stages a release went through
    (ready, requested, approved, started, live), and first commit → production over every change the releases shipped.
    """
    ms = milliseconds_between(Release.ready_at, Release.live_at)
    excluded = case(
        (col(Release.ready_at).is_(None), literal("no ready time")),
        (ms < -SKEW, literal("live before ready")),
        else_=null(),
    )
    rows = select(
        col(Release.live_at).label("anchor"),
        col(Release.entry_id).label("entry_id"),
        col(Release.id).label("record_id"),
        col(Release.version).label("label"),
        excluded.label("excluded"),
        ms.label("ms"),
        milliseconds_between(Release.ready_at, Release.requested_at).label("ready_to_requested"),
        milliseconds_between(Release.requested_at, Release.approved_at).label("requested_to_approved"),
        milliseconds_between(Release.approved_at, Release.started_at).label("approved_to_started"),
        milliseconds_between(Release.started_at, Release.live_at).label("started_to_live"),
    ).where(new_in_production())
    return Duration(
        rows=(rows,),
        record="deployment",
        headline="median",
        stages=("ready_to_requested", "requested_to_approved", "approved_to_started", "started_to_live"),
        unknown="no ready time",
        besides={"first_commit_to_production": Duration(rows=_changes(), record="deployment", unknown=NO_COMMIT)},
    )


NO_COMMIT = "no commit time"


def _changes() -> Rows:
    ms = milliseconds_between(Change.first_commit_at, Release.live_at)
    excluded = case(
        (col(Change.first_commit_at).is_(None), literal(NO_COMMIT)),
        (ms < -SKEW, literal("live before the first commit")),
        else_=null(),
    )
    rows = (
        select(
            col(Release.live_at).label("anchor"),
            col(Release.entry_id).label("entry_id"),
            col(Release.id).label("record_id"),
            col(Change.external_id).label("label"),
            excluded.label("excluded"),
            ms.label("ms"),
        )
        .join(Change, col(Change.release_id) == col(Release.id))
        .where(new_in_production(), col(Change.deleted_at).is_(None))
    )
    return (rows,)


DEFINITION = Definition(
    key="lead_time",
    number=2,
    title="Lead time for model changes",
    question="How long does a ready model wait for production?",
    formula="Median of (live in production − model ready), over first releases of a version",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    compute=lead_time,
    targets={None: Bounds(high=14 * DAY)},
    minimum=5,
    facts=("deployments",),
    also=("model_versions", "changes", "models"),
    read_with=("change_failure_rate",),
    statistic="median",
    best=0,
    nothing="No deployments",
)

"""Model deployments: how often new versions reach production."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, null, select
from sqlmodel import col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind, RunStatus
from ops_console.core.periods import Grain
from ops_console.measures.aggregates import Count, Rows, Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.pace import Pace
from ops_console.records.deployments import Release

WHY_NOT = {
    DeploymentKind.RESTART: "restart of a live version",
    DeploymentKind.CANARY: "canary step",
    DeploymentKind.SHADOW: "shadow traffic",
    DeploymentKind.CONFIG: "configuration change",
    DeploymentKind.ROLLBACK: "rollback",
}
NOT_LIVE = {
    RunStatus.FAILED: "failed before it was live",
    RunStatus.CANCELLED: "cancelled",
}


def model_deployments() -> Count:
    """Distinct releases that went live in production in the period: the first time a version of a model or service
    serves production, whoever reported it and however often. Hotfixes count. Restarts, canary steps, shadow traffic,
    configuration changes, rollbacks, attempts that failed and environments other than production do not; they are
    counted by reason. The band is meant for a whole portfolio and a month: three times as wide for a quarter, none
    for a week. Beside it: releases a week and the median gap between two of them, and the share of canaries that
    were aborted, by when they ended.
    """
    why_not = case(
        *((col(Release.kind) == kind.value, literal(reason)) for kind, reason in WHY_NOT.items()),
        (col(Release.is_first_of_version).is_(False), literal("same version again")),
        else_=null(),
    )
    still = case(
        *((col(Release.status) == status.value, literal(reason)) for status, reason in NOT_LIVE.items()),
        else_=literal("not live yet"),
    )
    never = select(*_columns(col(Release.last_at), still)).where(
        col(Release.environment) == PRODUCTION, col(Release.live_at).is_(None)
    )
    live = select(*_columns(col(Release.live_at), why_not)).where(col(Release.environment) == PRODUCTION)
    released = select(*_columns(col(Release.live_at), null())).where(new_in_production())
    return Count(
        rows=(live, never),
        record="deployment",
        besides={"pace": Pace(rows=(released,)), "aborted_canaries": Share(rows=_canaries())},
    )


def _canaries() -> Rows:
    """Canaries in production that were carried on with, and those that were not."""
    is_canary = and_(col(Release.environment) == PRODUCTION, col(Release.kind) == DeploymentKind.CANARY.value)
    is_over = col(Release.status).in_([status.value for status in NOT_LIVE])
    running = case((is_over, null()), else_=literal("still running"))
    went_on = select(*_columns(col(Release.live_at), null()), literal(0).label("hit")).where(is_canary)
    aborted = select(*_columns(col(Release.last_at), running), case((is_over, 1), else_=0).label("hit"))
    return (went_on, aborted.where(is_canary, col(Release.live_at).is_(None)))


def _columns(anchor: Any, excluded: ColumnElement[Any]) -> tuple[Any, ...]:
    return (
        anchor.label("anchor"),
        col(Release.entry_id).label("entry_id"),
        col(Release.id).label("record_id"),
        col(Release.version).label("label"),
        excluded.label("excluded"),
    )


def new_in_production() -> ColumnElement[bool]:
    """What a release is, for every KPI that counts releases."""
    return and_(new_for_production(), col(Release.live_at).is_not(None))


def new_for_production() -> ColumnElement[bool]:
    """The same, live or not. Where a select asks for a stretch of time, SQLite finds the index of a model by this
    alone: that the time is not null, besides, makes it go through the releases of all models.
    """
    return and_(
        col(Release.environment) == PRODUCTION,
        col(Release.kind).in_((DeploymentKind.RELEASE.value, DeploymentKind.HOTFIX.value)),
        col(Release.is_first_of_version),
    )


DEFINITION = Definition(
    key="model_deployments",
    number=1,
    title="Model deployments",
    question="How often do new versions reach production?",
    formula="Releases of a new version that went live in production",
    unit=Unit.COUNT,
    better=Better.BAND,
    compute=model_deployments,
    targets={None: Bounds(low=2, high=10)},
    per=Grain.MONTH,
    portfolio=True,
    facts=("deployments",),
    also=("models",),
    read_with=("change_failure_rate", "regression_rate"),
    statistic="count",
    nothing="No deployments",
)

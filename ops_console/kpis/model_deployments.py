"""Model deployments: how often new versions reach production."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, null, select
from sqlmodel import col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind, DeploymentStatus
from ops_console.core.periods import Grain
from ops_console.measures.aggregates import Count
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.records.deployments import Release

WHY_NOT = {
    DeploymentKind.RESTART: "restart of a live version",
    DeploymentKind.CANARY: "canary step",
    DeploymentKind.SHADOW: "shadow traffic",
    DeploymentKind.CONFIG: "configuration change",
    DeploymentKind.ROLLBACK: "rollback",
}
NOT_LIVE = {
    DeploymentStatus.FAILED: "failed before it was live",
    DeploymentStatus.CANCELLED: "cancelled",
}


def model_deployments() -> Count:
    """Distinct releases that went live in production in the period: the first time a version of a model or service
    serves production, whoever reported it and however often. Hotfixes count. Restarts, canary steps, shadow traffic,
    configuration changes, rollbacks, attempts that failed and environments other than production do not; they are
    counted by reason. The band is meant for a whole portfolio and a month: three times as wide for a quarter, none
    for a week.
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
    return Count(rows=(live, never), record="deployment")


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
    return and_(
        col(Release.environment) == PRODUCTION,
        col(Release.live_at).is_not(None),
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

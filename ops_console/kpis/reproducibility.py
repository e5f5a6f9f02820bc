"""Reproducibility: whether what runs in production could be built again."""

from typing import Any

from sqlalchemy import CTE, FromClause, Select, case, exists, func, literal, null, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind
from ops_console.measures.aggregates import AnySelect, Rows
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.snapshots import Snapshot
from ops_console.records.deployments import Release
from ops_console.records.evaluations import Reproduction
from ops_console.records.production import models_in_production

UNCHECKED = "not checked"
SERVING = (DeploymentKind.RELEASE.value, DeploymentKind.HOTFIX.value, DeploymentKind.ROLLBACK.value)
"""Roll-outs that change which version serves."""


def reproducibility() -> Snapshot:
    """Versions whose latest rebuild in the period gave the same again ÷ versions checked, of the versions that served
    production at any time in the period. Same means what the check says: equal digests, or a metric within its
    tolerance, since hardware alone can move the last digits. A version that nobody checked is neither a success nor a
    failure: it lowers the coverage. A check that failed counts as failed whatever the reason, data past their retention
    included. Repeated checks of a version count once, by the latest. For all models and for a team the versions of
    tier 1 count, as the target means; tiers 2 and 3 have figures of their own, for which we propose the same target.
    Retired models and versions that never served are left out.
    """
    began: AnySelect = select(
        col(Reproduction.checked_at).label("anchor"),
        col(Reproduction.entry_id).label("entry_id"),
        col(Reproduction.id).label("record_id"),
        col(Reproduction.version).label("label"),
        null().label("excluded"),
    ).where(col(Reproduction.deleted_at).is_(None))
    return Snapshot(rows=(began,), at=_checked, record="deployment", unknown=UNCHECKED, tiers=(1,))


def _checked(moments: FromClause) -> Rows:
    """Every version that served in a period, with what its latest check in the period said."""
    models = models_in_production(moments).cte("model")
    served = union_all(_went_live(models), _served_already(models)).subquery("served")
    latest = (
        select(case((col(Reproduction.succeeded), 1), else_=0))
        .where(
            col(Reproduction.entry_id) == served.c.entry_id,
            col(Reproduction.version) == served.c.label,
            col(Reproduction.checked_at) >= served.c.since,
            col(Reproduction.checked_at) < served.c.until,
            col(Reproduction.deleted_at).is_(None),
        )
        .order_by(col(Reproduction.checked_at).desc(), col(Reproduction.id).desc())
        .limit(1)
        .correlate(served)
        .scalar_subquery()
    )
    found = select(served, latest.label("hit")).subquery("checked")
    excluded = case((found.c.hit.is_(None), literal(UNCHECKED)), else_=null())
    return (select(found, excluded.label("excluded")),)


def _went_live(models: CTE) -> Select[Any]:
    """Versions that began to serve in the period."""
    mine = _serves(Release, models) & (col(Release.live_at) >= models.c.since) & (col(Release.live_at) < models.c.until)
    keys = (models.c.anchor, models.c.since, models.c.until, models.c.entry_id)
    first = func.min(col(Release.id)).label("record_id")
    return (
        select(*keys, first, col(Release.version).label("label")).join(Release, mine).group_by(*keys, Release.version)
    )


def _served_already(models: CTE) -> Select[Any]:
    """The version that served when the period began, unless it went live again in it."""
    before, again = aliased(Release), aliased(Release)
    last = (
        select(col(before.id))
        .where(_serves(before, models), col(before.live_at) < models.c.since)
        .order_by(col(before.live_at).desc(), col(before.id).desc())
        .limit(1)
        .correlate(models)
        .scalar_subquery()
    )
    live_again = (
        exists()
        .where(
            _serves(again, models),
            col(again.version) == col(Release.version),
            col(again.live_at) >= models.c.since,
            col(again.live_at) < models.c.until,
        )
        .correlate(models, Release)
    )
    keys = (models.c.anchor, models.c.since, models.c.until, models.c.entry_id)
    named: tuple[Any, ...] = (col(Release.id).label("record_id"), col(Release.version).label("label"))
    return select(*keys, *named).join(Release, col(Release.id) == last).where(~live_again)


def _serves(release: Any, models: CTE) -> Any:
    return (
        (col(release.entry_id) == models.c.entry_id)
        & (col(release.environment) == PRODUCTION)
        & col(release.kind).in_(SERVING)
    )


DEFINITION = Definition(
    key="reproducibility",
    number=8,
    title="Reproducibility success",
    question="Could we build again what runs in production?",
    formula="Versions in production whose latest check succeeded ÷ versions in production that were checked",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=reproducibility,
    targets={None: Bounds(low=0.9)},
    minimum=5,
    facts=("reproductions", "deployments"),
    also=("models",),
    statistic="share",
    best=1,
    snapshot=True,
    nothing="No tier 1 versions in production",
)

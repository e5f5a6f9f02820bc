"""Reproducibility: whether what runs in production could be built again."""

from typing import Any

from sqlalchemy import (
    CTE,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
)
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
    return Snapshot(rows=(began,), at=_checked, over_span=True, record="deployment", unknown=UNCHECKED, tiers=(1,))


def _checked(moments: FromClause) -> Rows:
    """Every version that served in a period, with what its latest check in the period said."""
    models = models_in_production(moments).cte("model")
    served = union_all(_went_live(moments, models), _served_already(models)).subquery("served")
    checks = _latest_checks(moments).subquery("checked")
    mine = and_(
        checks.c.since == served.c.since,
        checks.c.until == served.c.until,
        checks.c.entry_id == served.c.entry_id,
        checks.c.version == served.c.label,
        checks.c.newer == 0,
    )
    excluded = case((checks.c.hit.is_(None), literal(UNCHECKED)), else_=null())
    return (select(served, checks.c.hit, excluded.label("excluded")).select_from(served.outerjoin(checks, mine)),)


def _latest_checks(moments: FromClause) -> Select[Any]:
    """Checks of the spans, with how many newer ones there are of the version in the span."""
    keys = (moments.c.since, moments.c.until, col(Reproduction.entry_id), col(Reproduction.version))
    newest_first = (col(Reproduction.checked_at).desc(), col(Reproduction.id).desc())
    newer = func.row_number().over(partition_by=keys, order_by=newest_first) - 1
    hit = case((col(Reproduction.succeeded), 1), else_=0)
    within = and_(
        col(Reproduction.checked_at) >= moments.c.since,
        col(Reproduction.checked_at) < moments.c.until,
        col(Reproduction.deleted_at).is_(None),
    )
    return select(*keys, hit.label("hit"), newer.label("newer")).select_from(moments).join(Reproduction, within)


def _went_live(moments: FromClause, models: CTE) -> Select[Any]:
    """Versions that began to serve in the period."""
    # By time first: starting from models, each would be compared with every release it ever had.
    within = (col(Release.live_at) >= moments.c.since) & (col(Release.live_at) < moments.c.until)
    keys = (moments.c.at, moments.c.since, moments.c.until, col(Release.entry_id), col(Release.version))
    first = func.min(col(Release.id)).label("record_id")
    began = (
        select(*keys, first).select_from(moments).join(Release, within & _serves(Release)).group_by(*keys)
    ).subquery("began")
    shown = (began.c.at.label("anchor"), began.c.since, began.c.until, began.c.entry_id)
    # Not joined: PostgreSQL would take it for a few rows, and sort half a million of them on disk.
    theirs = tuple_(began.c.at, began.c.entry_id).in_(select(models.c.anchor, models.c.entry_id))
    return select(*shown, began.c.record_id, began.c.version.label("label")).where(theirs)


def _served_already(models: CTE) -> Select[Any]:
    """The version that served when the period began, unless it went live again in it."""
    before, again = aliased(Release), aliased(Release)
    last = (
        select(col(before.id))
        .where(col(before.entry_id) == models.c.entry_id, _serves(before), col(before.live_at) < models.c.since)
        .order_by(col(before.live_at).desc(), col(before.id).desc())
        .limit(1)
        .correlate(models)
        .scalar_subquery()
    )
    # Looked up once for each, and not once more for the join.
    found = select(*_keys(models), last.label("last")).offset(literal_column("0")).subquery("found_last")
    live_again = (
        exists()
        .where(
            col(again.entry_id) == found.c.entry_id,
            _serves(again),
            col(again.version) == col(Release.version),
            col(again.live_at) >= found.c.since,
            col(again.live_at) < found.c.until,
        )
        .correlate(found, Release)
    )
    named: tuple[Any, ...] = (col(Release.id).label("record_id"), col(Release.version).label("label"))
    return select(*_keys(found), *named).join(Release, col(Release.id) == found.c.last).where(~live_again)


def _keys(models: FromClause) -> tuple[Any, ...]:
    return models.c.anchor, models.c.since, models.c.until, models.c.entry_id


def _serves(release: Any) -> Any:
    return (col(release.environment) == PRODUCTION) & col(release.kind).in_(SERVING)


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

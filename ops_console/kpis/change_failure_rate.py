"""Change failure rate: the share of releases that hurt."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind
from ops_console.core.columns import milliseconds_between, shifted_by
from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink, is_real

MENDING = (DeploymentKind.ROLLBACK.value, DeploymentKind.HOTFIX.value)
UNDER_WAY = "not recovered yet"


def change_failure_rate() -> Share:
    """Releases that caused at least one incident, were rolled back or needed a hotfix ÷ releases that went live in
    production. Releases are counted, not incidents: three incidents of one release are one failed release, so the
    rate never exceeds 100%. A link between incident and release counts once it is confirmed, by a person, by the
    source, or by a rollback or hotfix that names its target; suggestions wait beside the figure, with the value they
    could move it to. False positives, duplicates, drills, maintenance and deleted incidents do not count; rollbacks,
    configuration changes and restarts are not in the denominator. A release keeps maturing for seven days. Beside it:
    the time from the harm of each failed release to its being undone, with each time it broke again, and rework, the
    share of deployments that were rollbacks, hotfixes or made because of an incident.
    """
    failed = or_(_linked(confirmed=True), _rolled_back())
    suspected = _linked(confirmed=False) & ~failed  # what is seldom true is asked first
    rows = select(
        *_release(null()),
        case((failed, 1), else_=0).label("hit"),
        case((suspected, 1), else_=0).label("suspected"),
    ).where(new_in_production())
    return Share(rows=(rows,), record="deployment", besides={"recovery": _recovery(failed), "rework": _rework()})


def _recovery(failed: ColumnElement[bool]) -> Duration:
    """From the harm a failed release did to its being undone: its incidents restored, or the release rolled back,
    whichever came first. It cannot have done harm before it was live. Each time an incident was broken again is added,
    as wherever its duration is told, and while it is broken again it is not restored.
    """
    restored = shifted_by(Incident.restored_at, Incident.reopened_ms)
    ended_at = case((col(Incident.reopened_at).is_(None), restored))
    hurt = (
        select(
            col(IncidentLink.release_id),
            func.min(Incident.began_at).label("began_at"),
            case((func.count() == func.count(ended_at), func.max(ended_at))).label("ended"),
        )
        .join(Incident, _counts(confirmed=True))
        .group_by(col(IncidentLink.release_id))
        .subquery("hurt")
    )
    back = (
        select(col(Release.rolls_back_id), func.min(Release.live_at).label("at"))
        .where(col(Release.rolls_back_id).is_not(None), col(Release.live_at).is_not(None))
        .group_by(col(Release.rolls_back_id))
        .subquery("back")
    )
    began = case((hurt.c.began_at > Release.live_at, hurt.c.began_at), else_=col(Release.live_at))
    ended = case((back.c.at < hurt.c.ended, back.c.at), else_=func.coalesce(hurt.c.ended, back.c.at))
    ms = milliseconds_between(began, ended)
    excluded = case((ended.is_(None), literal(UNDER_WAY)), (ms < 0, literal("restored before it began")), else_=null())
    rows = (
        select(*_release(excluded), ms.label("ms"))
        .outerjoin(hurt, hurt.c.release_id == Release.id)
        .outerjoin(back, back.c.rolls_back_id == Release.id)
        .where(new_in_production(), failed)
    )
    return Duration(rows=(rows,), record="deployment", waiting=UNDER_WAY)


def _rework() -> Share:
    """Deployments that mend what another broke, of all that changed what serves."""
    mends = or_(col(Release.kind).in_(MENDING), col(Release.remediates).is_not(None))
    rows = select(*_release(null()), case((mends, 1), else_=0).label("hit")).where(
        or_(
            new_in_production(),
            and_(
                col(Release.environment) == PRODUCTION,
                col(Release.kind) == DeploymentKind.ROLLBACK.value,
                col(Release.live_at).is_not(None),
            ),
        )
    )
    return Share(rows=(rows,), record="deployment")


def _release(excluded: ColumnElement[Any]) -> tuple[Any, ...]:
    return (
        col(Release.live_at).label("anchor"),
        col(Release.entry_id).label("entry_id"),
        col(Release.id).label("record_id"),
        col(Release.version).label("label"),
        excluded.label("excluded"),
    )


def _linked(*, confirmed: bool) -> ColumnElement[bool]:
    mine = col(IncidentLink.release_id) == col(Release.id)
    return exists().where(mine, _counts(confirmed=confirmed)).correlate(Release)


def _counts(*, confirmed: bool) -> ColumnElement[bool]:
    """The join of an incident to its link that keeps what counts against a release."""
    return and_(
        col(IncidentLink.confirmed).is_(confirmed),
        col(Incident.id) == col(IncidentLink.incident_id),
        is_real(),
    )


def _rolled_back() -> ColumnElement[bool]:
    back = aliased(Release)
    named = col(back.rolls_back_id).is_not(None)  # said for the index, which knows of no others
    mine = col(back.rolls_back_id) == col(Release.id)
    return exists().where(named, mine, col(back.live_at).is_not(None)).correlate(Release)


DEFINITION = Definition(
    key="change_failure_rate",
    number=12,
    title="Change failure rate",
    question="How often does a release hurt?",
    formula="Releases with a confirmed incident, a rollback or a hotfix ÷ releases live in production",
    unit=Unit.SHARE,
    better=Better.LOWER,
    compute=change_failure_rate,
    targets={None: Bounds(high=0.10)},
    window_days=90,
    widens=True,
    minimum=10,
    facts=("deployments", "incidents"),
    also=("models",),
    read_with=("model_deployments",),
    statistic="share",
    best=0,
    matures_days=7,
    may_still="fail",
    nothing="No deployments",
)

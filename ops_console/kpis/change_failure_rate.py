"""Change failure rate: the share of releases that hurt."""

from sqlalchemy import ColumnElement, case, exists, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink


def change_failure_rate() -> Share:
    """Releases that caused at least one incident, were rolled back or needed a hotfix ÷ releases that went live in
    production. Releases are counted, not incidents: three incidents of one release are one failed release, so the
    rate never exceeds 100 %. A link between incident and release counts once it is confirmed, by a person, by the
    source, or by a rollback or hotfix that names its target; suggestions wait beside the figure, with the value they
    could move it to. False positives, duplicates, maintenance and deleted incidents do not count; rollbacks,
    configuration changes and restarts are not in the denominator. A release keeps maturing for seven days.
    """
    failed = or_(_linked(confirmed=True), _rolled_back())
    suspected = ~failed & _linked(confirmed=False)
    rows = select(
        col(Release.live_at).label("anchor"),
        col(Release.entry_id).label("entry_id"),
        col(Release.id).label("record_id"),
        col(Release.version).label("label"),
        null().label("excluded"),
        case((failed, 1), else_=0).label("hit"),
        case((suspected, 1), else_=0).label("suspected"),
    ).where(new_in_production())
    return Share(rows=(rows,), record="deployment")


def _linked(*, confirmed: bool) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            col(IncidentLink.release_id) == col(Release.id),
            col(IncidentLink.confirmed).is_(confirmed),
            col(Incident.id) == col(IncidentLink.incident_id),
            col(Incident.false_positive).is_(False),
            col(Incident.maintenance).is_(False),
            col(Incident.duplicate_of).is_(None),
            col(Incident.deleted_at).is_(None),
        )
        .correlate(Release)
    )


def _rolled_back() -> ColumnElement[bool]:
    back = aliased(Release)
    return exists().where(col(back.rolls_back_id) == col(Release.id), col(back.live_at).is_not(None)).correlate(Release)


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
    nothing="No deployments",
)

"""What a word finds among records: names of models and teams, incidents, deployments, reports that were made."""

from urllib.parse import urlencode

from sqlalchemy import or_
from sqlmodel import Session, col, select

from ops_console.contracts.document import Line
from ops_console.core import units
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.catalog import Alias, CatalogEntry
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.reports import ReportRun
from ops_console.web.reads.listing import containing

SHOWN = 20


def models(session: Session, word: str) -> list[Line]:
    """By name, slug or any name a source uses."""
    aliased = select(Alias.entry_id).where(containing(col(Alias.name), word))
    name, slug = col(CatalogEntry.name), col(CatalogEntry.slug)
    rows = session.exec(
        select(CatalogEntry.slug, CatalogEntry.name)
        .where(
            col(CatalogEntry.deleted_at).is_(None),
            or_(containing(name, word), containing(slug, word), col(CatalogEntry.id).in_(aliased)),
        )
        .order_by(name)
        .limit(SHOWN)
    )
    return [Line(name, link=f"/models/{slug}") for slug, name in rows]


def teams(session: Session, word: str) -> list[Line]:
    """The teams that answer for something today; each leads to its scorecard."""
    rows = session.exec(
        select(CatalogEntry.team)
        .where(col(CatalogEntry.deleted_at).is_(None), containing(col(CatalogEntry.team), word))
        .distinct()
        .order_by(col(CatalogEntry.team))
        .limit(SHOWN)
    )
    scopes = [Scope(ScopeKind.TEAM, team) for team in rows if team]
    return [Line(scope.title, link=f"/kpis?{urlencode({'scope': str(scope)})}") for scope in scopes]


def incidents(session: Session, word: str) -> list[Line]:
    """Newest first; by title or the source's own number."""
    rows = session.exec(
        select(Incident.id, Incident.external_id, Incident.title)
        .where(
            col(Incident.deleted_at).is_(None),
            or_(containing(col(Incident.title), word), col(Incident.external_id) == word),
        )
        .order_by(col(Incident.began_at).desc())
        .limit(SHOWN)
    )
    return [Line(f"{external_id} {title}", link=f"/incidents/{number}") for number, external_id, title in rows]


def deployments(session: Session, word: str) -> list[Line]:
    """Newest first; by version, or by model and version (`ranker 1.4`)."""
    slug, version = col(CatalogEntry.slug), col(Release.version)
    asked = containing(version, word)
    if " " in word:
        asked = or_(asked, containing(slug + " " + version, word))
    rows = session.exec(
        select(Release.id, CatalogEntry.slug, Release.version, Release.environment)
        .join(CatalogEntry, col(CatalogEntry.id) == col(Release.entry_id))
        .where(asked)
        .order_by(col(Release.id).desc())
        .limit(SHOWN)
    )
    return [
        Line(f"{slug} {version} in {place}", link=f"/deployments/{number}") for number, slug, version, place in rows
    ]


def report_runs(session: Session, titles: dict[str, str], word: str) -> list[Line]:
    """Reports that were made, the newest first; by title and period (`operations report oct`)."""
    rows = session.exec(
        select(ReportRun.id, ReportRun.report, ReportRun.period)
        .where(col(ReportRun.report).in_(titles))
        .order_by(col(ReportRun.id).desc())
    )
    named = ((number, f"{titles[report]}, {units.period_title(period)}") for number, report, period in rows)
    found = [Line(name, link=f"/reports/runs/{number}") for number, name in named if word.casefold() in name.casefold()]
    return found[:SHOWN]

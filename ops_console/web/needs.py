"""What waits for a person: promises, decisions, failed reports, refused rows, silent sources, names, links, gaps."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.contracts import kind_words
from ops_console.contracts.document import Line, Tone
from ops_console.contracts.vocabulary import LinkMethod
from ops_console.core import units
from ops_console.ingest.freshness import Freshness
from ops_console.records.catalog import CatalogEntry
from ops_console.records.imports import Import
from ops_console.records.incidents import IncidentLink
from ops_console.records.reports import ReportRun
from ops_console.web.promised_needs import promised_needs
from ops_console.web.reads import decisions
from ops_console.web.reads.gaps import number_lacking
from ops_console.web.view import workspace

LOOK_BACK = timedelta(days=14)
MOST_IMPORTS = 3
UNSENT = {"failed": "failed", "partly_sent": "did not reach everybody", "held": "is held"}


def needs(session: Session, freshness: Mapping[str, Freshness], now: datetime) -> list[Line]:
    """Worst first; a constant number of statements."""
    return [
        *promised_needs(session, now),
        *_decisions(session, now),
        *_reports(session, now),
        *_imports(session, now),
        *_sources(freshness),
        *_names(session),
        *_suggestions(session),
        *_gaps(session, now),
    ]


def _decisions(session: Session, now: datetime) -> list[Line]:
    today = now.astimezone(workspace().zone).date()
    count, oldest = decisions.overdue(session, today)
    if oldest is None:
        return []
    days = (today - oldest).days
    text = f"{units.count(count)} {_s(count, 'decision')} asked and overdue, worst {days} {_s(days, 'day')}"
    return [_line(text, "/decisions", "watch")]


def _reports(session: Session, now: datetime) -> list[Line]:
    runs = session.execute(
        select(col(ReportRun.id), col(ReportRun.report), col(ReportRun.period), col(ReportRun.state))
        .where(col(ReportRun.state).in_(UNSENT), col(ReportRun.made_at) > now - 2 * LOOK_BACK)
        .order_by(col(ReportRun.made_at).desc())
        .limit(MOST_IMPORTS)
    )
    return [
        _line(f"{_sentence(report)} for {units.period_title(period)} {UNSENT[state]}", f"/reports/runs/{number}", "bad")
        for number, report, period, state in runs
    ]


def _imports(session: Session, now: datetime) -> list[Line]:
    """The newest import of each source and kind, where it failed or refused rows."""
    newest = select(func.max(col(Import.id))).where(col(Import.started_at) > now - LOOK_BACK)
    newest = newest.group_by(col(Import.source), col(Import.kind))
    rows = session.execute(
        select(col(Import.id), col(Import.source), col(Import.kind), col(Import.refused), col(Import.error))
        .where(col(Import.id).in_(newest), (col(Import.refused) > 0) | col(Import.error).is_not(None))
        .order_by(col(Import.id).desc())
        .limit(MOST_IMPORTS)
    )
    return [_import(*row) for row in rows]


def _import(number: int | None, source: str, kind: str, refused: int, error: str | None) -> Line:
    what = f"Import of {kind_words.many(kind)} from {source}"
    if error:
        return _line(f"{what} ended early", f"/imports/{number}", "bad")
    return _line(f"{what}: {units.count(refused)} {_s(refused, 'row')} refused", f"/imports/{number}", "watch")


def _sources(freshness: Mapping[str, Freshness]) -> list[Line]:
    lines = []
    for kind, each in freshness.items():
        if each.state in ("stale", "failed"):
            since = f" since {units.day(each.last_good.astimezone(workspace().zone).date())}" if each.last_good else ""
            text = f"{kind_words.title(kind)} from {', '.join(each.behind or each.sources)}: no new facts{since}"
            lines.append(_line(text, "/data-health", "watch"))
    return lines


def _names(session: Session) -> list[Line]:
    unknown = session.execute(
        select(func.count()).where(col(CatalogEntry.provisional), col(CatalogEntry.deleted_at).is_(None))
    ).scalar_one()
    text = f"{units.count(unknown)} {_s(unknown, 'name')} not mapped to a model or service"
    return [_line(text, "/data-health#names", "watch")] if unknown else []


def _suggestions(session: Session) -> list[Line]:
    waiting = session.execute(
        select(func.count()).where(
            col(IncidentLink.method) == LinkMethod.SUGGESTION.value, col(IncidentLink.confirmed).is_(False)
        )
    ).scalar_one()
    text = f"{units.count(waiting)} {_s(waiting, 'incident')} may come from a release: confirm or say no"
    return [_line(text, "/incidents?link=suggested", "none")] if waiting else []


def _gaps(session: Session, now: datetime) -> list[Line]:
    lacking = number_lacking(session, now, workspace().zone)
    text = f"{units.count(lacking)} production {_s(lacking, 'model')} with ownership gaps: see what is missing"
    return [_line(text, "/models/gaps", "none")] if lacking else []


def _line(text: str, link: str, tone: str) -> Line:
    icon = {"bad": "■", "watch": "▲", "none": "○"}[tone]
    return Line(text, icon, Tone(tone), link)


def _sentence(word: str) -> str:
    return word.replace("_", " ").capitalize()


def _s(number: int, word: str) -> str:
    return word if number == 1 else f"{word}s"

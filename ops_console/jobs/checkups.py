"""What `ops-console doctor` looks at: whether this console can do its work, and what to do where it cannot."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col

from ops_console.accounts.roles import Role
from ops_console.contracts.document import Tone
from ops_console.contracts.office import Office
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.ingest.freshness import FAILED, STALE, sources
from ops_console.records import audit, workspace
from ops_console.records.access import Account
from ops_console.records.jobs import JobRun
from ops_console.records.schema import head
from ops_console.reporting.delivery import Post
from ops_console.reporting.publishing import REMEDIES, nobody
from ops_console.reporting.readers import addressed
from ops_console.reporting.report import of

SILENT = timedelta(minutes=5)
"""The timetable ticks each minute."""
ROOM = 3
"""Times the size of an SQLite database that should be free: a migration copies its largest tables, a backup all."""
WHERE = "Check OPS_CONSOLE_DATABASE_URL,"
LOOPBACK = "http://127.0.0.1"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found. `remedy` is what to do, where something is."""

    about: str
    tone: Tone
    said: str
    remedy: str = ""


def checkups(office: Office) -> Iterator[Finding]:
    """In the order in which one depends on the other; without a database there is nothing else to look at."""
    file = office.engine.url.database or ""
    if office.engine.dialect.name == "sqlite" and not Path(file).is_file():  # to look would make it
        yield Finding("database", Tone.BAD, f"There is no file {file}.", f"{WHERE} or run ops-console migrate.")
        return
    try:
        with reading(office.engine) as session:
            found = _database(session)
            yield found
            if found.tone is not Tone.BAD:
                for look in LOOKS:
                    yield from look(session, office)
    except DatabaseError as error:
        said = str(error.orig).strip().split("\n")[0]
        yield Finding("database", Tone.BAD, said, f"{WHERE} or run ops-console migrate.")


def _database(session: Session) -> Finding:
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[session.get_bind().dialect.name]
    revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    if revision != head():
        return Finding("database", Tone.BAD, f"{kind} has the shape {revision}.", "Run ops-console migrate.")
    return Finding("database", Tone.GOOD, f"{kind} has the newest shape ({revision}).")


def _room(session: Session, office: Office) -> Iterator[Finding]:
    path = Path(office.engine.url.database or "")
    if session.get_bind().dialect.name != "sqlite" or not path.is_file():
        return
    size, free = path.stat().st_size, shutil.disk_usage(path.absolute().parent).free
    told = f"{units.count(size // 10**6)} MB, {units.count(free // 10**6)} MB free beside it."
    short = free < ROOM * size
    yield Finding(
        "room", Tone.WATCH if short else Tone.GOOD, told, "Free some; a backup takes as much." if short else ""
    )


def _workspace(session: Session, _: Office) -> Iterator[Finding]:
    home = workspace.current(session)
    demo = ", a demo that sends nothing" if home.is_demo else ""
    yield Finding("workspace", Tone.GOOD, f"{home.name}, {home.time_zone}, {home.currency}{demo}.")


def _people(session: Session, _: Office) -> Iterator[Finding]:
    active = select(func.count()).select_from(Account).where(col(Account.disabled_at).is_(None))
    everyone = session.scalar(active) or 0
    if session.scalar(active.where(col(Account.role) == Role.ADMIN.value)):
        yield Finding("people", Tone.GOOD, f"{units.counted(everyone, 'accounts')}, an administrator among them.")
    else:
        remedy = "Run ops-console user add you@example.com --role admin."
        yield Finding("people", Tone.BAD, "Nobody can sign in as administrator.", remedy)


def _timetable(session: Session, _: Office) -> Iterator[Finding]:
    last = session.scalar(select(func.max(col(JobRun.began_at))).where(col(JobRun.job) != "timetable"))
    if last is None:
        yield Finding("timetable", Tone.WATCH, "It never ran here.", "Run ops-console serve, or scheduler beside it.")
        return
    late = now() - last > SILENT
    remedy = "Run ops-console serve, or scheduler beside it." if late else ""
    yield Finding(
        "timetable", Tone.WATCH if late else Tone.GOOD, f"It last did something on {units.instant(last)}.", remedy
    )
    latest = select(func.max(col(JobRun.id))).where(col(JobRun.ended_at).is_not(None)).group_by(col(JobRun.job))
    failed = select(JobRun).where(col(JobRun.id).in_(latest), col(JobRun.outcome) == "failed").order_by(col(JobRun.job))
    for run in session.scalars(failed):
        yield Finding(
            f"job {run.job}", Tone.WATCH, f"Failed on {units.instant(run.due_at)}: {run.error}", "See the log."
        )


def _sources(session: Session, _: Office) -> Iterator[Finding]:
    found = sources(session, now())
    broken = [each for each in found if each.state in (FAILED, STALE)]
    if not found:
        yield Finding("sources", Tone.WATCH, "No facts have come in yet.", "Connect a source, or import a file.")
    elif not broken:
        yield Finding("sources", Tone.GOOD, f"All of {units.counted(len(found), 'feeds')} are fresh.")
    for each in broken:
        yield Finding(f"source {each.source}, {each.kind}", Tone.WATCH, each.reason, "See /data-health.")


def _reports(session: Session, office: Office) -> Iterator[Finding]:
    if workspace.current(session).is_demo:
        return
    total = 0
    for report in map(of, office.parts.reports.values()):
        post = Post(office.parts.channels, addressed(report.readers, office.settings))
        count = sum(map(len, post.recipients().values()))
        total += count
        if count:
            yield Finding(f"report {report.key}", Tone.GOOD, f"It goes to {units.counted(count, 'recipients')}.")
        else:
            yield Finding(f"report {report.key}", Tone.WATCH, nobody(report), REMEDIES[nobody(report)])
    if total and office.settings.base_url.startswith(LOOPBACK):
        said = "Links in reports lead to the reader's own machine."
        yield Finding("address", Tone.WATCH, said, "Set OPS_CONSOLE_BASE_URL to the console's address.")


def _trail(session: Session, _: Office) -> Iterator[Finding]:
    broken = audit.broken_at(session)
    if broken is None:
        yield Finding("trail", Tone.GOOD, f"The trail of decisions holds ({units.count(audit.length(session))}).")
    else:
        said = f"The trail of decisions breaks at entry {broken}."
        yield Finding("trail", Tone.BAD, said, "Compare the database with a backup.")


Look = Callable[[Session, Office], Iterator[Finding]]
LOOKS: tuple[Look, ...] = (_room, _workspace, _people, _timetable, _sources, _reports, _trail)

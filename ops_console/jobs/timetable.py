"""Everything that happens by itself: what, when, and why. Due rows decide; whoever claims a row does the job."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from ops_console.chat import desk
from ops_console.chat.answering import answer_waiting
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import OpsConsoleError
from ops_console.core.periods import latest_complete
from ops_console.ingest import inbox
from ops_console.ingest.sync import sync_due, tidy_runs
from ops_console.jobs.tracking import keep_in_step
from ops_console.practices import reviews
from ops_console.records import workspace
from ops_console.reporting import report
from ops_console.reporting.delivery import Post, deliver_due, reconcile
from ops_console.reporting.notices import tell_owner
from ops_console.reporting.packing import packer
from ops_console.reporting.publishing import publish
from ops_console.reporting.reminding import check, remind
from ops_console.reporting.report import Report
from ops_console.reporting.schedule import Calendar, Slot
from ops_console.scorecard.refresh import refresh

DAY = 24 * 60
MEMORY = timedelta(days=3)
"""A slot missed for longer than this is over."""
SYNC_SECONDS = 40.0
"""Of each minute, so that a long backfill holds up no report."""
RUNS_KEPT = timedelta(days=90)


class When(Protocol):
    """A schedule: slots due in `(after, until]`, oldest first."""

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Slot]: ...


@dataclass(frozen=True, slots=True)
class Every:
    """Each so many minutes, counted from midnight UTC; of missed slots the newest is enough."""

    minutes: int

    def __str__(self) -> str:
        return {1: "each minute", DAY: "each day"}.get(self.minutes, f"each {self.minutes} minutes")

    def between(self, after: datetime, until: datetime, calendar: Calendar) -> Iterator[Slot]:
        step = timedelta(minutes=self.minutes)
        begun = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        due = begun + (until - begun) // step * step
        if due > after:
            yield Slot(f"{due:%Y-%m-%dT%H:%M}", due)


@dataclass(frozen=True, slots=True)
class Job:
    """`keep` is how long its slots are remembered: at least as long as a missed one may be made up for."""

    name: str
    when: When
    why: str
    run: Callable[[Office, Slot], None]
    keep: timedelta = timedelta(days=7)


def timetable(parts: Parts) -> list[Job]:
    """Every job, in the order in which those due at the same minute run: figures before the reports made of them."""
    reports = (report.of(module) for module in parts.reports.values())
    return [
        Job("inbox", Every(1), "what vendors sent is read", _inbox),
        Job("chat", Every(1), "what people asked where they talk is answered, if its answer got lost", _chat),
        Job("refresh scorecard", Every(5), "facts that arrived show in the figures", _refresh),
        Job("open reviews", Every(5), "a restored incident that must be reviewed gets its review", _open_reviews),
        Job("reminders", Every(10), "each owner hears once of what is due, in one message a day", _remind),
        Job("audit of reminders", Every(DAY), "every reminder that was due went out, exactly once", _audit_reminders),
        *(_report_job(one) for one in reports),
        Job("deliveries", Every(1), "retries, answers that got lost, failures nobody was told of", _deliveries),
        Job("sync", Every(1), "sources are asked for what is new", _sync),
        Job("tickets", Every(1), "actions and their tickets elsewhere say the same", _tickets),
        Job("tidy", Every(DAY), "old webhook bodies and runs are forgotten", _tidy),
    ]


def _report_job(one: Report) -> Job:
    return Job(f"report {one.key}", one.schedule, one.question, partial(_publish, one), keep=timedelta(days=800))


def _inbox(office: Office, _slot: Slot) -> None:
    inbox.process(office)


def _chat(office: Office, _slot: Slot) -> None:
    answer_waiting(office)


def _sync(office: Office, _slot: Slot) -> None:
    sync_due(office, "timetable", SYNC_SECONDS)


def _tickets(office: Office, _slot: Slot) -> None:
    keep_in_step(office)


def _tidy(office: Office, _slot: Slot) -> None:
    with transaction(office.engine) as session:
        inbox.tidy(session, now() - timedelta(days=office.settings.inbox_days))
        tidy_runs(session, now() - RUNS_KEPT)
        desk.tidy(session, now() - RUNS_KEPT)


def _refresh(office: Office, _slot: Slot) -> None:
    refresh(office.engine, now(), office.settings.processes)


def _open_reviews(office: Office, _slot: Slot) -> None:
    with transaction(office.engine) as session:
        reviews.open_due(session, now())


def _remind(office: Office, _slot: Slot) -> None:
    remind(office.engine, _post(office))


def _post(office: Office) -> Post:
    return Post(office.parts.channels, office.settings)


def _audit_reminders(office: Office, _slot: Slot) -> None:
    found = check(office.engine, _post(office))
    if found:
        raise OpsConsoleError(" ".join(f"{sentence}." for sentence in found))


def _publish(one: Report, office: Office, slot: Slot) -> None:
    """The newest period that had ended when the report was due, however late it is now."""
    refresh(office.engine, now(), office.settings.processes)
    with reading(office.engine) as session:
        period = latest_complete(slot.due_at, one.grain, workspace.current(session).zone)
    publish(office.engine, office.parts, office.settings, one, period, made_by="timetable", due_at=slot.due_at)


def _deliveries(office: Office, _slot: Slot) -> None:
    reconcile(office.engine, _post(office))
    deliver_due(office.engine, _post(office), packer(office.parts))
    tell_owner(office.engine, _post(office))

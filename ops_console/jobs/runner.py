"""Ticks each minute and does what is due. APScheduler keeps the minute; rows in the database decide."""

from collections.abc import Sequence
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import settings
from ops_console.jobs import slots
from ops_console.jobs.timetable import MEMORY, Job, timetable
from ops_console.records import workspace
from ops_console.reporting.schedule import Calendar, Slot

log = structlog.get_logger()


class Runner:
    """A timetable in the background of a process; any number of processes may run one on the same database."""

    def __init__(self, engine: Engine, parts: Parts) -> None:
        self._office = Office(engine, parts, settings())
        self._jobs = timetable(parts)
        self._clock = BackgroundScheduler(timezone=UTC)

    def start(self) -> "Runner":
        """Begin at once, then each full minute; a tick that runs over its minute delays the next."""
        run = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._clock.add_job(tick, "cron", second=0, args=(self._office, self._jobs), next_run_time=now(), **run)
        self._clock.start()
        return self

    def stop(self) -> None:
        """Return when the tick under way has ended."""
        self._clock.shutdown(wait=True)


def start(engine: Engine, parts: Parts) -> Runner:
    """Run the timetable in the background of this process."""
    return Runner(engine, parts).start()


def tick(office: Office, jobs: Sequence[Job]) -> list[str]:
    """Do everything that is due and that nobody else has claimed; returns the names of the jobs done."""
    moment = now()
    with transaction(office.engine) as session:
        began = slots.began(session, moment)
    with reading(office.engine) as session:
        home = workspace.current(session)
    calendar, after = Calendar(home.zone, home.country), max(moment - MEMORY, began)
    return [job.name for job in jobs for slot in job.when.between(after, moment, calendar) if _do(office, job, slot)]


def _do(office: Office, job: Job, slot: Slot) -> bool:
    claimed_at = now()
    with transaction(office.engine) as session:
        if not slots.claim(session, job.name, slot, claimed_at):
            return False
    error = _attempt(office, job, slot)
    with transaction(office.engine) as session:
        slots.end(session, job.name, slot, claimed_at, now(), error)
        slots.forget(session, job.name, now() - job.keep)
    return True


def _attempt(office: Office, job: Job, slot: Slot) -> str | None:
    try:
        job.run(office, slot)
    except Exception as error:  # one job that breaks must not stop the others; the row and the log keep what it said
        log.exception("job failed", job=job.name, slot=slot.key)
        return f"{type(error).__name__}: {error}"[:2000]
    return None

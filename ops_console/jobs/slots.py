"""Claims of slots: whoever inserts the row does the job. A claimer that died is replaced after a quarter of an hour."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from ops_console.records.jobs import JobRun
from ops_console.reporting.schedule import Slot

STUCK = timedelta(minutes=15)
DONE, FAILED = "done", "failed"
BEGINNING = ("timetable", "began")


def began(session: Session, now: datetime) -> datetime:
    """When this console's timetable first ran; nothing is due from before."""
    job, slot = BEGINNING
    _insert(session, job, Slot(slot, now), now)
    found = select(JobRun.due_at).where(JobRun.job == job, JobRun.slot == slot)
    return session.exec(found).one()


def claim(session: Session, job: str, slot: Slot, now: datetime) -> bool:
    """Whether this slot is ours: new, or left by a claimer that died or failed long enough ago."""
    return _insert(session, job, slot, now) or _take_over(session, job, slot, now)


def end(session: Session, job: str, slot: Slot, began_at: datetime, now: datetime, error: str | None) -> None:
    """Write how it went, unless somebody took the slot over meanwhile."""
    session.execute(
        update(JobRun)
        .where(col(JobRun.job) == job, col(JobRun.slot) == slot.key, col(JobRun.began_at) == began_at)
        .values(ended_at=now, outcome=FAILED if error else DONE, error=error)
    )


def forget(session: Session, job: str, before: datetime) -> None:
    """Old slots of a job; nobody asks for them again."""
    session.execute(delete(JobRun).where(col(JobRun.job) == job, col(JobRun.due_at) < before))


def _insert(session: Session, job: str, slot: Slot, now: datetime) -> bool:
    insert = insert_postgres if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    row = {"job": job, "slot": slot.key, "due_at": slot.due_at, "began_at": now}
    unless_there = insert(JobRun).values(row).on_conflict_do_nothing(index_elements=["job", "slot"])
    # Not the row count: with keys made by the database the drivers report it differently.
    return session.execute(unless_there.returning(col(JobRun.id))).first() is not None


def _take_over(session: Session, job: str, slot: Slot, now: datetime) -> bool:
    died = col(JobRun.ended_at).is_(None) & (col(JobRun.began_at) <= now - STUCK)
    failed = (col(JobRun.outcome) == FAILED) & (col(JobRun.ended_at) <= now - STUCK)
    taken = session.execute(
        update(JobRun)
        .where(col(JobRun.job) == job, col(JobRun.slot) == slot.key, or_(died, failed))
        .values(began_at=now, ended_at=None, outcome=None, error=None)
    )
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]  # an update yields a cursor result

"""Due rows decide: each slot happens once, whoever ticks, and late rather than never."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import Engine, select

from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.jobs import runner, slots
from ops_console.jobs.runner import tick
from ops_console.jobs.timetable import Every, Job, timetable
from ops_console.records.jobs import JobRun
from ops_console.records.workspace import Workspace
from ops_console.reporting.schedule import Slot, WorkingDayOfMonth
from tests.reporting.posting import Pigeons
from tests.reporting.workspaces import parts, workspace

MINUTE = timedelta(minutes=1)
THIRD = WorkingDayOfMonth(3, time(9))


@dataclass
class Diary:
    """A job that writes down when it happened; `trouble` is raised in turn."""

    entries: list[tuple[str, datetime]] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)

    def __call__(self, office: Office, slot: Slot) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.entries.append((slot.key, now()))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def office(engine: Engine, of: Parts | None = None) -> Office:
    return Office(engine, of or Parts(), Settings())


def in_london(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(Workspace(name="W", time_zone="Europe/London", currency="GBP", country="GB-ENG", made_at=now()))


def test_a_year_has_twelve_reports_each_at_nine_by_the_wall_clock(
    sqlite: Engine, clock: time_machine.Traveller
) -> None:
    in_london(sqlite)
    diary, at = Diary(), office(sqlite)
    jobs = [Job("report", THIRD, "because", diary, timedelta(days=800))]
    while now() < datetime(2027, 1, 1, tzinfo=UTC):
        tick(at, jobs)
        clock.shift(timedelta(hours=6))
    assert [key for key, _ in diary.entries] == [
        "2026-01-06", "2026-02-04", "2026-03-04", "2026-04-07", "2026-05-06", "2026-06-03",
        "2026-07-03", "2026-08-05", "2026-09-03", "2026-10-05", "2026-11-04", "2026-12-03",
    ]  # fmt: skip
    hours = {happened.hour for key, happened in diary.entries}
    assert hours == {12}  # ticks are six hours apart: nine is noticed at noon


def test_around_a_clock_change_the_report_comes_at_nine_to_the_minute(
    sqlite: Engine, clock: time_machine.Traveller
) -> None:
    in_london(sqlite)
    diary = Diary()
    tick(office(sqlite), [])
    for start in ("2026-04-07T07:55", "2026-11-04T08:55"):
        clock.move_to(datetime.fromisoformat(f"{start}+00:00"))
        for _ in range(10):
            tick(office(sqlite), [Job("report", THIRD, "because", diary)])
            clock.shift(MINUTE)
    assert [happened.isoformat()[:16] for _, happened in diary.entries] == ["2026-04-07T08:00", "2026-11-04T09:00"]


def test_a_report_missed_by_downtime_comes_once_and_late(sqlite: Engine, clock: time_machine.Traveller) -> None:
    in_london(sqlite)
    diary, job = Diary(), None
    job = Job("report", THIRD, "because", diary)
    tick(office(sqlite), [job])
    clock.move_to(datetime(2026, 2, 6, 20, 0, tzinfo=UTC))
    for _ in range(5):
        tick(office(sqlite), [job])
        clock.shift(MINUTE)
    assert [key for key, _ in diary.entries] == ["2026-02-04"]


def test_after_three_days_a_missed_report_is_over(sqlite: Engine, clock: time_machine.Traveller) -> None:
    in_london(sqlite)
    diary = Diary()
    tick(office(sqlite), [])
    clock.move_to(datetime(2026, 2, 7, 9, 1, tzinfo=UTC))
    tick(office(sqlite), [Job("report", THIRD, "because", diary)])
    assert diary.entries == []


def test_a_new_console_makes_up_for_nothing_from_before_it_began(sqlite: Engine, clock: time_machine.Traveller) -> None:
    in_london(sqlite)
    diary = Diary()
    clock.move_to(datetime(2026, 2, 5, 12, 0, tzinfo=UTC))
    tick(office(sqlite), [Job("report", THIRD, "because", diary)])
    assert diary.entries == []


def test_of_two_schedulers_one_does_the_job(database: Engine, clock: time_machine.Traveller) -> None:
    diary = Diary()
    job = Job("tidy", Every(5), "because", diary)
    tick(office(database), [])
    clock.shift(5 * MINUTE)
    assert [tick(office(database), [job]), tick(office(database), [job])] == [["tidy"], []]
    assert len(diary.entries) == 1


def test_threads_racing_for_a_slot_do_it_once(database: Engine) -> None:
    slot, won = Slot("2026-11-04", now()), []

    def race() -> None:
        with transaction(database) as session:
            if slots.claim(session, "report", slot, now()):
                won.append(1)

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert won == [1]


def test_one_job_that_breaks_does_not_stop_the_others(sqlite: Engine, clock: time_machine.Traveller) -> None:
    broken, fine = Diary(trouble=[RuntimeError("no ink")]), Diary()
    tick(office(sqlite), [])
    clock.shift(MINUTE)
    tick(office(sqlite), [Job("broken", Every(1), "", broken), Job("fine", Every(1), "", fine)])
    assert len(fine.entries) == 1
    with reading(sqlite) as session:
        row = session.scalars(select(JobRun).where(JobRun.job == "broken")).one()
    assert (row.outcome, row.error) == ("failed", "RuntimeError: no ink")


def test_a_report_that_failed_is_tried_again_after_a_quarter_of_an_hour(
    sqlite: Engine, clock: time_machine.Traveller
) -> None:
    in_london(sqlite)
    diary = Diary(trouble=[RuntimeError("no ink")])
    job = Job("report", THIRD, "because", diary)
    tick(office(sqlite), [])
    clock.move_to(datetime(2026, 1, 6, 9, 0, tzinfo=UTC))
    for _ in range(20):
        tick(office(sqlite), [job])
        clock.shift(MINUTE)
    assert [happened.minute for _, happened in diary.entries] == [15]


def test_a_slot_whose_claimer_died_is_taken_over_after_a_quarter_of_an_hour(
    database: Engine, clock: time_machine.Traveller
) -> None:
    slot = Slot("2026-01-06", now())
    claims = []
    for wait in (0, 14, 1):
        clock.shift(wait * MINUTE)
        with transaction(database) as session:
            claims.append(slots.claim(session, "report", slot, now()))
    assert claims == [True, False, True]


def test_old_slots_are_forgotten(sqlite: Engine, clock: time_machine.Traveller) -> None:
    job = Job("tidy", Every(60), "", Diary(), keep=timedelta(hours=5))
    for _ in range(24):
        clock.shift(timedelta(hours=1))
        tick(office(sqlite), [job])
    with reading(sqlite) as session:
        assert len(session.scalars(select(JobRun).where(JobRun.job == "tidy")).all()) <= 6


def test_on_the_third_working_day_the_real_timetable_sends_the_month(
    database: Engine, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 4, 8, 58, tzinfo=UTC))
    workspace(database)
    pigeons = Pigeons()
    at = office(database, parts(pigeons=pigeons))
    for _ in range(5):
        tick(at, timetable(at.parts))
        clock.shift(MINUTE)
    assert pigeons.addressees == ["ann@example.com", "bob@example.com"]
    assert pigeons.documents[0].title == "MLOps monthly report: Oct 2026"
    assert pigeons.documents[0].marks == ()


def test_a_month_missed_by_a_weekend_of_downtime_is_sent_late_and_once(
    sqlite: Engine, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 3, 12, 0, tzinfo=UTC))
    workspace(sqlite)
    pigeons = Pigeons(readers=["ann@example.com"])
    at = office(sqlite, parts(pigeons=pigeons))
    tick(at, timetable(at.parts))
    clock.move_to(datetime(2026, 11, 6, 8, 0, tzinfo=UTC))
    for _ in range(3):
        tick(at, timetable(at.parts))
        clock.shift(MINUTE)
    assert [document.marks for document in pigeons.documents] == [("LATE",)]


def test_the_runner_ticks_at_once_and_stops_when_told(sqlite: Engine) -> None:
    happened = threading.Event()
    running = runner.Runner(sqlite, Parts())
    running._jobs = [Job("ring", Every(1), "", lambda *_: happened.set())]
    with transaction(sqlite) as session:
        slots.began(session, now() - timedelta(minutes=2))
    running.start()
    assert happened.wait(20)
    running.stop()

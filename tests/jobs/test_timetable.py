"""What happens by itself: figures each few minutes, reports on their day, deliveries each minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ops_console.jobs.timetable import MEMORY, Every, timetable
from tests.reporting.test_schedule import LONDON
from tests.reporting.workspaces import parts

NOON = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)


def test_every_job_says_when_and_why() -> None:
    said = [f"{job.name}, {job.when}: {job.why}" for job in timetable(parts())]
    assert said == [
        "inbox, each minute: what vendors sent is read",
        "chat, each minute: what people asked where they talk is answered, if its answer got lost",
        "refresh scorecard, each 5 minutes: facts that arrived show in the figures",
        "open reviews, each 5 minutes: a restored incident that must be reviewed gets its review",
        "reminders, each 10 minutes: each owner hears once of what is due, in one message a day",
        "audit of reminders, each day: every reminder that was due went out, exactly once",
        "report monthly_operations, working day 3 of the month, 09:00: "
        "Did we deliver and run models as promised, at what cost, and what needs a decision?",
        "deliveries, each minute: retries, answers that got lost, failures nobody was told of",
        "sync, each minute: sources are asked for what is new",
        "tickets, each minute: actions and their tickets elsewhere say the same",
        "tidy, each day: old webhook bodies and runs are forgotten",
    ]


def test_figures_are_fresh_before_a_report_is_made_of_them() -> None:
    names = [job.name for job in timetable(parts())]
    assert names.index("refresh scorecard") < names.index("report monthly_operations")


def test_slots_are_remembered_longer_than_they_can_be_made_up_for() -> None:
    assert all(job.keep > MEMORY for job in timetable(parts()))


def test_of_missed_minutes_the_newest_is_enough() -> None:
    slots = list(Every(5).between(NOON - timedelta(hours=3), NOON + timedelta(minutes=7), LONDON))
    assert [slot.key for slot in slots] == ["2026-11-04T12:05"]


def test_a_slot_already_passed_is_not_due_again() -> None:
    assert list(Every(5).between(NOON, NOON + timedelta(minutes=4), LONDON)) == []


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.integers(1, 59))
def test_one_moment_has_one_slot(moment: datetime, minutes: int) -> None:
    every = Every(minutes)
    found = list(every.between(moment - timedelta(days=2), moment, LONDON))
    assert len(found) == 1 and found[0].due_at <= moment < found[0].due_at + timedelta(minutes=minutes)

"""The quarterly governance report: its order, and when it is due."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ops_console.core.periods import Grain
from ops_console.reporting import report
from ops_console.reporting.readers import Readers
from ops_console.reporting.schedule import Calendar
from reports import quarterly_governance
from reports.quarterly_governance import REPORT

LONDON = Calendar(ZoneInfo("Europe/London"), "GB-ENG")


def test_it_offers_what_a_report_file_must() -> None:
    assert report.of(quarterly_governance) is REPORT
    assert (REPORT.key, REPORT.grain, REPORT.readers) == ("quarterly_governance", Grain.QUARTER, Readers.LEADERS)


def test_it_goes_out_on_the_fifth_working_day_of_each_quarter() -> None:
    assert str(REPORT.schedule) == "working day 5 of the quarter, 09:00"
    due = REPORT.schedule.next(datetime(2026, 1, 1, tzinfo=UTC), LONDON, 4)
    assert [at.date().isoformat() for at in due] == ["2026-01-08", "2026-04-09", "2026-07-07", "2026-10-07"]


def test_between_two_quarters_nothing_is_due() -> None:
    after, until = datetime(2026, 1, 9, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert list(REPORT.schedule.between(after, until, LONDON)) == []


def test_its_sections_stand_in_the_order_of_the_guide() -> None:
    assert [section.__name__ for section in REPORT.sections] == [
        "model_documentation",
        "reproducibility",
        "audit_readiness",
        "automation",
        "people",
        "cost_trends",
        "scorecard",
        "decisions_asked",
        "data_quality",
        "method",
    ]

"""The weekly review: its order is the agenda of the hour, and it is the team's."""

from ops_console.core.periods import Grain
from ops_console.reporting import report
from ops_console.reporting.readers import Readers
from reports import weekly_review
from reports.weekly_review import REPORT


def test_it_offers_what_a_report_file_must() -> None:
    assert report.of(weekly_review) is REPORT
    assert (REPORT.key, REPORT.grain, REPORT.readers) == ("weekly_review", Grain.WEEK, Readers.TEAM)


def test_it_goes_out_on_the_first_working_day_at_nine() -> None:
    assert str(REPORT.schedule) == "first working day of the week, 09:00"


def test_its_sections_stand_in_the_order_of_the_guide() -> None:
    assert [section.__name__ for section in REPORT.sections] == [
        "incidents",
        "slo_compliance",
        "cost_of_the_week",
        "on_call",
        "gates",
        "risky_changes",
        "actions_due",
        "decisions_asked",
        "data_quality",
    ]

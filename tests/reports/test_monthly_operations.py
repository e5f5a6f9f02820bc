"""The report file itself: its order is a promise to its readers."""

from ops_console.core.periods import Grain
from ops_console.reporting import report
from reports import monthly_operations
from reports.monthly_operations import REPORT


def test_it_offers_what_a_report_file_must() -> None:
    assert report.of(monthly_operations) is REPORT
    assert REPORT.key == "monthly_operations"


def test_it_goes_out_on_the_third_working_day_at_nine() -> None:
    assert str(REPORT.schedule) == "working day 3 of the month, 09:00"
    assert REPORT.grain is Grain.MONTH


def test_its_sections_stand_in_the_order_of_the_guide() -> None:
    assert [section.__name__ for section in REPORT.sections] == [
        "deployment_frequency",
        "incidents",
        "slo_compliance",
        "cost_trends",
        "reliability",
        "scorecard",
        "decisions_asked",
        "data_quality",
        "method",
    ]

"""The facts of a chart for readers who do not see it."""

from ops_console.reporting.charts import spec_for, table
from tests.reporting.charts import sights


def test_each_period_is_a_row_with_all_that_hover_tells() -> None:
    columns, rows = table(spec_for(sights.noted(sights.lead_time(), sights.RELEASE)))
    assert columns == ("Period", "Value", "n", "Target", "Status", "Note")
    assert rows[8] == (
        "Jun 2026",
        "7 days",
        "",
        "< 14 days",
        "● On target",
        "13 Jun 2026: Release: ranker-v4 released to all traffic",
    )


def test_a_gap_is_told_as_no_data() -> None:
    _, rows = table(spec_for(sights.lead_time()))
    assert rows[6][:2] == ("Apr 2026", "no data")


def test_every_annotation_is_in_the_table() -> None:
    _, rows = table(spec_for(sights.noted(sights.lead_time(), *[sights.RELEASE] * 5)))
    assert rows[8][-1].count("ranker-v4") == 5


def test_money_stands_beside_its_budget_of_the_time() -> None:
    _, rows = table(spec_for(sights.cost()))
    assert rows[0][1:4] == ("$36,400", "80% of budget", "$40,000")
    assert rows[-1][1:4] == ("$48,230", "106% of budget", "$45,500")


def test_a_running_period_says_so() -> None:
    _, rows = table(spec_for(sights.running()))
    assert rows[-1][0] == "Oct so far (12 of 31 days)"


def test_nothing_known_is_an_empty_table_or_says_no_data() -> None:
    _, rows = table(spec_for(sights.absent()))
    assert all(row[1] == "no data" for row in rows)

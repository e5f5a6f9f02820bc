"""The part of the report that says what was done so that it does not happen again, and the sentences about it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ops_console.contracts.document import Chart, Figures, Line, Lines, Table
from ops_console.reporting.composing import document
from ops_console.reporting.efforts import Actions, InitiativeRow, Initiatives, OverdueAction, Reviews
from ops_console.reporting.evidence import Evidence
from ops_console.reporting.snapshot import Snapshot, from_data
from ops_console.reporting.summary import candidates, summary
from reports.monthly_operations import REPORT
from tests.reporting import snapshots

ON = datetime(2026, 10, 14, 12, tzinfo=UTC)
ROW = OverdueAction("Raise the pool limit", "Ana Lee", date(2026, 10, 1), "INC-7 ranker")
ACTIONS = Actions(made=5, done=7, owed=11, overdue=3, oldest_days=34, rows=(ROW,), effective=2, recurred=1)
INITIATIVES = Initiatives(
    (
        InitiativeRow("Warm pool", "reliability", ON, "cold starts", Decimal(40), Decimal(12)),
        InitiativeRow("SLOs", "", ON),
    ),
    total=3,
)


def told(**evidence: object) -> Snapshot:
    return snapshots.snapshot(evidence=replace(Evidence(), **evidence))  # type: ignore[arg-type]


def blocks(of: Snapshot, key: str = "reliability") -> list[object]:
    parts = document(REPORT, of, "https://console.example/reports/runs/7").sections
    return next((list(part.blocks) for part in parts if part.key == key), [])


def table(of: Snapshot, number: int) -> Table:
    return [block for block in blocks(of) if isinstance(block, Table)][number]


def test_it_stands_between_the_cost_and_the_scorecard_on_every_channel() -> None:
    parts = document(REPORT, told(actions=ACTIONS), "").sections
    keys = [part.key for part in parts]
    assert keys.index("cost") + 1 == keys.index("reliability") == keys.index("scorecard") - 1
    assert next(part.channels for part in parts if part.key == "reliability") == {"page", "email", "slack", "pdf"}


def test_where_nothing_was_promised_and_no_initiative_is_known_it_is_not_there() -> None:
    assert blocks(told()) == []


def test_actions_are_told_as_of_the_month_and_as_of_the_moment() -> None:
    figures = next(block for block in blocks(told(actions=ACTIONS)) if isinstance(block, Figures)).figures
    assert [(each.label, each.reads, each.note, each.status) for each in figures] == [
        ("Actions promised", "5", "7 done in the month", ""),
        ("Actions overdue on 4 Nov 2026", "3 of 11", "oldest 34 days", "Overdue"),
    ]
    none = next(block for block in blocks(told(actions=Actions(owed=2))) if isinstance(block, Figures)).figures[1]
    assert (none.reads, none.status, none.note) == ("0 of 2", "None overdue", "")


def test_the_overdue_stand_with_owner_and_day_and_the_rest_are_counted() -> None:
    found = table(told(actions=ACTIONS), 0)
    assert found.rows == (("Raise the pool limit", "Ana Lee", "1 Oct 2026", "INC-7 ranker"),)
    assert found.note == "+2 more in the console: https://console.example/actions?state=overdue"


def test_an_initiative_that_nobody_measured_says_so() -> None:
    found = table(told(actions=ACTIONS, initiatives=INITIATIVES), 0)
    assert (
        found.caption == "Delivered in Oct 2026"
        and found.note == "+1 more in the console: https://console.example/kpis/reliability_improvements"
    )
    assert [row[2:] for row in found.rows] == [("cold starts", "40", "12"), ("not measured", "", "")]


def test_verdicts_are_counted_in_words() -> None:
    lines = [block.lines[0].text for block in blocks(told(actions=ACTIONS)) if isinstance(block, Lines)]
    assert lines == ["Actions whose 90 days ended: 2 effective, 1 recurred"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Reviews(), []),
        (Reviews(due=2, in_time=2), ["Reviews in 72 h: 2 of 2"]),
        (Reviews(due=2, in_time=1, late=("INC-1",)), ["Reviews in 72 h: 1 of 2, late INC-1"]),
        (Reviews(waiting=1, waived=2), ["Reviews in 72 h: 1 still in time; 2 waived"]),
        (
            Reviews(due=8, late=tuple(f"I{number}" for number in range(8))),
            ["Reviews in 72 h: 0 of 8, late I0, I1, I2, I3, I4, I5 and 2 more"],
        ),
    ],
)
def test_incidents_say_whether_they_were_reviewed_in_time(found: Reviews, said: list[str]) -> None:
    lines = next(block for block in blocks(told(reviews=found), "incidents") if isinstance(block, Lines)).lines
    assert [line.text for line in lines[1:]] == said


def test_the_summary_tells_of_broken_promises_behind_figures_and_before_gaps() -> None:
    late = told(actions=ACTIONS, reviews=Reviews(due=2, in_time=1, late=("INC-1",)))
    assert summary(late)[:2] == (
        Line("3 of 11 open actions overdue, oldest 34 days", "○", link="https://console.example/actions?state=overdue"),
        Line("1 of 2 reviews later than 72 h", "○", link="https://console.example/reviews"),
    )
    assert {fact.rank for fact in candidates(late)} == {7}


def test_a_calm_month_says_nothing_of_promises() -> None:
    assert candidates(told(actions=Actions(made=1, owed=1), reviews=Reviews(due=1, in_time=1))) == []


def test_a_report_without_a_word_about_it_comes_back_from_before_it_was_told() -> None:
    kept = snapshots.october().as_data()
    for name in ("reviews", "actions", "initiatives"):
        del kept["evidence"][name]
    assert from_data(kept).evidence.actions == Actions()


def test_charts_of_it_are_those_of_its_figure() -> None:
    assert not any(isinstance(block, Chart) for block in blocks(told(actions=ACTIONS)))

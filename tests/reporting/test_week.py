"""The sections that the weekly review alone has, each from a snapshot."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from ops_console.contracts.document import Block, Figures, Line, Lines, Note, Table
from ops_console.measures.readings import DataState
from ops_console.reporting.composing import document
from ops_console.reporting.efforts import Actions, OverdueAction
from ops_console.reporting.evidence import Evidence
from ops_console.reporting.hazards import FailedPipeline, FailedPipelines, Risky, RiskyRelease
from ops_console.reporting.snapshot import Snapshot, from_data
from ops_console.reporting.summary import summary
from reports.weekly_review import REPORT
from tests.reporting import shown, snapshots
from tests.reporting.shown import reading
from tests.reporting.snapshots import quiet

AT = datetime(2026, 10, 14, 12, tzinfo=UTC)
LOAD = {
    "by_hours": {"business": 3, "off": 2, "sleep": 4},
    "pages": 9,
    "pages_per_shift": 0.4,
    "shifts": 14,
    "shifts_over": 1,
}
LOUD = {"loudest": {"top": [{"name": f"alert-{n}", "count": 20 - n, "k": 1, "n": 8 * (n < 2)} for n in range(7)]}}


def week(*readings: object, month: tuple[object, ...] = (), **evidence: object) -> Snapshot:
    taken = snapshots.snapshot(evidence=replace(Evidence(), **evidence))  # type: ignore[arg-type]
    facts = replace(taken.facts, period="2026-W42", report=REPORT.key, title=REPORT.title)
    return replace(taken, facts=facts, readings=tuple(readings), month=month)  # type: ignore[arg-type]


def blocks(of: Snapshot, key: str) -> list[Block]:
    parts = document(REPORT, of, "https://console.example/reports/runs/7").sections
    return next((list(part.blocks) for part in parts if part.key == key), [])


def one(found: list[Block], kind: type) -> object:
    return next(block for block in found if isinstance(block, kind))


def cost(**changes: object) -> object:
    told = {"k": Decimal(13029), "n": None, "value": None, "previous_k": Decimal(12905), "previous_n": None}
    return quiet("cost_vs_budget", **(told | changes))


def test_the_week_is_told_without_a_budget_and_the_month_with_it() -> None:
    ahead = {"forecast": {"amount": "54289", "low": None, "high": None, "share": 0.93}}
    month = quiet("cost_vs_budget", detail=quiet("cost_vs_budget").detail | ahead)
    found = blocks(week(cost(), month=(month,)), "cost")
    assert one(found, Lines) == Lines(
        (Line("Week 42, 2026: $13,029, +$124 (+1.0%) on Sep; the budget is that of the month"),)
    )
    (figure,) = one(found, Figures).figures  # type: ignore[attr-defined]
    assert figure.label == "Cost against budget" and "of budget" in figure.note
    assert Note("Expected at the end of Oct 2026: $54,289, 93% of the budget.") in found


def test_a_week_that_no_bill_reaches_is_no_zero() -> None:
    (line,) = one(blocks(week(cost(k=None, previous_k=None)), "cost"), Lines).lines  # type: ignore[attr-defined]
    assert line.text == "Week 42, 2026: no cost is billed yet"


def test_pages_are_told_by_the_hours_in_which_they_came_and_alerts_by_what_they_were_worth() -> None:
    found = blocks(week(reading("team_health", detail=LOAD), reading("alert_quality", detail=LOUD)), "oncall")
    assert one(found, Lines) == Lines((Line("9 pages: 3 in business hours, 2 off, 4 in sleep hours"),))
    table = one(found, Table)
    assert table.rows[:3] == (  # type: ignore[attr-defined]
        ("alert-0", "20", "1 of 8"),
        ("alert-1", "19", "1 of 8"),
        ("alert-2", "18", "not judged"),
    )
    assert table.note.startswith("+2 more") and "/oncall?period=2026-W42" in table.note  # type: ignore[attr-defined]


def test_a_load_that_protects_people_says_no_hours() -> None:
    found = blocks(week(reading("team_health", detail={"hidden": True})), "oncall")
    assert not [block for block in found if isinstance(block, Lines)]


def test_failed_pipelines_stand_under_the_gates() -> None:
    failed = FailedPipelines((FailedPipeline("train", "", 2, 9, AT),), total=3)
    table = one(blocks(week(reading("data_gate_pass_rate"), failed=failed), "gates"), Table)
    assert table.rows == (("train", "none", "2 of 9", "14 Oct 13:00"),)  # type: ignore[attr-defined]
    assert table.note.startswith("+2 more")  # type: ignore[attr-defined]
    calm = week(reading("data_gate_pass_rate"), failed=FailedPipelines(runs=9))
    assert Note("None of 9 pipeline runs failed.") in blocks(calm, "gates")
    assert Note("No pipeline run is known.") in blocks(week(reading("data_gate_pass_rate")), "gates")


def test_releases_to_watch_say_why() -> None:
    rows = (RiskyRelease("ranker", "4.2", AT, ("caused INC-2", "tier 1, rollback never tested")),)
    table = one(blocks(week(quiet("model_deployments"), risky=Risky(rows, 1, 5)), "changes"), Table)
    assert table.rows == (  # type: ignore[attr-defined]
        ("ranker", "4.2", "14 Oct 13:00", "caused INC-2; tier 1, rollback never tested"),
    )


def test_a_week_without_risk_says_so_and_one_without_releases_too() -> None:
    calm = blocks(week(quiet("model_deployments"), risky=Risky(released=5)), "changes")
    assert Note("None of 5 releases broke anything that is known, or lacks a tested way back.") in calm
    assert Note("Nothing new went live.") in blocks(week(quiet("model_deployments")), "changes")


def test_overdue_actions_are_the_agenda_and_none_is_said() -> None:
    row = OverdueAction("Raise the pool limit", "Ana Lee", date(2026, 10, 1), "INC-7 ranker")
    owed = Actions(made=2, done=1, owed=4, overdue=1, oldest_days=13, rows=(row,))
    found = blocks(week(quiet("mttr"), actions=owed), "actions")
    assert one(found, Table).rows == (("Raise the pool limit", "Ana Lee", "1 Oct 2026", "INC-7 ranker"),)  # type: ignore[attr-defined]
    assert one(found, Figures).figures[0].note == "1 done in the week"  # type: ignore[attr-defined]
    assert Note("No action is overdue.") in blocks(week(quiet("mttr"), actions=Actions(owed=2)), "actions")
    assert blocks(week(quiet("mttr")), "actions") == []


def test_sections_without_a_source_say_which_facts_they_need() -> None:
    none = {"data_state": DataState.NOT_CONNECTED, "value": None, "k": None, "n": None}
    keys = ("cost_vs_budget", "team_health", "data_gate_pass_rate", "model_deployments")
    empty = week(*(reading(key, **none) for key in keys))
    for key in ("cost", "oncall", "gates", "changes"):
        (_, note) = blocks(empty, key)
        assert isinstance(note, Note) and note.text.startswith("Not connected")


def test_a_weeks_snapshot_comes_back_as_it_was_and_an_older_one_without_a_month_too() -> None:
    rows = (RiskyRelease("ranker", "4.2", AT, ("caused INC-2",)),)
    taken = week(cost(), month=(quiet("cost_vs_budget"),), risky=Risky(rows, 1, 5))
    data = taken.as_data()
    assert from_data(data).as_data() == data
    del data["month"], data["evidence"]["risky"], data["evidence"]["failed"]
    assert from_data(data).month == () and from_data(data).evidence.risky == Risky()


def test_a_change_told_of_too_few_cases_is_no_news_of_the_summary() -> None:
    few = snapshots.worse("lead_time", data_state=DataState.TOO_FEW, n=Decimal(2))
    said = " ".join(line.text for line in summary(week(few, quiet("mttr"))))
    assert shown.definition("lead_time").title not in said and "too few cases to judge" in said

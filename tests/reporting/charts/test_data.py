"""What a chart draws, as rows for machines: full precision, a gap stays empty."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.definition import Bounds
from ops_console.reporting.charts.data import COLUMNS, OBJECTIVE_COLUMNS, history_rows, objective_rows
from tests.reporting.shown import DAY, OCTOBER, history, reading

A_DAY = timedelta(days=1)


def rows(*readings):
    return [dict(zip(COLUMNS, row, strict=True)) for row in history_rows(readings)]


def test_each_period_is_a_row_oldest_first() -> None:
    past = history([2.5 * DAY, None, 3.25 * DAY], n=Decimal(7), spread={"p75": 4.0 * DAY}, target=Bounds(high=14 * DAY))
    found = rows(reading(history=past, lower=DAY, upper=5 * DAY))
    assert [(row["period"], row["value"]) for row in found] == [
        ("2026-08", 2.5 * DAY),
        ("2026-09", None),
        ("2026-10", 3.25 * DAY),
    ]
    last = found[-1]
    assert (last["kpi"], last["scope"], last["unit"], last["n"], last["p75"]) == (
        "lead_time",
        "workspace",
        "seconds",
        Decimal(7),
        4.0 * DAY,
    )
    assert (last["target_low"], last["target_high"]) == (None, 14 * DAY)
    assert (last["usual_low"], last["usual_high"], last["is_running"]) == (DAY, 5 * DAY, False)
    assert (last["period_start"], last["period_end"]) == (OCTOBER.start, OCTOBER.end)


def test_several_readings_follow_one_another_each_under_its_scope() -> None:
    past = history([1.0, 2.0])
    found = rows(reading(history=past), replace(reading(history=past), period=OCTOBER))
    assert len(found) == 4


def test_money_tells_what_was_spent_of_what_and_no_usual_range_of_another_unit() -> None:
    past = history([0.9], k=Decimal("900.25"), n=Decimal(1000))
    (row,) = rows(reading("cost_vs_budget", history=past, lower=0.8, upper=1.0))
    assert (row["value"], row["k"], row["n"], row["currency"]) == (0.9, Decimal("900.25"), Decimal(1000), "USD")
    assert (row["usual_low"], row["usual_high"]) == (None, None)


def test_each_objective_is_a_row_with_its_budget() -> None:
    slo = {"name": "api", "objective": 0.999, "actual": 0.9995, "budget_used": 0.5, "met": True, "state": "met"}
    (row,) = objective_rows(reading("slo_attainment", detail={"slos": [slo]}))
    assert dict(zip(OBJECTIVE_COLUMNS, row, strict=True)) == {
        "kpi": "slo_attainment",
        "scope": "workspace",
        "period": "2026-10",
        "slo": "api",
    } | {name: slo[name] for name in ("objective", "actual", "budget_used", "met", "state")}


def test_a_reading_without_objectives_has_no_rows() -> None:
    assert list(objective_rows(reading())) == []


def test_what_happened_stands_in_the_period_in_which_it_did() -> None:
    freeze = Annotation(at=OCTOBER.previous().start + 9 * A_DAY, text="Code freeze", until=OCTOBER.start + 2 * A_DAY)
    note = Annotation(at=OCTOBER.start + A_DAY, text="New cluster")
    told = [
        Annotation(at=period.start, kind=AnnotationKind.RELEASE, count=count)
        for period, count in ((OCTOBER.previous(), 9), (OCTOBER, 0))
    ]
    september, october = rows(reading(history=history([1.0, 2.0]), annotations=(freeze, note, *told)))
    assert september["annotations"] == "10 Sep to 2 Oct 2026: Code freeze"
    assert october["annotations"] == "10 Sep to 2 Oct 2026: Code freeze; 2 Oct 2026: New cluster"
    assert [(row["releases"], row["incidents"]) for row in (september, october)] == [(9, None), (0, None)]

"""Spending through a month against an even budget."""

from datetime import date
from decimal import Decimal

import pytest

from ops_console.reporting.charts import ChartSpec, cumulative, plotly, table
from ops_console.reporting.charts.tokens import LIGHT
from tests.reporting.charts.drawn import drawing, found, numbers, overlapping, texts

DAYS = [date(2026, 10, day) for day in range(1, 32)]


def october(reported: int = 24, daily: int = 1500, forecast: int | None = 48300) -> ChartSpec:
    amounts = [Decimal(daily) if day < reported else None for day in range(31)]
    expected = None if forecast is None else Decimal(forecast)
    return cumulative("cost", "Cost", DAYS, amounts, budget=Decimal(45500), forecast=expected, currency="USD")


def test_the_actual_line_ends_with_the_last_reported_day_and_never_drops() -> None:
    (actual,) = found(drawing(october()), "polyline", stroke=LIGHT["series-1"])
    places = numbers(actual.get("points", ""))
    assert len(places) == 2 * 24
    assert places[1::2] == sorted(places[1::2], reverse=True)


def test_a_day_that_is_missing_ends_the_line_even_if_later_days_are_there() -> None:
    amounts = [Decimal(10), None, Decimal(10)]
    assert cumulative("cost", "Cost", DAYS[:3], amounts).series[0].values == (10.0, None, None)


def test_lines_differ_by_dash_and_are_named() -> None:
    root = drawing(october())
    assert {line.get("stroke-dasharray") for line in found(root, "polyline")} == {None, "5 4", "1 4"}
    assert {"actual $36,000", "budget $45,500", "forecast $48,300"} <= set(texts(root))


def test_the_forecast_begins_where_the_actual_ends() -> None:
    actual, _, forecast = october().series
    assert forecast.values[22:24] == (None, actual.values[23])
    assert forecast.values[-1] == 48300


@pytest.mark.parametrize(("reported", "names"), [(31, ["Actual", "Budget"]), (0, ["Actual", "Budget"])])
def test_a_finished_or_empty_month_has_no_forecast(reported: int, names: list[str]) -> None:
    assert [series.name for series in october(reported).series] == names


@pytest.mark.parametrize("reported", [1, 5, 24, 30, 31])
@pytest.mark.parametrize("width", [320, 552, 880])
def test_no_words_stand_on_each_other(reported: int, width: float) -> None:
    assert overlapping(drawing(october(reported), width)) == []


def test_the_axis_starts_at_zero() -> None:
    assert october().axis.low == 0


def test_the_table_holds_every_day() -> None:
    columns, rows = table(october())
    assert columns == ("Day", "Actual", "Budget", "Forecast")
    assert rows[0] == ("1 Oct 2026", "$1,500", "$1,468", "")
    assert rows[-1] == ("31 Oct 2026", "no data", "$45,500", "$48,300")


def test_the_figure_has_the_same_lines() -> None:
    data = plotly(october())["data"]
    assert [trace["name"] for trace in data] == ["Actual", "Budget", "Forecast"]
    assert [trace["line"]["dash"] for trace in data] == ["solid", "dash", "dot"]

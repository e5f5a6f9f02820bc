"""Parts of one total by day: they stand on each other, add up, and are named where they end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ops_console.measures.definition import Unit
from ops_console.reporting.charts import ChartSpec, Kind, plotly, table
from ops_console.reporting.charts.days import Place, day_places
from ops_console.reporting.charts.stacked import stacked
from ops_console.reporting.charts.tokens import LIGHT
from tests.reporting.charts.drawn import drawing, found, overlapping, texts

DAYS = [date(2026, 10, day) for day in range(1, 32)]


def october(reported: int = 31, days: list[date] | None = None, **parts: str) -> ChartSpec:
    told = parts or {"inference": "1100", "training": "650", "storage": "82", "others": "70"}
    each = {
        name: [Decimal(amount) if place < reported else None for place in range(len(days or DAYS))]
        for name, amount in told.items()
    }
    return stacked("cost", "Cost", "USD by day", day_places(days or DAYS), each, currency="USD")


def test_the_axis_reaches_over_the_whole_pile_and_starts_at_zero() -> None:
    spec = october()
    assert (spec.kind, spec.axis.low) == (Kind.STACKED, 0)
    assert spec.axis.high >= 1902


def test_each_part_is_drawn_in_a_colour_of_its_own() -> None:
    drawn = [path.get("fill") for path in found(drawing(october()), "path")]
    assert drawn == [LIGHT[f"series-{n}"] for n in (1, 2, 3, 4)]


def test_parts_are_named_with_their_sums_beside_their_colour() -> None:
    root = drawing(october())
    assert {"inference $34,100", "training $20,150", "storage $2,542", "others $2,170"} <= set(texts(root))
    swatches = [each.get("fill") for each in found(root, "rect")]
    assert {LIGHT[f"series-{n}"] for n in (1, 2, 3, 4)} <= set(swatches)


def test_credits_stand_below_zero() -> None:
    spec = october(inference="100", credit="-30")
    assert spec.axis.low < 0 < spec.axis.high
    assert spec.points[0].text == "$70"


def test_days_not_yet_billed_are_gaps_and_not_zeros() -> None:
    columns, rows = table(october(reported=30))
    assert columns == ("Day", "Total", "inference", "training", "storage", "others")
    assert rows[29] == ("30 Oct 2026", "$1,902", "$1,100", "$650", "$82", "$70")
    assert rows[30] == ("31 Oct 2026", "no data", "", "", "", "")


def test_a_day_without_one_part_has_the_others() -> None:
    spec = stacked("cost", "Cost", "", day_places(DAYS[:1]), {"a": [Decimal(0)], "b": [Decimal(5)]}, currency="USD")
    assert spec.points[0].value == 5


def test_five_parts_cannot_be_told_apart() -> None:
    with pytest.raises(ValueError, match="5 parts, at most 4"):
        october(**dict.fromkeys("abcde", "1"))


def test_nothing_charged_is_said() -> None:
    spec = stacked("cost", "Cost", "", day_places(DAYS), {}, currency="USD")
    assert spec.is_empty and "No cost" in texts(drawing(spec))


@pytest.mark.parametrize("width", [270, 552, 1200])
@pytest.mark.parametrize("reported", [1, 20, 31])
def test_no_words_stand_on_each_other(reported: int, width: float) -> None:
    assert overlapping(drawing(october(reported), width)) == []


def test_a_quarter_names_the_month_at_its_days() -> None:
    quarter = [date(2026, 7, 1) + timedelta(days=n) for n in range(92)]
    spec = october(reported=92, days=quarter)
    assert (spec.points[0].tick, october().points[0].tick) == ("1 Jul", "1")


def test_the_script_draws_the_same_bars_on_each_other_and_says_the_whole_day() -> None:
    figure = plotly(october(reported=30))
    assert figure["layout"]["barmode"] == "relative"
    assert [trace["name"] for trace in figure["data"]] == ["inference", "training", "storage", "others"]
    assert figure["data"][0]["text"][0] == "1 Oct 2026<br>inference $1,100<br>$1,902 in all"
    assert figure["data"][0]["y"][30] is None
    bordered = [each["bordercolor"] for each in figure["layout"]["annotations"]]
    assert bordered == [LIGHT[f"series-{n}"] for n in (1, 2, 3, 4)]


def test_counts_by_week_are_told_as_counts() -> None:
    weeks = [Place(f"2026-W{n}", f"Week {n}, 2026", f"W{n}") for n in (43, 44)]
    parts = {"business": [3, None], "sleep": [1, None]}
    spec = stacked("pages", "Pages", "", weeks, parts, unit=Unit.COUNT, first="Week", empty="No pages")
    assert table(spec) == (
        ("Week", "Total", "business", "sleep"),
        [("Week 43, 2026", "4", "3", "1"), ("Week 44, 2026", "no data", "", "")],
    )
    assert [series.text for series in spec.series] == ["business 3", "sleep 1"]


def test_a_long_name_is_broken_where_the_script_draws_it_too() -> None:
    figure = plotly(october(**{"Amazon Elastic Compute Cloud": "700"}))
    assert figure["layout"]["annotations"][0]["text"] == "Amazon Elastic Compute<br>Cloud $21,700"

"""The small line of a card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.reporting.charts import sparkline
from tests.reporting.charts import sights
from tests.reporting.charts.drawn import SVG, found, numbers, parsed, texts
from tests.reporting.shown import history, reading


@pytest.mark.parametrize("sight", sights.EVERY)
def test_a_sparkline_has_its_fixed_size_and_no_words(sight: sights.Sight) -> None:
    root = parsed(sparkline(sight()))
    assert (root.get("width"), root.get("height"), root.get("role")) == ("96", "28", "img")
    assert texts(root) == []


def test_it_says_how_the_latest_point_compares() -> None:
    assert parsed(sparkline(sights.lead_time())).findtext(f"{SVG}title") == "Last 13 months: usual range"
    assert parsed(sparkline(sights.absent())).findtext(f"{SVG}title") == "Lead time for model changes: no history yet"


def test_it_shows_the_usual_range_the_target_and_the_last_point() -> None:
    root = parsed(sparkline(sights.lead_time(), theme="light"))
    assert len(found(root, "rect")) == 1 and len(found(root, "line")) == 1
    (last,) = found(root, "circle")
    assert last.get("cx") == "86"


def test_it_keeps_gaps() -> None:
    assert len(found(parsed(sparkline(sights.lead_time())), "polyline")) == 2


def test_it_shows_thirteen_periods_of_a_longer_past() -> None:
    root = parsed(sparkline(sights.weekly()))
    (line,) = found(root, "polyline")
    assert len(numbers(line.get("points", ""))) == 26


def test_a_running_period_is_hollow() -> None:
    (last,) = found(parsed(sparkline(sights.running(), theme="light")), "circle")
    assert last.get("fill") == "#FFFFFF"


def test_the_latest_period_of_every_card_stands_at_the_same_place() -> None:
    places = {found(parsed(sparkline(reading(history=history([1.0] * n)))), "circle")[-1].get("cx") for n in (1, 5, 30)}
    assert places == {"86"}


@given(st.lists(st.none() | st.floats(min_value=0, max_value=1e9), min_size=1, max_size=30))
def test_any_history_stays_inside(values: list[float | None]) -> None:
    root = parsed(sparkline(reading(history=history(values), value=values[-1])))
    assert all(0 <= number <= 96 for line in found(root, "polyline") for number in numbers(line.get("points", "")))

"""Drawings the size of a word: one scale, one axis of time, gaps stay gaps."""

import re
from dataclasses import replace
from decimal import Decimal

from ops_console.measures.restated import Restated
from ops_console.reporting.charts.strip import EDGE, HEIGHT, PERIODS, WIDTH, strip
from tests.reporting.charts.drawn import parsed
from tests.reporting.shown import DAY, OCTOBER, history, reading


def days(*values: float | None):
    return reading(history=history([value if value is None else value * DAY for value in values]))


def places(drawing: str, shape: str = "path") -> list[tuple[float, float]]:
    found = re.findall(r"[ML]([\d.]+) ([\d.]+)", "".join(re.findall(rf'<{shape}[^>]* d="([^"]+)"', drawing)))
    return [(float(x), float(y)) for x, y in found]


def last(drawing: str) -> tuple[float, float]:
    found = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawing)
    assert found is not None
    return float(found[1]), float(found[2])


def test_the_same_value_stands_at_the_same_height_in_every_drawing() -> None:
    one, other = strip([days(2, 4, 8), days(8, 20)]).drawings
    assert places(one)[-1][1] == places(other)[0][1]
    assert last(other)[1] == EDGE and last(one)[1] > last(other)[1]


def test_the_latest_period_stands_at_the_same_place_however_long_the_history() -> None:
    short, long = strip([days(3), days(*range(1, 30))]).drawings
    assert last(short)[0] == last(long)[0] == WIDTH - EDGE
    assert len(places(long)) == PERIODS and places(long)[0][0] == EDGE


def test_a_gap_is_not_joined_and_one_alone_is_a_dot() -> None:
    (drawing,) = strip([days(1, 2, None, 4)]).drawings
    assert drawing.count("M") == 2 and 'class="lone"' in drawing
    assert 'class="lone"' not in strip([days(1, 2)]).drawings[0]


def test_counts_are_bars_from_zero_and_a_zero_is_not_a_gap() -> None:
    past = history([2.0, 0.0, None, 4.0])
    (drawing,) = strip([reading("model_deployments", history=past)]).drawings
    assert drawing.count("M") == 3 and f"{HEIGHT - 1}V{HEIGHT - EDGE}M" in drawing and 'class="strip bars"' in drawing


def test_the_scale_is_told_in_words() -> None:
    assert strip([days(2, 18)]).scale == "0 to 20 days"
    spent = history([0.9, 1.0], k=Decimal(900), n=Decimal(1000))
    assert strip([reading("cost_vs_budget", history=spent)]).scale.startswith("$0 to $1,000")


def test_what_has_no_history_has_no_drawing() -> None:
    assert strip([days(None), days(None)]).drawings == ["", ""]
    found = strip([days(None), days(3)])
    assert found.drawings[0] == "" and found.drawings[1] != ""


def test_drawings_are_small_well_formed_and_carry_no_look_of_their_own() -> None:
    for each in strip([days(*range(1, 30)), reading("lead_time", history=history([DAY] * 25))]).drawings:
        assert (
            len(each) < 400 and parsed(each.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)) is not None
        )
        assert "style=" not in each and "fill=" not in each and "stroke=" not in each


def test_a_period_told_otherwise_is_marked_at_its_place() -> None:
    told = Restated(1.0, "1 day", "2 days", 1, OCTOBER.end)
    past = history([DAY, 2 * DAY, 3 * DAY])
    marked = reading(history=(past[0], replace(past[1], restated=told), past[2]))
    found = strip([marked, days(1, 2)])
    assert found.is_restated and not strip([days(1, 2)]).is_restated
    assert 'class="restated"' in found.drawings[0] and 'class="restated"' not in found.drawings[1]
    (x, _), *_ = re.findall(r'class="restated" d="M([\d.]+) (0)', found.drawings[0])
    assert float(x) == places(found.drawings[0].replace("restated", ""))[-2][0]

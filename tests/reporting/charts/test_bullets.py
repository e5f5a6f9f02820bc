"""Bullets: one bar against one limit each."""

import pytest

from ops_console.contracts.document import Tone
from ops_console.reporting.charts import Bullet, bullets, height_of, slo_bullets, table
from ops_console.reporting.charts.tokens import LIGHT
from tests.reporting.charts.drawn import drawing, found, overlapping, texts
from tests.reporting.shown import reading


def test_objectives_are_ordered_by_the_budget_they_used_and_unknown_ones_last() -> None:
    rows = slo_bullets(reading("slo_attainment")).bullets
    assert [row.label for row in rows][:2] == ["ranker-v4", "fraud-scoring"]
    assert (rows[-1].label, rows[-1].share, rows[-1].text) == ("demand-forecast", None, "Not enough data")


@pytest.mark.parametrize(
    ("place", "text", "note", "icon", "tone"),
    [
        (0, "99.84% of 99.90%", "160% used", "■ Off target", Tone.BAD),
        (1, "99.93% of 99.90%", "75% used", "▲ At risk", Tone.WATCH),
        (2, "99.96% of 99.90%", "38% used", "● On target", Tone.GOOD),
    ],
)
def test_each_objective_says_its_figures_and_status(place: int, text: str, note: str, icon: str, tone: Tone) -> None:
    row = slo_bullets(reading("slo_attainment")).bullets[place]
    assert (row.text, row.note, row.icon, row.tone) == (text, note, icon, tone)


def test_an_objective_without_budget_that_was_missed_is_off_target() -> None:
    slo = {"name": "strict", "actual": 0.999, "objective": 1.0, "budget_used": None, "met": False, "state": "missed"}
    (row,) = slo_bullets(reading("slo_attainment", detail={"slos": [slo]})).bullets
    assert (row.icon, row.share) == ("■ Off target", 2.0)


def test_what_was_used_beyond_the_limit_has_the_colour_of_a_miss() -> None:
    root = drawing(slo_bullets(reading("slo_attainment")), 880, 220)
    assert len([bar for bar in found(root, "rect", fill=LIGHT["bad"]) if bar.get("height") == "12"]) == 1


def test_an_unknown_bar_is_not_drawn() -> None:
    root = drawing(slo_bullets(reading("slo_attainment")), 880, 220)
    assert len(found(root, "rect", fill=LIGHT["series-1"])) == 5


@pytest.mark.parametrize("width", [320, 552, 880])
def test_no_words_stand_on_each_other(width: float) -> None:
    spec = slo_bullets(reading("slo_attainment"))
    root = drawing(spec, width, height_of(spec, width))
    assert overlapping(root) == []


def test_a_bar_beyond_twice_its_limit_stops_and_its_words_go_on() -> None:
    spec = bullets(
        "cost", "Cost", "Spent of budget", [Bullet("training", 7.5, "$750 of $100", "750% used", tone=Tone.BAD)]
    )
    root = drawing(spec, 552, height_of(spec, 552))
    assert "750% used" in texts(root)
    assert max(float(bar.get("x", 0)) + float(bar.get("width", 0)) for bar in found(root, "rect")) < 552


def test_the_table_tells_the_same() -> None:
    columns, rows = table(slo_bullets(reading("slo_attainment")))
    assert columns == ("Name", "Used", "Figures", "Status")
    assert rows[0] == ("ranker-v4", "160% used", "99.84% of 99.90%", "■ Off target")
    assert rows[-1] == ("demand-forecast", "no data", "Not enough data", "")


def test_no_objectives_are_no_bars() -> None:
    spec = slo_bullets(reading("slo_attainment", detail={}))
    assert spec.is_empty
    assert texts(drawing(spec)) == ["No figures yet"]

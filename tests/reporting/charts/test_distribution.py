"""Answers on 0–10 as bars with counts."""

import pytest

from ops_console.reporting.charts import distribution, plotly, table
from ops_console.reporting.charts.distribution import part_of
from ops_console.reporting.charts.tokens import LIGHT
from tests.reporting.charts.drawn import drawing, found, overlapping, texts

COUNTS = {3: 1, 5: 1, 6: 1, 7: 2, 8: 3, 9: 4, 10: 2}


def test_every_score_has_a_bar_with_its_count() -> None:
    root = drawing(distribution("s", "Satisfaction is 7.6", "14 answers", COUNTS))
    assert len(found(root, "rect", fill=LIGHT["series-1"])) == 11
    assert [text for text in texts(root) if text in ("0", "1", "4")].count("0") == 5


def test_promoters_passives_and_detractors_are_counted() -> None:
    words = texts(drawing(distribution("s", "t", "s", COUNTS)))
    assert words[words.index("Detractors") + 1] == "3"
    assert words[words.index("Passives") + 1] == "5"
    assert words[words.index("Promoters") + 1] == "6"


@pytest.mark.parametrize(
    ("score", "part"),
    [(0, "Detractors"), (6, "Detractors"), (7, "Passives"), (8, "Passives"), (9, "Promoters"), (10, "Promoters")],
)
def test_each_score_has_its_part(score: int, part: str) -> None:
    assert part_of(score) == part


@pytest.mark.parametrize("width", [320, 552, 880])
def test_no_words_stand_on_each_other(width: float) -> None:
    assert overlapping(drawing(distribution("s", "t", "s", dict.fromkeys(range(11), 200)), width)) == []


def test_a_wave_without_answers_has_words_and_no_bars() -> None:
    root = drawing(distribution("s", "t", "s", {}))
    assert texts(root) == ["No answers yet"]
    assert not found(root, "rect", fill=LIGHT["series-1"])


def test_the_table_and_the_figure_tell_the_same() -> None:
    spec = distribution("s", "t", "s", COUNTS)
    columns, rows = table(spec)
    assert columns == ("Score", "Answers", "Share", "Group")
    assert rows[9] == ("9", "4", "29%", "Promoters")
    assert plotly(spec)["data"][0]["y"][9] == 4

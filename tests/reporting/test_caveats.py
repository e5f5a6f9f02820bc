"""What may still move a figure is said with it."""

from typing import Any

import pytest

from ops_console.reporting import pieces, words
from tests.reporting.shown import reading


@pytest.mark.parametrize(
    ("key", "detail", "said"),
    [
        (
            "change_failure_rate",
            {"maturing": 3, "matures_days": 7},
            "3 releases are younger than 7 days and may still fail",
        ),
        (
            "regression_rate",
            {"maturing": 1, "matures_days": 14},
            "1 release is younger than 14 days and may still turn out worse",
        ),
        (
            "experiment_to_production",
            {"maturing": 12, "matures_days": 180},
            "12 experiments are younger than 180 days and may still reach production",
        ),
        ("alert_quality", {"at_least": 0.331}, "at least 33%, with those nobody judged"),
        (
            "change_failure_rate",
            {"suspected": 1, "value_if_all_confirmed": 0.12},
            "1 suspected, 12% if that is confirmed",
        ),
        (
            "change_failure_rate",
            {"suspected": 2, "value_if_all_confirmed": 0.16},
            "2 suspected, 16% if all are confirmed",
        ),
    ],
)
def test_a_caveat_stands_with_the_figure_in_words_and_in_the_report(
    key: str, detail: dict[str, Any], said: str
) -> None:
    found = reading(key, detail=detail)

    assert words.caveats(found) == [said]
    assert said in pieces.figure(found).note


def test_a_figure_nothing_can_move_stands_alone() -> None:
    assert words.caveats(reading("change_failure_rate")) == []
    assert words.at_least(None) == ""

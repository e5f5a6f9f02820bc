"""What changed since the period compared with, and what is no change."""

from typing import Any

from ops_console.measures.readings import DataState, Signal
from ops_console.web.changes import changes
from tests.reporting.charts import sights


def told(**said: Any) -> tuple[int, str]:
    found = changes([sights.lead_time(signal=Signal.WORSE, **said)], [], lambda _: "/kpis/lead_time")
    return len(found.lines), found.rest


def test_what_left_its_usual_range_is_told() -> None:
    assert told() == (1, "")


def test_a_figure_that_is_withheld_is_no_news_though_its_point_is_unusual() -> None:
    assert told(data_state=DataState.TOO_FEW) == (0, "1 without enough data.")

"""The browser's figure says what the server's drawing says."""

import json

import plotly.graph_objects as go
import pytest

from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.reporting.charts import CONFIG, DARK_FOR_LIGHT, plotly, slo_bullets, spec_for
from ops_console.reporting.charts.tokens import DARK, LIGHT
from tests.reporting.charts import sights
from tests.reporting.shown import OCTOBER, reading


@pytest.mark.parametrize("sight", sights.EVERY)
def test_a_figure_is_valid_and_small(sight: sights.Sight) -> None:
    figure = plotly(spec_for(sights.noted(sight(), sights.RELEASE)))
    go.Figure({"data": figure["data"], "layout": figure["layout"]})
    assert len(json.dumps(figure["layout"], separators=(",", ":"))) < 2_048
    assert "template" not in figure["layout"]


@pytest.mark.parametrize("sight", sights.EVERY)
def test_both_drawings_share_ticks_and_order(sight: sights.Sight) -> None:
    spec = spec_for(sight())
    layout = plotly(spec)["layout"]
    assert layout["yaxis"]["ticktext"] == [tick.text for tick in spec.axis.ticks]
    assert layout["yaxis"]["range"][0] == pytest.approx(spec.axis.low)


@pytest.mark.parametrize("sight", sights.EVERY)
def test_axes_are_fixed_and_nothing_moves(sight: sights.Sight) -> None:
    layout = plotly(spec_for(sight()))["layout"]
    assert layout["xaxis"]["fixedrange"] and layout["yaxis"]["fixedrange"]
    assert layout["dragmode"] is False and "transition" not in layout


def test_nothing_is_offered_to_anybodys_cloud() -> None:
    assert CONFIG == {
        "displayModeBar": False,
        "responsive": True,
        "displaylogo": False,
        "showSendToCloud": False,
        "plotlyServerURL": "",
    }


def test_a_gap_stays_a_gap() -> None:
    line = plotly(spec_for(sights.lead_time()))["data"][0]
    assert line["y"][6] is None and line["connectgaps"] is False


def test_hover_tells_date_value_n_status_and_annotation() -> None:
    r = sights.lead_time()
    dots = plotly(spec_for(sights.noted(r, Annotation(OCTOBER.start, text="freeze"))))["data"][-1]
    assert dots["text"][-1] == "Oct 2026<br>8.5 days<br>● On target<br>1 Oct 2026: freeze"
    assert plotly(spec_for(sights.failure_rate()))["data"][-1]["text"][0] == "Oct 2025<br>8.0% · 2 of 25"


def test_names_from_outside_stay_text() -> None:
    evil = Annotation(OCTOBER.start, text="<a href='javascript:alert(1)'>click</a>")
    assert "<a" not in json.dumps(plotly(spec_for(sights.noted(sights.lead_time(), evil))))


def test_a_running_point_is_hollow_and_its_line_dashed() -> None:
    bars = plotly(spec_for(sights.running()))["data"][0]
    assert bars["marker"]["color"][-1] == "rgba(0,0,0,0)"
    outlines = [
        shape["line"]["dash"]
        for shape in plotly(spec_for(sights.running()))["layout"]["shapes"]
        if shape["type"] == "rect"
    ]
    assert outlines == ["dot"]


def test_a_signal_is_larger_with_a_ring() -> None:
    markers = plotly(spec_for(sights.failure_rate()))["data"][-1]["marker"]
    assert markers["size"][-1] > markers["size"][0]
    assert (markers["line"]["width"][-1], markers["line"]["width"][0]) == (2, 0)


def test_targets_are_dashed_and_the_usual_range_lies_below() -> None:
    shapes = plotly(spec_for(sights.lead_time()))["layout"]["shapes"]
    assert [shape["layer"] for shape in shapes if shape["type"] == "rect"] == ["below"]
    assert [shape["line"]["dash"] for shape in shapes if shape["type"] == "line"] == ["dash"]


def test_lines_are_labelled_at_their_ends_without_a_legend() -> None:
    layout = plotly(spec_for(sights.lead_time()))["layout"]
    assert layout["showlegend"] is False
    assert [label["text"] for label in layout["annotations"]] == [
        "8.5 days",
        "target &lt; 14 days",
        "usual 5.1 to 12.2 days",
    ]


def test_what_stands_out_does_so_by_its_font_and_not_by_markup() -> None:
    """Of a <b> the library makes a style attribute, which the content policy forbids."""
    layout = plotly(spec_for(sights.lead_time()))["layout"]
    assert [label["font"].get("weight") for label in layout["annotations"]] == [700, None, None]
    for sight in (sights.lead_time(), sights.failure_rate()):
        assert "<b" not in json.dumps(plotly(spec_for(sight))).replace("<br>", "")


def test_a_year_is_named_under_its_first_month() -> None:
    texts = plotly(spec_for(sights.lead_time()))["layout"]["xaxis"]["ticktext"]
    assert [text for text in texts if "<br>" in text] == ["Oct<br>2025", "Jan<br>2026"]


def test_a_dark_figure_is_a_light_one_with_its_colours_exchanged() -> None:
    spec = spec_for(sights.lead_time())
    text = json.dumps(plotly(spec))
    for light, dark in DARK_FOR_LIGHT.items():
        text = text.replace(light, dark)
    assert json.loads(text) == plotly(spec, theme="dark")
    assert set(DARK_FOR_LIGHT) == set(LIGHT.values()) and set(DARK_FOR_LIGHT.values()) == set(DARK.values())


def test_objectives_are_bars_against_one_line() -> None:
    figure = plotly(slo_bullets(reading("slo_attainment")))
    go.Figure({"data": figure["data"], "layout": figure["layout"]})
    assert figure["data"][0]["y"][-1] == "ranker-v4" and figure["data"][0]["x"][-1] == pytest.approx(1.6)
    assert figure["data"][0]["x"][0] is None


def test_annotations_are_numbered_and_told_as_in_the_drawing() -> None:
    lasting = Annotation(OCTOBER.previous().start, text="freeze", until=OCTOBER.start)
    layout = plotly(spec_for(sights.noted(sights.lead_time(), sights.RELEASE, lasting)))["layout"]
    told = [label for label in layout["annotations"] if label.get("yref") == "paper"]
    assert [label["text"] for label in told] == [
        "1",
        "2",
        "1 13 Jun 2026: Release: ranker-v4 released to all traffic<br>2 1 to 30 Sep 2026: freeze",
    ]
    assert [shape["x1"] - shape["x0"] for shape in layout["shapes"] if shape["line"]["width"] == 3] == [1]


def test_a_new_definition_interrupts_the_line() -> None:
    (line, *_) = plotly(spec_for(sights.redefined()))["data"]
    place = line["x"].index("2026-08")
    assert line["x"][place + 1] == "2026-08"
    assert (line["y"][place], line["y"][place + 1]) == (None, 12.5 * 86400)


def test_counts_stand_on_an_axis_of_their_own_above_the_plot() -> None:
    r = sights.noted(sights.lead_time(), *sights.counted(AnnotationKind.RELEASE, 4, 9))
    figure = plotly(spec_for(r))
    lane = figure["data"][-1]
    assert (lane["mode"], lane["text"][-3:], lane["yaxis"]) == ("text", ["", "4", "9"], "y2")
    assert figure["layout"]["yaxis2"]["ticktext"] == ["releases"]
    assert figure["layout"]["yaxis"]["domain"][1] == figure["layout"]["yaxis2"]["domain"][0]

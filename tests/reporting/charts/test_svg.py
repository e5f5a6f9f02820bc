"""The server's drawing: accessible, safe under a strict CSP, and without overlaps."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.readings import Reading, Signal
from ops_console.reporting.charts import Theme, spec_for, svg
from ops_console.reporting.charts.spec import runs
from ops_console.reporting.charts.tokens import DARK, LIGHT
from tests.reporting.charts import sights
from tests.reporting.charts.drawn import SVG, boxes, drawing, found, numbers, overlapping, parsed, texts
from tests.reporting.shown import OCTOBER, history, reading

SIZES = [(320, 210), (552, 260), (880, 360)]
Sight = Callable[[], Reading]


@pytest.mark.parametrize("sight", sights.EVERY)
@pytest.mark.parametrize("theme", Theme)
def test_a_drawing_is_an_image_named_by_its_finding(sight: Sight, theme: Theme) -> None:
    spec = spec_for(sight())
    root = drawing(spec, theme=theme)
    assert root.get("role") == "img"
    assert [element.text for element in root.findall(f"{SVG}title")] == [spec.title]
    assert not [element for element in root.iter() if element is not root and element.get("role")]


@pytest.mark.parametrize("sight", sights.EVERY)
@pytest.mark.parametrize("theme", Theme)
def test_a_strict_policy_has_nothing_to_block(sight: Sight, theme: Theme) -> None:
    text = svg(spec_for(sights.noted(sight(), sights.RELEASE)), width=552, height=260, theme=theme)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href|url\(|@import|<image|<foreignObject", text)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sight", sights.EVERY)
def test_no_words_stand_on_each_other_or_outside(sight: Sight, size: tuple[int, int]) -> None:
    root = drawing(spec_for(sights.noted(sight(), sights.RELEASE, sights.OUTAGE)), *size)
    assert overlapping(root) == []
    assert [
        box for box in boxes(root) if box[1] < -2 or box[3] > size[0] + 4 or box[2] < -1 or box[4] > size[1] + 2
    ] == []


@pytest.mark.parametrize("sight", sights.EVERY)
def test_no_words_are_smaller_than_twelve_pixels(sight: Sight) -> None:
    root = drawing(spec_for(sight()))
    assert root.get("font-size") == "12"
    assert not [element for element in root.iter(f"{SVG}text") if "font-size" in element.attrib]


def test_the_lines_are_named_where_they_end_and_there_is_no_legend() -> None:
    words = texts(drawing(spec_for(sights.lead_time()), 880, 360))
    assert {"8.5 days", "target < 14 days", "usual 5.1 to 12.2 days"} <= set(words)


def test_a_line_is_never_joined_across_a_gap() -> None:
    spec = spec_for(sights.lead_time())
    lines = [numbers(line.get("points", "")) for line in found(drawing(spec), "polyline")]
    assert [len(line) // 2 for line in lines] == [len(run) for run in runs(spec.points)] == [6, 6]


def test_a_gap_draws_no_point_and_no_bar() -> None:
    assert len(found(drawing(spec_for(sights.lead_time())), "circle", fill=LIGHT["series-1"])) == 12
    assert len(found(drawing(spec_for(sights.deployments())), "rect", fill=LIGHT["series-1"])) == 12


def test_a_real_zero_is_seen() -> None:
    bars = found(drawing(spec_for(sights.deployments())), "rect", fill=LIGHT["series-1"])
    assert min(float(bar.get("height", 0)) for bar in bars) == 1.5
    assert "0" in texts(drawing(spec_for(sights.deployments())))


def test_bars_stand_on_the_base_line() -> None:
    root = drawing(spec_for(sights.deployments()))
    feet = {float(bar.get("y", 0)) + float(bar.get("height", 0)) for bar in found(root, "rect", fill=LIGHT["series-1"])}
    base = max(float(line.get("y1", 0)) for line in found(root, "line", stroke=LIGHT["control"]))
    assert all(foot == pytest.approx(base, abs=0.11) for foot in feet)


def test_a_running_bar_is_hollow_and_dashed() -> None:
    (bar,) = [bar for bar in found(drawing(spec_for(sights.running())), "rect") if bar.get("stroke-dasharray")]
    assert bar.get("fill") == LIGHT["surface"]


def test_a_running_dot_is_hollow_and_its_line_dashed() -> None:
    past = history([0.1, 0.2, 0.15], running=True)
    root = drawing(spec_for(sights.failure_rate(history=past, is_running=True, signal=Signal.TOO_LITTLE, lower=None)))
    assert len(found(root, "circle", fill=LIGHT["surface"], stroke=LIGHT["series-1"])) == 1
    assert [len(numbers(line.get("points", ""))) for line in found(root, "polyline", stroke_dasharray="3 3")] == [4]


@pytest.mark.parametrize(("signal", "role"), [(Signal.WORSE, "bad"), (Signal.BETTER, "good"), (Signal.HIGHER, "text")])
def test_a_signal_is_larger_and_ringed(signal: Signal, role: str) -> None:
    root = drawing(spec_for(sights.failure_rate(signal=signal)))
    (ring,) = found(root, "circle", fill="none")
    assert (ring.get("stroke"), ring.get("r")) == (LIGHT[role], "8.5")


def test_the_usual_range_is_a_pale_band_and_the_target_dashed() -> None:
    root = drawing(spec_for(sights.lead_time()))
    assert len(found(root, "rect", fill=LIGHT["surface-2"])) == 1
    assert len(found(root, "line", stroke=LIGHT["text-2"], stroke_dasharray="5 4")) == 1


def test_an_axis_that_starts_elsewhere_says_so() -> None:
    narrow = reading("change_failure_rate", history=history([0.995, 0.999, 0.998]), window_days=90)
    assert "axis starts at 99.5%" in texts(drawing(spec_for(narrow)))
    assert not [text for text in texts(drawing(spec_for(sights.lead_time()))) if text.startswith("axis")]


def test_the_latest_annotations_are_numbered_and_told() -> None:
    many = [Annotation(OCTOBER.previous(back).start, text=f"event {back}") for back in (9, 7, 5, 3)]
    words = texts(drawing(spec_for(sights.noted(sights.lead_time(), *many)), 880, 400))
    assert [text for text in words if "event" in text] == [
        "1 Mar 2026: event 7",
        "1 May 2026: event 5",
        "1 Jul 2026: event 3",
    ]
    assert "+1 more in the data table" in words


def test_an_annotation_too_long_for_its_line_ends_at_a_word() -> None:
    (told,) = [
        text for text in texts(drawing(spec_for(sights.noted(sights.lead_time(), sights.OUTAGE)), 320)) if "INC" in text
    ]
    said = f"21 Sep 2026: Incident: {sights.OUTAGE.text}"
    assert told.endswith(" …") and said.startswith(told[:-2] + " ")


COUNTS = (*sights.counted(AnnotationKind.RELEASE, 14, 3, 9), *sights.counted(AnnotationKind.INCIDENT, 2, 0, 117))


def test_counts_stand_above_their_periods() -> None:
    root = drawing(spec_for(sights.noted(sights.lead_time(), sights.RELEASE, *COUNTS)), 880, 360)
    assert overlapping(root) == []
    assert {"releases", "14", "3", "9", "incidents", "2", "117"} <= set(texts(root))


def test_where_counts_do_not_fit_a_dot_says_that_there_were_some() -> None:
    root = drawing(spec_for(sights.noted(sights.lead_time(), *COUNTS)), 300, 240)
    assert "117" not in texts(root) and "incidents" in texts(root)
    assert len(found(root, "circle", r="2", fill=LIGHT["text-2"])) == 2 + 3


def test_where_there_is_nothing_to_draw_words_say_so() -> None:
    root = drawing(spec_for(sights.absent()))
    assert texts(root) == ["Lead time for model changes: not connected"]
    assert not found(root, "line") and not found(root, "circle")


def test_names_from_outside_stay_text() -> None:
    evil = Annotation(OCTOBER.start, text='<script>alert("x")</script> & "quotes"')
    text = svg(spec_for(sights.noted(sights.lead_time(), evil)), width=880, height=300)
    assert "<script" not in text
    assert parsed(text) is not None


def test_a_standing_alone_drawing_has_literal_colours_of_its_theme() -> None:
    for theme, colours in ((Theme.LIGHT, LIGHT), (Theme.DARK, DARK)):
        text = svg(spec_for(sights.lead_time()), width=552, height=260, theme=theme)
        assert set(re.findall(r"#[0-9A-F]{6}", text)) <= set(colours.values())
        assert 'class="f-' not in text


def test_a_drawing_in_a_page_carries_classes_for_the_pages_colours() -> None:
    root = drawing(spec_for(sights.lead_time()), theme="page")
    painted = [element for element in root.iter() if element.get("fill", "none") != "none" or element.get("stroke")]
    assert painted and all(element.get("class") for element in painted)


def test_all_drawings_are_small() -> None:
    sizes = [len(svg(spec_for(sight()), width=552, height=260, theme="page")) for sight in sights.EVERY]
    assert max(sizes) < 12_000


@given(st.lists(st.none() | st.floats(min_value=0, max_value=1e9), min_size=1, max_size=30), st.booleans())
def test_any_history_is_drawn_inside_its_frame(values: list[float | None], is_running: bool) -> None:
    r = reading(history=history(values, running=is_running), value=values[-1])
    root = drawing(spec_for(r), 320, 200)
    assert all(-9 <= y <= 209 for dot in found(root, "circle") for y in numbers(dot.get("cy", "")))

"""A drawing with its words around it: nothing cut, nothing over another, nothing hostile."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from ops_console.reporting.charts import spec_for, svg
from ops_console.reporting.charts.framed import MARGIN, framed, size_of
from ops_console.reporting.charts.lettering import width
from tests.reporting.charts import sights

SVG = "{http://www.w3.org/2000/svg}"
NOTES = ("Oct 2026, All models: 8.5 days.", "Source: github · as of 4 Nov 2026 09:00 GMT · definition v3")


def drawing() -> str:
    return svg(spec_for(sights.lead_time()), width=600, height=300)


def lines(whole: str) -> list[tuple[float, float, str]]:
    """Baseline, size and words of each line around the drawing, from the top."""
    root = ElementTree.fromstring(whole)
    return [
        (float(each.get("y", 0)), float(each.get("font-size", 0)), each.text or "")
        for each in root.findall(f"{SVG}text")
    ]


def test_words_stand_above_and_beneath_the_drawing() -> None:
    whole = framed(drawing(), "The finding", "The measure", NOTES)
    inner = ElementTree.fromstring(whole).find(f"{SVG}svg")
    assert inner is not None
    top = float(inner.get("y", 0))
    bottom = top + float(inner.get("height", 0))
    above, beneath = lines(whole)[:2], lines(whole)[2:]
    assert [words for _, _, words in above] == ["The finding", "The measure"]
    assert all(y < top for y, _, _ in above) and all(y - size > bottom - 1 for y, size, _ in beneath)
    assert tuple(words for _, _, words in beneath) == NOTES


def test_the_whole_is_as_wide_as_the_drawing_and_its_margins_and_high_enough() -> None:
    whole = framed(drawing(), "The finding", "The measure", NOTES)
    across, down = size_of(whole)
    assert across == 600 + 2 * MARGIN
    assert lines(whole)[-1][0] <= down - MARGIN / 2


@pytest.mark.parametrize("words", [4, 40])
def test_long_words_are_wrapped_inside_the_drawing_and_no_line_lies_on_another(words: int) -> None:
    title = " ".join(["Deployment"] * words)
    found = lines(framed(drawing(), title, title, (title,)))
    assert " ".join(text for _, size, text in found if size == 20) == title
    assert all(width(text, size) <= 600 for _, size, text in found)
    baselines = [(y, size) for y, size, _ in found]
    assert all(lower - size >= upper for (upper, _), (lower, size) in pairwise(baselines))


def test_names_from_outside_stay_words() -> None:
    whole = framed(drawing(), "<script>alert(1)</script> & co", "]]>", ("</svg>",))
    assert [text for _, _, text in lines(whole)] == ["<script>alert(1)</script> & co", "]]>", "</svg>"]


def test_only_a_drawing_can_be_framed() -> None:
    with pytest.raises(ValueError, match="width and height"):
        framed("<p>no drawing</p>", "", "", ())

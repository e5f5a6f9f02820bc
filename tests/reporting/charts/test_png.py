"""Pictures for e-mail: words are there, and the files are small."""

from io import BytesIO

import pytest
from PIL import Image

from ops_console.contracts.document import Tone
from ops_console.reporting.charts import Theme, png, spec_for, svg
from ops_console.reporting.charts.ink import Sheet
from tests.reporting.charts import sights
from tests.reporting.charts.drawn import boxes, parsed


def picture(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")


@pytest.mark.parametrize("sight", sights.EVERY)
def test_a_picture_is_as_wide_as_asked_and_below_sixty_kilobytes(sight: sights.Sight) -> None:
    spec = spec_for(sights.noted(sight(), sights.RELEASE, sights.OUTAGE))
    content = png(svg(spec, width=552, height=260), 1104)
    assert content.startswith(b"\x89PNG") and len(content) <= 60_000
    assert picture(content).size == (1104, 520)


def test_every_label_is_set_in_the_shipped_font() -> None:
    text = svg(spec_for(sights.noted(sights.lead_time(), sights.RELEASE)), width=552, height=260)
    drawn = picture(png(text, 1104))
    for words, left, top, right, bottom in boxes(parsed(text)):
        inked = drawn.crop((int(left * 2), int(top * 2), int(right * 2) + 1, int(bottom * 2) + 1)).getcolors(100_000)
        assert inked and len(inked) > 3, f"{words} was not drawn"


@pytest.mark.parametrize("letter", "−≤≥±·…€£¥₹%é")
def test_the_font_has_the_letters_our_words_need(letter: str) -> None:
    assert _shape(letter) != _shape("\ue000")


@pytest.mark.parametrize("letter", "●▲■○")
def test_it_lacks_the_status_icons_so_they_are_drawn_as_shapes(letter: str) -> None:
    assert _shape(letter) == _shape("\ue000")


def _shape(letter: str) -> bytes:
    sheet = Sheet(24, 24, Theme.LIGHT)
    sheet.text(6, 18, letter, "text")
    return picture(png(sheet.svg(""), 96)).tobytes()


@pytest.mark.parametrize("tone", Tone)
def test_each_status_has_a_shape_of_its_own(tone: Tone) -> None:
    assert [other for other in Tone if _icon(other) == _icon(tone)] == [tone]


def _icon(tone: Tone) -> bytes:
    """The shape in black and white: what a reader sees who sees no colour."""
    sheet = Sheet(20, 20, Theme.LIGHT)
    sheet.icon(10, 10, tone)
    return picture(png(sheet.svg(""), 80)).convert("L").point(lambda value: 255 if value > 200 else 0).tobytes()


def test_the_same_drawing_makes_the_same_bytes() -> None:
    text = svg(spec_for(sights.cost()), width=552, height=260)
    assert png(text, 1104) == png(text, 1104)


def test_flat_colours_survive_the_palette() -> None:
    drawn = picture(png(svg(spec_for(sights.deployments()), width=552, height=260), 1104))
    colours = {f"#{r:02X}{g:02X}{b:02X}" for _, (r, g, b) in drawn.getcolors(100_000) or []}  # type: ignore[misc]
    assert {"#FFFFFF", "#073A7B", "#EEF1F4"} <= colours

"""A figure that leaves its page carries its words with it, as picture and as PDF."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image
from pypdf import PdfReader

from ops_console.reporting.charts import spec_for, svg
from ops_console.reporting.exhibit import Exhibit
from tests.reporting.charts import sights

AT = datetime(2026, 11, 4, 9, tzinfo=UTC)
HOSTILE = '#panic("x") $ x $ `raw` *bold* <script> \\ #read("/etc/passwd") @ref // "quotes"'


def exhibit(title: str = "Lead time stays in its usual range", note: str = "Source: github · definition v3") -> Exhibit:
    drawing = svg(spec_for(sights.lead_time()), width=960, height=340)
    return Exhibit(title, "Median days by month", drawing, ("Oct 2026: 8.5 days.", note), AT)


def text(made: Exhibit) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made.pdf())).pages)


def test_the_picture_is_sharp_enough_for_a_slide_and_small_enough_for_a_mail() -> None:
    content = exhibit().png()
    assert Image.open(io.BytesIO(content)).size[0] == 2048 and len(content) < 150_000


def test_the_picture_holds_the_words_beneath_the_drawing() -> None:
    with_note, without = exhibit().png(), exhibit(note=" ").png()
    assert Image.open(io.BytesIO(with_note)).height > Image.open(io.BytesIO(without)).height


def test_the_pdf_is_one_tagged_page_with_everything_said() -> None:
    read = PdfReader(io.BytesIO(exhibit().pdf()))
    (page,) = read.pages
    assert page.mediabox.width > page.mediabox.height
    assert b"pdfuaid:part>1<" in read.trailer["/Root"]["/Metadata"].get_data()
    assert read.metadata is not None and read.metadata.title == "Lead time stays in its usual range"
    for words in (
        "Lead time stays in its usual range",
        "Median days by month",
        "Oct 2026: 8.5 days.",
        "Source: github",
    ):
        assert words in text(exhibit())


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert exhibit().pdf() == exhibit().pdf() and exhibit().png() == exhibit().png()


@pytest.mark.parametrize("sign", ["●", "模型", "ö", "−"])
def test_signs_are_drawn_or_marked_and_never_stop_the_page(sign: str) -> None:
    assert f"ranker {sign}" in text(exhibit(f"ranker {sign}")) or "ranker ?" in text(exhibit(f"ranker {sign}"))


def test_words_are_never_taken_for_commands() -> None:
    assert "#panic" in text(exhibit(HOSTILE)) and exhibit(HOSTILE).png()
